import { useQueryClient } from '@tanstack/react-query'
import { useCallback, useRef, useState } from 'react'
import {
  type ConnectionTest,
  stepNames,
  type TestDraft,
  type TestStep,
  TestStreamEvent,
} from '../../shared/connection-tests.ts'
import { api } from '../lib/api.ts'
import { integrationQuery, integrationsQuery, testQuery } from './queries.ts'

/** A test as the page follows it: `broken` when the stream itself failed, which says nothing about the connection. */
export type TestRun =
  | { kind: 'idle' }
  | { kind: 'running'; steps: TestStep[] }
  | { kind: 'ended'; test: ConnectionTest }
  | { kind: 'cancelled'; steps: TestStep[] }
  | { kind: 'broken'; steps: TestStep[]; error: unknown }

export type RunningTest = { run: TestRun; start: (draft: TestDraft) => void; cancel: () => void; forget: () => void }

/** Runs the connection test of a saved integration, or of one that is only on screen, and follows its steps. */
export function useConnectionTest(integrationId?: string): RunningTest {
  const queryClient = useQueryClient()
  const [run, setRun] = useState<TestRun>({ kind: 'idle' })
  const stop = useRef<AbortController>(undefined)

  const start = useCallback(
    (draft: TestDraft) => {
      stop.current?.abort()
      const controller = new AbortController()
      stop.current = controller
      setRun({ kind: 'running', steps: [] })
      // A run that was started over must not write into the one that took its place.
      const follow = (next: (before: TestRun) => TestRun) => stop.current === controller && setRun(next)
      const path = integrationId ? `/integrations/${integrationId}/test` : '/integrations/test'
      const onEvent = (event: TestStreamEvent) => {
        follow((before) => afterEvent(before, event))
        if (event.kind === 'ended' && integrationId && event.test.id) {
          queryClient.setQueryData(testQuery(integrationId, event.test.id).queryKey, event.test)
        }
      }
      api
        .stream(path, draft, TestStreamEvent, onEvent, controller.signal)
        .then(() => follow((before) => (before.kind === 'running' ? cutShort(before.steps) : before)))
        .catch((error: unknown) =>
          follow((before) => {
            const steps = stepsOf(before)
            return controller.signal.aborted ? { kind: 'cancelled', steps } : { kind: 'broken', steps, error }
          }),
        )
        .finally(() => {
          if (!integrationId) return
          queryClient.invalidateQueries(integrationQuery(integrationId))
          queryClient.invalidateQueries(integrationsQuery)
          queryClient.invalidateQueries({ queryKey: ['integrations', 'tests', integrationId], exact: true })
        })
    },
    [integrationId, queryClient],
  )
  const cancel = useCallback(() => stop.current?.abort(), [])
  const forget = useCallback(() => setRun({ kind: 'idle' }), [])
  return { run, start, cancel, forget }
}

export function stepsOf(run: TestRun): TestStep[] {
  if (run.kind === 'idle') return []
  return run.kind === 'ended' ? run.test.steps : run.steps
}

function afterEvent(before: TestRun, event: TestStreamEvent): TestRun {
  if (event.kind === 'ended') return { kind: 'ended', test: event.test }
  const others = stepsOf(before).filter(({ name }) => name !== event.step.name)
  const steps = [...others, event.step].sort((a, b) => stepNames.indexOf(a.name) - stepNames.indexOf(b.name))
  return { kind: 'running', steps }
}

function cutShort(steps: TestStep[]): TestRun {
  return { kind: 'broken', steps, error: new Error('The test ended without its result.') }
}

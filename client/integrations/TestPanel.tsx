import { Button } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { Link } from 'react-router'
import { type ConnectionTest, stepNames } from '../../shared/connection-tests.ts'
import type { Integration } from '../../shared/integrations.ts'
import { EmptyState } from '../ui/EmptyState.tsx'
import { ErrorNotice } from '../ui/ErrorNotice.tsx'
import { IconPlug } from '../ui/icons.ts'
import { Notice } from '../ui/Notice.tsx'
import { RelativeTime } from '../ui/RelativeTime.tsx'
import { Section } from '../ui/Section.tsx'
import { RowsSkeleton } from '../ui/Skeletons.tsx'
import { testQuery } from './queries.ts'
import { TestSteps } from './TestSteps.tsx'
import { summaryOf } from './test-words.ts'
import type { RunningTest } from './use-connection-test.ts'

type Props = {
  integration: Integration
  running: RunningTest
  /** The run to look back at; without it the newest is shown. */
  openRunId: string | null
  /** Labels of what is on screen and not saved, which the test will use. */
  unsaved: string[]
  canTest: boolean
  onRun: () => void
  onField?: ((field: string) => void) | undefined
}

/** The doctor: one button, and every step with its result as it comes in. */
export function TestPanel({ integration, running, openRunId, unsaved, canTest, onRun, onField }: Props) {
  const { run } = running
  const isRunning = run.kind === 'running'
  const isOld = openRunId !== null && !isRunning
  const ownId = run.kind === 'ended' ? run.test.id : undefined
  const shownId = isOld ? openRunId : (ownId ?? (run.kind === 'idle' ? integration.lastTest?.id : undefined))
  const kept = useQuery({ ...testQuery(integration.id, shownId ?? ''), enabled: shownId !== undefined && !isRunning })
  const test = shownId === undefined ? undefined : (kept.data ?? (run.kind === 'ended' ? run.test : undefined))
  const live = isOld || run.kind === 'idle' || run.kind === 'ended' ? undefined : run.steps
  const steps = live ?? test?.steps
  const again = integration.lastTest || run.kind !== 'idle'
  return (
    <Section
      title="Test connection"
      note={steps && summaryOf(steps, stepNames.length)}
      actions={
        isRunning ? (
          <Button variant="default" onClick={running.cancel}>
            Cancel test
          </Button>
        ) : (
          canTest && (
            <Button variant={unsaved.length ? 'default' : 'filled'} onClick={onRun}>
              {again ? 'Test again' : 'Test connection'}
            </Button>
          )
        )
      }
    >
      {unsaved.length > 0 && <Unsaved labels={unsaved} />}
      {isOld && <OldRun test={test} to={`/integrations/${integration.id}/connection`} />}
      {run.kind === 'broken' && !isOld && (
        <Spaced>
          <ErrorNotice error={run.error} what="The test did not run to its end" />
        </Spaced>
      )}
      {run.kind === 'cancelled' && !isOld && (
        <Spaced>
          <Notice tone="neutral">The test was cancelled. What had ended by then stays shown.</Notice>
        </Spaced>
      )}
      {kept.error && !steps && (
        <ErrorNotice error={kept.error} what="The run could not be read" onRetry={kept.refetch} />
      )}
      {steps ? (
        <TestSteps
          steps={steps}
          withPending={isRunning}
          waitingSince={test?.state === 'waiting' ? (test.endedAt ?? test.startedAt) : undefined}
          onField={onField}
        />
      ) : (
        shownId !== undefined && !kept.error && <RowsSkeleton rows={8} />
      )}
      {!steps && shownId === undefined && run.kind === 'idle' && <Untested canTest={canTest} />}
      {test && !isRunning && <Changes test={test} />}
    </Section>
  )
}

function Untested({ canTest }: { canTest: boolean }) {
  return (
    <EmptyState icon={<IconPlug />} title="Not tested yet">
      {canTest
        ? `The test runs ${stepNames.length} checks, from the form of the fields to a real message, and says for each what is wrong and where to fix it.`
        : 'An operator or an admin can run the connection test.'}
    </EmptyState>
  )
}

function Unsaved({ labels }: { labels: string[] }) {
  return (
    <Spaced>
      <Notice tone="info">
        The test uses what is on screen, also what is not saved yet: {labels.join(', ').toLowerCase()}.
      </Notice>
    </Spaced>
  )
}

function OldRun({ test, to }: { test: ConnectionTest | undefined; to: string }) {
  return (
    <Spaced>
      <Notice
        tone="neutral"
        title={test?.number ? `Run ${test.number}` : 'An earlier run'}
        actions={
          <Button component={Link} to={to} variant="default" size="xs" preventScrollReset>
            Show the newest
          </Button>
        }
      >
        {test && (
          <>
            <RelativeTime at={test.startedAt} /> by {test.by}
          </>
        )}
      </Notice>
    </Spaced>
  )
}

/** What is different from the last run that passed. */
function Changes({ test }: { test: ConnectionTest }) {
  if (test.changes.length === 0) return null
  return (
    <div style={{ marginTop: 20, color: 'var(--text-2)' }}>
      <h3 style={{ fontSize: 12, lineHeight: '16px', color: 'var(--text-3)' }}>Since the last run that passed</h3>
      <ul>
        {test.changes.map((change) => (
          <li key={change}>{change}</li>
        ))}
      </ul>
    </div>
  )
}

function Spaced({ children }: { children: React.ReactNode }) {
  return <div style={{ marginBottom: 16 }}>{children}</div>
}

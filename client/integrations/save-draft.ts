import { useDebouncedValue } from '@mantine/hooks'
import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { useEffect } from 'react'
import { useNavigate } from 'react-router'
import type { TestDraft } from '../../shared/connection-tests.ts'
import type { NewIntegration } from '../../shared/integrations.ts'
import { useCreateDestination } from '../destinations/queries.ts'
import { ApiError } from '../lib/api.ts'
import { failureWords } from '../lib/failure-words.ts'
import { toast } from '../ui/toast.ts'
import { type Draft, filledCredentials } from './draft.ts'
import { manifestQuery, useCreateIntegration } from './queries.ts'

const TYPING_MS = 400

/** The manifest for what is chosen so far. The id it names is kept, so that the app's addresses lead to this integration. */
export function useManifest(draft: Draft, change: (part: Partial<Draft>) => void) {
  const [name] = useDebouncedValue(draft.name.trim(), TYPING_MS)
  const manifest = useQuery({
    ...manifestQuery({ name: name || 'Switchboard', features: draft.features, integrationId: draft.integrationId }),
    placeholderData: keepPreviousData,
  })
  const given = manifest.data?.integrationId
  useEffect(() => {
    if (given && !draft.integrationId) change({ integrationId: given })
  })
  return manifest
}

/** Saves the integration, then the webhooks that were pasted along, and leads to its running test. */
export function useSave(forget: () => void) {
  const create = useCreateIntegration()
  const addDestination = useCreateDestination()
  const navigate = useNavigate()
  const run = (draft: Draft) =>
    create.mutate(bodyOf(draft), {
      onSuccess: async ({ id }) => {
        forget()
        const added = draft.webhooks.map((url) =>
          addDestination.mutateAsync({ integrationId: id, kind: 'webhook', url }).catch((error: unknown) => error),
        )
        const failed = (await Promise.all(added)).filter((result) => result instanceof ApiError)
        for (const error of failed) toast('bad', `A webhook was not added. ${failureWords(error)}`)
        navigate(`/integrations/${id}/connection`, { state: { runTest: true } })
      },
    })
  return { run, error: create.error, isPending: create.isPending || create.isSuccess }
}

function bodyOf(draft: Draft): NewIntegration {
  const { name, features, testChannel, integrationId } = draft
  const { appId = '', clientId = '', clientSecret = '', signingSecret = '', ...tokens } = filledCredentials(draft)
  return {
    provider: 'slack',
    name: name.trim(),
    ...{ appId, clientId, clientSecret, signingSecret },
    ...tokens,
    features,
    ...(integrationId && { id: integrationId }),
    ...(testChannel.trim() && { testChannel: testChannel.trim() }),
  }
}

/** What the test is told of an integration that is only on screen. */
export function testDraftOf(draft: Draft): TestDraft {
  return {
    ...filledCredentials(draft),
    features: draft.features,
    webhooks: draft.webhooks,
    ...(draft.testChannel.trim() && { testChannel: draft.testChannel.trim() }),
  }
}

import { credentialKinds, type Integration } from '../../shared/integrations.ts'
import type { AppContext } from '../context.ts'
import { found, optional, toInstant, toPage } from '../lib/paging.ts'
import type { Dependants } from './dependants.ts'
import {
  getIntegration,
  listCredentials,
  listIntegrationRows,
  listSameApp,
  listSeen,
  type SavedCredential,
  type SavedIntegration,
  type Seen,
  type Surface,
} from './store.ts'
import { type KeptTest, listLastTests } from './tests-store.ts'

type Shown = {
  credentials: SavedCredential[]
  seen: Seen[]
  lastTest: KeptTest | undefined
  destinations: number
  notes: string[]
}

/** One integration as people see it: no secret, only fingerprints. */
export async function showIntegration(
  ctx: AppContext,
  id: string,
  dependants: Pick<Dependants, 'countDestinations'>,
): Promise<Integration> {
  const integration = await getIntegration(ctx.db, id)
  const [shown] = await show(ctx, [integration], dependants)
  return found(shown, 'integration', id)
}

export async function listIntegrations(
  ctx: AppContext,
  page: { cursor?: string | undefined; limit: number },
  dependants: Pick<Dependants, 'countDestinations'>,
): Promise<{ items: Integration[]; next?: string }> {
  const { items, next } = toPage(await listIntegrationRows(ctx.db, page), page.limit, (row) => row)
  return { items: await show(ctx, items, dependants), ...(next !== undefined && { next }) }
}

/** What each integration is, from a handful of reads for the whole page. */
async function show(
  ctx: AppContext,
  integrations: SavedIntegration[],
  dependants: Pick<Dependants, 'countDestinations'>,
): Promise<Integration[]> {
  const ids = integrations.map(({ id }) => id)
  const credentials = await listCredentials(ctx.db, ids)
  const seen = await listSeen(ctx.db, ids)
  const tests = await listLastTests(ctx.db, ids)
  const destinations = await dependants.countDestinations(ctx.db, ids)
  const sameApp = await listSameApp(ctx.db, integrations)
  return integrations.map((integration) => {
    const isOwn = ({ integrationId }: { integrationId: string }) => integrationId === integration.id
    return toAnswer(ctx.publicUrl, integration, {
      credentials: credentials.filter(isOwn),
      seen: seen.filter(isOwn),
      lastTest: tests.find(isOwn),
      destinations: destinations.get(integration.id)?.all ?? 0,
      notes: notesOf(integration, sameApp),
    })
  })
}

function toAnswer(publicUrl: string, integration: SavedIntegration, shown: Shown): Integration {
  const { credentials, seen, lastTest, destinations, notes } = shown
  const { id, provider, name, appId, clientId, features } = integration
  return {
    id,
    provider,
    name,
    state: stateOf(integration),
    stateSince: toInstant(integration.disabledAt ?? integration.pausedAt ?? integration.stateAt),
    ...optional('stateCode', stateOf(integration) === 'paused' ? integration.pauseCode : integration.stateCode),
    ...optional('pausedBy', integration.pausedBy),
    appId,
    clientId,
    credentials: fingerprintsOf(credentials),
    ...optional('workspace', workspaceOf(integration)),
    features,
    ...optional('testChannel', integration.testChannel),
    maxAttempts: integration.maxAttempts,
    nextAttemptDelay: integration.nextAttemptDelayMs === null ? null : integration.nextAttemptDelayMs / 1_000,
    addresses: (['commands', 'interactions'] as const).map((surface) => addressOf(publicUrl, id, surface, seen)),
    ...optional('lastTest', lastTest && lastTestOf(lastTest)),
    destinations,
    notes,
    createdAt: toInstant(integration.createdAt),
    updatedAt: toInstant(integration.updatedAt),
  }
}

/** What people did to it comes before what was found out about it. */
function stateOf(integration: SavedIntegration): Integration['state'] {
  if (integration.disabledAt !== null) return 'disabled'
  return integration.pausedAt === null ? integration.state : 'paused'
}

function fingerprintsOf(credentials: SavedCredential[]): Integration['credentials'] {
  const shown: Integration['credentials'] = {}
  for (const kind of credentialKinds) {
    const credential = credentials.find((one) => one.kind === kind)
    if (!credential) continue
    shown[kind] = { shown: credential.fingerprint, setAt: toInstant(credential.setAt), setBy: credential.setBy }
  }
  return shown
}

function workspaceOf({
  workspaceId,
  workspaceName,
  workspaceUrl,
  botName,
}: SavedIntegration): Integration['workspace'] {
  if (workspaceId === null) return undefined
  return { id: workspaceId, name: workspaceName ?? '', url: workspaceUrl ?? '', ...optional('botName', botName) }
}

function addressOf(publicUrl: string, id: string, surface: Surface, seen: Seen[]): Integration['addresses'][number] {
  const calls = seen.find((one) => one.surface === surface)
  const { lastCalledAt = null, lastRefusedAt = null, lastRefusedReason = null } = calls ?? {}
  return {
    surface,
    url: `${publicUrl}/slack/${id}/${surface}`,
    ...optional('lastCalledAt', lastCalledAt === null ? null : toInstant(lastCalledAt)),
    ...(lastRefusedAt !== null && {
      lastRefused: { at: toInstant(lastRefusedAt), reason: lastRefusedReason ?? 'malformed' },
    }),
  }
}

const lastTestOf = (test: KeptTest): Integration['lastTest'] => ({
  id: test.id,
  at: toInstant(test.endedAt ?? test.startedAt),
  state: test.state,
  failed: test.steps.filter(({ state }) => state === 'fail').length,
  warned: test.steps.filter(({ state }) => state === 'warn').length,
})

/** Connecting an app twice is allowed: it is how one app serves two teams. In one workspace it deserves a word. */
function notesOf(integration: SavedIntegration, sameApp: SavedIntegration[]): string[] {
  return sameApp
    .filter(({ id, appId }) => id !== integration.id && appId === integration.appId)
    .filter(({ workspaceId }) => workspaceId === null || isSame(workspaceId, integration.workspaceId))
    .map(
      ({ name }) =>
        `"${name}" uses the same Slack app. Slack calls only one address for each command, so commands and buttons reach one of the two.`,
    )
}

const isSame = (a: string, b: string | null) => b === null || a === b

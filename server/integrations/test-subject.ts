import type { TestDraft } from '../../shared/connection-tests.ts'
import { credentialInfo } from '../../shared/credentials.ts'
import { type CredentialKind, credentialKinds } from '../../shared/integrations.ts'
import { defaultFeatures } from '../../shared/slack-scopes.ts'
import type { AppContext } from '../context.ts'
import { Refusal } from '../errors.ts'
import type { CheckSubject, Findings } from '../providers/provider.ts'
import type { Facts } from './changes.ts'
import { openSecrets, type Secrets } from './credentials.ts'
import { getIntegration, listCredentials, type SavedIntegration } from './store.ts'

/** What one test works on: what is on screen, completed by what is saved. */
export type Tested = {
  saved: SavedIntegration | undefined
  /** Of the saved secrets; each that is replaced gets a new one. */
  credentialIds: string[]
  subject: Omit<CheckSubject, 'testId' | 'lastWorkspaceId'>
  /** Labels of what is on screen and differs from what is saved. */
  unsaved: string[]
}

export type TestRequest = {
  /** Absent for an integration that is only on screen. */
  integrationId?: string
  draft: TestDraft
  /** The saved webhooks, for when the draft names none. */
  webhooks: { label: string; url: string }[]
}

export async function readTested(ctx: AppContext, request: TestRequest): Promise<Tested> {
  const { integrationId, draft } = request
  const saved = integrationId === undefined ? undefined : await getIntegration(ctx.db, integrationId)
  const credentialIds = saved ? (await listCredentials(ctx.db, [saved.id])).map(({ id }) => id) : []
  const secrets = await mergedSecrets(ctx, saved, draft)
  const appId = draft.appId ?? saved?.appId
  const clientId = draft.clientId ?? saved?.clientId
  const testChannel = (draft.testChannel === undefined ? saved?.testChannel : draft.testChannel) || undefined
  const onScreen = (draft.webhooks ?? []).map((url, place) => ({ label: `Webhook ${place + 1}`, url }))
  const features = draft.features ?? saved?.features ?? [...defaultFeatures]
  return {
    saved,
    credentialIds,
    subject: {
      ...(integrationId !== undefined && { integrationId }),
      ...(appId !== undefined && { appId }),
      ...(clientId !== undefined && { clientId }),
      ...(testChannel !== undefined && { testChannel }),
      secrets: secrets.merged,
      features,
      webhooks: onScreen.length > 0 ? onScreen : request.webhooks,
    },
    unsaved: saved
      ? [
          ...(appId === saved.appId ? [] : [credentialInfo.appId.label]),
          ...(clientId === saved.clientId ? [] : [credentialInfo.clientId.label]),
          ...secrets.different.map((kind) => credentialInfo[kind].label),
          ...(isSameSet(features, saved.features) ? [] : ['Features']),
          ...(testChannel === (saved.testChannel ?? undefined) ? [] : ['Test channel']),
          ...(onScreen.length > 0 ? ['Webhooks'] : []),
        ]
      : [],
  }
}

/** What to compare the next tests with. */
export function factsOf(ctx: AppContext, { subject, unsaved }: Tested, findings: Findings): Facts {
  const { workspaceId, workspaceName, botUserId, botName, scopes } = findings
  const { appId, clientId, features, testChannel } = subject
  const given = { workspaceId, workspaceName, botUserId, botName, scopes, appId, clientId, features, testChannel }
  const hashes = credentialKinds
    .filter((kind) => subject.secrets[kind] !== undefined)
    .map((kind) => [kind, ctx.vault.keyedHash(`${kind} ${subject.secrets[kind]}`).slice(0, 24)])
  return {
    ...(Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined)) as Facts), // as in `given`
    secrets: Object.fromEntries(hashes),
    ...(unsaved.length > 0 && { unsaved }),
  }
}

async function mergedSecrets(
  ctx: AppContext,
  saved: SavedIntegration | undefined,
  draft: TestDraft,
): Promise<{ merged: Secrets; different: CredentialKind[] }> {
  const merged: Secrets = {}
  const different: CredentialKind[] = []
  for (const kind of credentialKinds) {
    const onScreen = draft[kind]
    const isOnScreen = onScreen !== undefined
    const stored = saved && (isOnScreen ? await tryToOpen(ctx, saved.id, kind) : await open(ctx, saved.id, kind))
    const used = isOnScreen ? onScreen : stored
    if (typeof used === 'string') merged[kind] = used
    if (isOnScreen && (onScreen ?? undefined) !== stored) different.push(kind)
  }
  return { merged, different }
}

const open = async (ctx: AppContext, id: string, kind: CredentialKind) => (await openSecrets(ctx, id, [kind]))[kind]

/** A saved secret that can't be opened is no reason not to test the one on screen. */
async function tryToOpen(ctx: AppContext, id: string, kind: CredentialKind): Promise<string | undefined> {
  try {
    return await open(ctx, id, kind)
  } catch (error) {
    if (error instanceof Refusal) return undefined
    throw error
  }
}

const isSameSet = (a: string[], b: string[]) => [...new Set(a)].sort().join() === [...new Set(b)].sort().join()

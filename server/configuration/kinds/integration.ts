import { fingerprint } from '../../../shared/credentials.ts'
import {
  type CredentialKind,
  credentialKinds,
  type IntegrationChange,
  NewIntegration,
} from '../../../shared/integrations.ts'
import { defaultFeatures } from '../../../shared/slack-scopes.ts'
import type { AppContext } from '../../context.ts'
import { Refusal } from '../../errors.ts'
import { takeUpIntegration, writeIntegrationChange } from '../../integrations/change-integration.ts'
import { writeNewIntegration } from '../../integrations/create-integration.ts'
import { openSecrets, type Secrets } from '../../integrations/credentials.ts'
import { checkedFeatures } from '../../integrations/features.ts'
import type { SavedIntegration } from '../../integrations/store.ts'
import type { EntryOf } from '../entries.ts'
import { type Ground, sayError } from '../ground.ts'
import type { Act, Fields, Present, Wanted } from '../items.ts'
import { isSameName, type Named, newConnection, savedConnection } from '../resolver.ts'
import { type WantedSecret, wantedSecret } from '../secrets.ts'
import type { State } from '../state.ts'

export const integrationDefaults: Fields = {
  enabled: true,
  features: [...defaultFeatures].sort(),
  testChannel: null,
  maxAttempts: null,
  nextAttemptDelay: null,
}

/** No file deletes an integration: that takes its destinations along, and asks for its exact name in the console. */
export function presentIntegrations({ integrations, credentials }: State): Present[] {
  return integrations.map((row) => ({
    kind: 'integration',
    key: row.id,
    name: row.name,
    fields: {
      name: row.name,
      appId: row.appId,
      clientId: row.clientId,
      enabled: row.disabledAt === null,
      features: [...row.features].sort(),
      testChannel: row.testChannel,
      maxAttempts: row.maxAttempts,
      nextAttemptDelay: row.nextAttemptDelayMs === null ? null : row.nextAttemptDelayMs / 1_000,
      ...Object.fromEntries(
        credentialKinds.map((kind) => [
          kind,
          credentials.find((each) => each.integrationId === row.id && each.kind === kind)?.fingerprint ?? null,
        ]),
      ),
    },
  }))
}

type Entry = EntryOf<'integration'>
/** An integration of a file, matched with the one that it is. */
export type Matched = {
  entry: Entry
  named: Named
  saved?: SavedIntegration
  secrets: Record<CredentialKind, WantedSecret>
}

/** Which integration each entry is: by its name, else by its app, else a new one. */
export function matchIntegrations(
  ground: Pick<Ground, 'ctx' | 'read' | 'request' | 'state'>,
  entries: readonly Entry[],
): Matched[] {
  const { ctx, state, request } = ground
  return entries.flatMap((entry): Matched[] => {
    const secrets = secretsOf(ground, entry)
    if (!secrets) return []
    const saved = savedOf(state, entry, request.integrationId, entries)
    if (saved) {
      const named = { id: saved.id, name: entry.name ?? saved.name, isNew: false }
      return [{ entry, named: { ...named, connection: savedConnection(ctx, saved.id) }, saved, secrets }]
    }
    if (entry.body.appId === undefined) {
      sayError(ground, entry.path, NOT_THERE(entry.name, state))
      return []
    }
    const given = credentialKinds.flatMap((kind) =>
      secrets[kind].kind === 'value' ? [[kind, secrets[kind].value]] : [],
    )
    const connection = newConnection(Object.fromEntries(given))
    return [{ entry, named: { id: ctx.newId('int'), name: nameOf(entry, state), isNew: true, connection }, secrets }]
  })
}

/** Everything that a file can speak of by the name of an integration. */
export function namedIntegrations({ ctx, state }: Pick<Ground, 'ctx' | 'state'>, matched: readonly Matched[]): Named[] {
  const changed = matched.map(({ named }) => named)
  const others = state.integrations
    .filter(({ id }) => !changed.some((each) => each.id === id))
    .map(({ id, name }) => ({ id, name, isNew: false, connection: savedConnection(ctx, id) }))
  return [...changed, ...others]
}

export async function wantedIntegration(ground: Ground, matched: Matched): Promise<Wanted | undefined> {
  const { entry, named, saved, secrets } = matched
  const { body, whole } = entry
  const problem = problemOf(ground, matched)
  if (problem) return undefined
  const { platform: _, clientSecret: _c, signingSecret: _s, botToken: _b, appToken: _a, ...plain } = body
  const features = body.features && [...new Set(body.features)].sort()
  const shown = await shownSecrets(ground, saved, secrets)
  const fields = {
    ...(whole && integrationDefaults),
    ...(entry.name !== undefined && { name: entry.name }),
    ...Object.fromEntries(Object.entries(plain).filter(([, value]) => value !== undefined)),
    ...(features && { features }),
    ...shown,
  }
  return {
    kind: 'integration',
    key: named.id,
    name: named.name,
    fields,
    path: entry.path,
    defaults: { name: named.name, ...integrationDefaults },
    kept: Object.fromEntries(Object.entries(shown).map(([kind, mark]) => [kind, withoutNew(mark)])),
    write: (act, changes) => write(act, changes, matched),
  }
}

/** After the commit: what is remembered of it is read again. */
export const afterIntegration = (ctx: AppContext, id: string): void => takeUpIntegration(ctx, id)

async function write({ ctx, trx, actor }: Act, changes: Fields, { named, saved, secrets }: Matched): Promise<void> {
  const given = Object.fromEntries(
    credentialKinds
      .filter((kind) => Object.hasOwn(changes, kind) && secrets[kind].kind !== 'keep')
      .map((kind) => [kind, secrets[kind].kind === 'value' ? secrets[kind].value : null]),
  )
  // The fields are those of the schema: they were read by it.
  const all = { ...changes, ...given } as IntegrationChange
  if (saved) await writeIntegrationChange(ctx, trx, actor, saved.id, all)
  else await writeNewIntegration(ctx, trx, actor, newOf(named, all))
}

/** What is null in a file is absent in a new integration. */
function newOf(named: Named, change: IntegrationChange): NewIntegration {
  const there = Object.entries(change).filter(([, value]) => value !== null)
  return NewIntegration.parse({ ...Object.fromEntries(there), provider: 'slack', id: named.id, name: named.name })
}

function secretsOf(
  ground: Pick<Ground, 'read' | 'request'>,
  { body, at }: Entry,
): Record<CredentialKind, WantedSecret> | undefined {
  const wanted = credentialKinds.map((kind) => [kind, wantedSecret(ground, body[kind], at(kind))] as const)
  if (wanted.some(([, secret]) => secret === undefined)) return undefined
  return Object.fromEntries(wanted) as Record<CredentialKind, WantedSecret> // each kind is there, none undefined
}

function savedOf(
  state: State,
  { name, body }: Entry,
  chosen: string | undefined,
  entries: readonly Entry[],
): SavedIntegration | undefined {
  const { integrations } = state
  if (name !== undefined) {
    const same = integrations.find((row) => isSameName(row.name, name))
    if (same) return same
    // Renamed since, if its app is connected once, under a name that the file does not use for another.
    const sameApp = integrations.filter((row) => row.appId === body.appId)
    const isFree = (row: SavedIntegration) => !entries.some((each) => each.name && isSameName(each.name, row.name))
    return sameApp.length === 1 ? sameApp.find(isFree) : undefined
  }
  if (chosen !== undefined) return integrations.find(({ id }) => id === chosen)
  if (body.appId !== undefined) return integrations.find(({ appId }) => appId === body.appId)
  return integrations.length === 1 ? integrations[0] : undefined
}

const NOT_THERE = (name: string | undefined, { integrations }: State) => {
  if (name !== undefined) return { message: `There is no integration "${name}" yet, and a new one needs an appId.` }
  return integrations.length === 0
    ? {
        message: 'No integration is connected yet, and this does not say enough to make one.',
        fix: 'Connect Slack in the console first: App ID, client ID and the secrets of the app.',
      }
    : {
        message: `Several integrations are connected (${integrations.map((row) => row.name).join(', ')}).`,
        fix: 'Choose one: --integration on the command line, or the field above the file in the console.',
      }
}

/** Of a file that has no name for it. */
function nameOf({ name }: Entry, { integrations }: State): string {
  if (name !== undefined) return name
  const isTaken = (wanted: string) => integrations.some((row) => isSameName(row.name, wanted))
  for (let number = 1; ; number += 1) {
    const wanted = number === 1 ? 'Slack' : `Slack ${number}`
    if (!isTaken(wanted)) return wanted
  }
}

function problemOf(ground: Ground, { entry, named, secrets }: Matched): boolean {
  const { body, at, path } = entry
  try {
    if (body.features) checkedFeatures(body.features)
  } catch (error) {
    if (!(error instanceof Refusal)) throw error
    sayError(ground, at('features'), { message: error.message })
    return true
  }
  if (!named.isNew) return false
  if (body.clientId === undefined) {
    sayError(ground, path, { message: `A new integration needs a clientId.` })
    return true
  }
  for (const kind of ['clientSecret', 'signingSecret'] as const) {
    if (secrets[kind].kind === 'value') continue
    const fix = 'Write {env: NAME} or {file: path}, and let the command line read it.'
    sayError(ground, body[kind] === undefined ? path : at(kind), {
      message: `A new integration needs its ${kind}: none is stored that could be kept.`,
      fix,
    })
    return true
  }
  return false
}

/** A secret that is the same as the stored one shows as the same, any other one only as another. */
async function shownSecrets(
  { ctx }: Ground,
  saved: SavedIntegration | undefined,
  secrets: Record<CredentialKind, WantedSecret>,
): Promise<Fields> {
  const stored = saved ? await openedOrNone(ctx, saved.id) : {}
  const shown = credentialKinds.map((kind): [string, unknown] | undefined => {
    const secret = secrets[kind]
    if (secret.kind === 'keep') return undefined
    if (secret.kind === 'remove') return [kind, null]
    const mark = fingerprint(kind, secret.value)
    return [kind, !saved || stored[kind] === secret.value ? mark : `${mark}${NEW}`]
  })
  return Object.fromEntries(shown.filter((each) => each !== undefined))
}

/** Two secrets may end alike. */
const NEW = ' (new)'
const withoutNew = (mark: unknown) =>
  typeof mark === 'string' && mark.endsWith(NEW) ? mark.slice(0, -NEW.length) : mark

/** A secret that can't be opened is replaced by whatever the file has. */
async function openedOrNone(ctx: AppContext, id: string): Promise<Secrets> {
  try {
    return await openSecrets(ctx, id)
  } catch (error) {
    if (error instanceof Refusal) return {}
    throw error
  }
}

import { commandCode, isCommandCode } from '../../shared/command-codes.ts'
import type { CommandUsage, Invocation, ListInvocations, RefusalCount } from '../../shared/commands.ts'
import { builtInCommands, RefusalReason } from '../../shared/commands.ts'
import type { AppContext } from '../context.ts'
import type { Db } from '../db/schema.ts'
import { findIntegration } from '../integrations/store.ts'
import { optional, toInstant, toPage } from '../lib/paging.ts'
import { listDeclared } from './commands/declare-command.ts'
import { countUses, listInvocationRows, listRefusals, type SavedInvocation } from './store.ts'

/** One page of uses, newest first, each with the name of its integration. */
export async function listInvocations(ctx: AppContext, filter: ListInvocations) {
  const rows = await listInvocationRows(ctx.db, filter)
  const names = await namesOf(ctx, rows)
  return toPage(rows, filter.limit, (row) => toInvocation(row, names))
}

/** The commands we answer, those that were declared, and others that were typed, with what was made of them in the last 30 days. */
export async function listCommands(ctx: AppContext): Promise<CommandUsage[]> {
  const uses = await usesOf(ctx)
  const declared = await listDeclared(ctx.db)
  const ours = [...builtInCommands, ...declared]
  const known = new Set(ours.map(({ command }) => command))
  const others = uses.filter(({ command }) => !known.has(command))
  const all = [...ours, ...others.map(({ command }) => ({ command, description: NOT_OURS }))]
  return all.map((info) => {
    const use = uses.find(({ command }) => command === info.command)
    return {
      ...info,
      total: use?.total ?? 0,
      failed: use?.failed ?? 0,
      people: use?.people ?? 0,
      ...optional('lastUsedAt', use && toInstant(use.lastUsedAt)),
    }
  })
}

/** Refused requests of a span of time, 24 hours when it is not said. */
export async function listRefused(
  ctx: AppContext,
  filter: { integrationId?: string | undefined; from?: string | undefined; to?: string | undefined },
): Promise<RefusalCount[]> {
  const to = filter.to === undefined ? ctx.now() + 1 : Date.parse(filter.to)
  const from = filter.from === undefined ? to - DAY_MS : Date.parse(filter.from)
  const rows = await listRefusals(ctx.db, { integrationId: filter.integrationId, from, to })
  return rows.map((row) => ({ ...row, reason: RefusalReason.parse(row.reason), lastAt: toInstant(row.lastAt) }))
}

type Uses = Awaited<ReturnType<typeof countUses>>
const remembered = new WeakMap<Db, { uses: Uses; untilMs: number }>()

/** Counting months of uses takes a while, and is done again only after twenty times as long. */
async function usesOf(ctx: AppContext): Promise<Uses> {
  const startedMs = performance.now()
  const known = remembered.get(ctx.db)
  if (known && startedMs < known.untilMs) return known.uses
  const uses = await countUses(ctx.db, ctx.now() - USAGE_MS)
  const endedMs = performance.now()
  remembered.set(ctx.db, { uses, untilMs: endedMs + 20 * (endedMs - startedMs) })
  return uses
}

async function namesOf(ctx: AppContext, rows: SavedInvocation[]): Promise<Map<string, string>> {
  const names = new Map<string, string>()
  for (const id of new Set(rows.map(({ integrationId }) => integrationId))) {
    const integration = await findIntegration(ctx.db, id)
    // Of a deleted integration the uses stay, and its id.
    names.set(id, integration?.name ?? id)
  }
  return names
}

function toInvocation(row: SavedInvocation, names: Map<string, string>): Invocation {
  return {
    id: row.id,
    integrationId: row.integrationId,
    integrationName: names.get(row.integrationId) ?? row.integrationId,
    command: row.command,
    text: row.text,
    user: { id: row.userId, name: row.userName },
    channel: { id: row.channelId, name: row.channelName },
    receivedAt: toInstant(row.receivedAt),
    ackMs: row.ackMs,
    outcome: row.outcome,
    ...optional('code', row.code),
    ...optional('detail', row.detail),
    ...(row.code !== null && (row.endedAt !== null || isCommandCode(row.code)) && commandCode(row.code)),
    ...(row.endedAt !== null && { endedAt: toInstant(row.endedAt) }),
    ...optional('platformMs', row.platformMs),
    ...optional('callId', row.callId),
  }
}

const DAY_MS = 86_400_000
const USAGE_MS = 30 * DAY_MS
const NOT_OURS = 'Not one of Switchboard’s; it is answered with what Switchboard can do'

import type { NewRoutingRule, RoutingRule, RoutingRuleChange } from '../../shared/routing-rules.ts'
import { recordAudit } from '../audit/record.ts'
import type { AppContext } from '../context.ts'
import type { Db } from '../db/schema.ts'
import { Refusal } from '../errors.ts'
import { toInstant } from '../lib/paging.ts'
import type { Actor } from '../users/actor.ts'
import { refuseUnsound } from './conditions.ts'
import { learnMentions } from './learn-mentions.ts'
import {
  countRules,
  deleteRuleRow,
  findRuleByName,
  getRule,
  insertRule,
  listAllRules,
  type SavedRule,
  shiftRules,
  updateRule,
} from './rules-store.ts'
import { countRevision } from './store.ts'
import { resolveTargets, type SavedTarget, targetsIn, targetsShower, wordsIn } from './targets.ts'

/** So many are tried in a few milliseconds. */
const MOST_RULES = 10_000

/** Adds a rule at the end of the list, or at the place it names. */
export async function createRule(ctx: AppContext, actor: Actor, wanted: NewRoutingRule): Promise<RoutingRule> {
  refuseUnsound(wanted.condition)
  const targets = await resolveTargets(ctx, actor, wanted.destinations ?? [], 'destinations')
  const row = await ctx.db.transaction().execute(async (trx) => {
    // The one row of the revision first: whoever changes the list waits there, so places are given one at a time.
    await countRevision(trx)
    return writeNewRule(ctx, trx, actor, wanted, targets)
  })
  await learnMentions(ctx, [row])
  return showRule(ctx.db, row)
}

/** The same inside a transaction of the caller, who counts the revision before, and knows the targets. */
export async function writeNewRule(
  ctx: AppContext,
  trx: Db,
  actor: Actor,
  wanted: NewRoutingRule,
  targets: readonly SavedTarget[],
): Promise<SavedRule> {
  const now = ctx.now()
  const count = await countRules(trx)
  if (count >= MOST_RULES) {
    throw new Refusal('conflict', `There are ${MOST_RULES} rules, and more are not tried in time.`, {
      fix: 'Delete what is no longer needed, or let one condition name several things: type in (…).',
    })
  }
  await refuseTakenName(trx, wanted.name)
  const position = Math.min(wanted.position ?? count, count)
  await shiftRules(trx, { from: position, to: count }, 1)
  const row: SavedRule = {
    id: ctx.newId('rul'),
    position,
    name: wanted.name,
    condition: wanted.condition,
    disabledAt: null,
    stop: 0,
    destinations: '[]',
    mentions: '[]',
    priority: null,
    ...columnsOf(wanted, targets, now),
    updatedAt: now,
    updatedBy: actor.name,
  }
  await insertRule(trx, row)
  await audit(ctx, trx, actor, 'created', row, wanted)
  return row
}

/** Sets what is named and leaves the rest. A `position` moves the rule there; those between make room. */
export async function changeRule(
  ctx: AppContext,
  actor: Actor,
  id: string,
  change: RoutingRuleChange,
): Promise<RoutingRule> {
  if (change.condition !== undefined) refuseUnsound(change.condition)
  const targets = change.destinations && (await resolveTargets(ctx, actor, change.destinations, 'destinations'))
  const row = await ctx.db.transaction().execute(async (trx) => {
    await countRevision(trx)
    return writeRuleChange(ctx, trx, actor, id, change, targets)
  })
  await learnMentions(ctx, [row])
  return showRule(ctx.db, row)
}

/** The same inside a transaction of the caller, who counts the revision before, and knows the targets. */
export async function writeRuleChange(
  ctx: AppContext,
  trx: Db,
  actor: Actor,
  id: string,
  change: RoutingRuleChange,
  targets: readonly SavedTarget[] | undefined,
): Promise<SavedRule> {
  const before = await getRule(trx, id)
  if (change.name !== undefined && change.name !== before.name) await refuseTakenName(trx, change.name)
  const position = await moveTo(trx, before.position, change.position)
  const columns = columnsOf(change, targets, ctx.now())
  const row = { ...before, ...columns, position, updatedAt: ctx.now(), updatedBy: actor.name }
  await updateRule(trx, row)
  await audit(ctx, trx, actor, 'changed', row, change)
  return row
}

/** The rules after it move up. */
export async function deleteRule(ctx: AppContext, actor: Actor, id: string): Promise<void> {
  await ctx.db.transaction().execute(async (trx) => {
    await countRevision(trx)
    await eraseRule(ctx, trx, actor, id)
  })
}

/** The same inside a transaction of the caller, who counts the revision before. */
export async function eraseRule(ctx: AppContext, trx: Db, actor: Actor, id: string): Promise<void> {
  const row = await getRule(trx, id)
  await deleteRuleRow(trx, id)
  await shiftRules(trx, { from: row.position + 1, to: await countRules(trx).then((left) => left + 1) }, -1)
  await audit(ctx, trx, actor, 'deleted', row, { condition: row.condition })
}

/** Puts all rules into this order of their names, in a transaction of the caller, who counts the revision before. */
export async function arrangeRules(ctx: AppContext, trx: Db, actor: Actor, names: readonly string[]): Promise<void> {
  const rules = new Map((await listAllRules(trx)).map((row) => [row.name, row]))
  for (const [position, name] of names.entries()) {
    const row = rules.get(name)
    if (row && row.position !== position) await updateRule(trx, { ...row, position })
  }
  await recordAudit(ctx, trx, actor, {
    action: 'routing_rules.arranged',
    subject: { kind: 'routing_rule', id: 'all', name: 'Routing rules' },
    detail: { order: names },
  })
}

export async function showRule(db: Db, row: SavedRule): Promise<RoutingRule> {
  const [rule] = await showRules(db, [row])
  if (!rule) throw new Error(`Rule ${row.id} was not shown.`)
  return rule
}

/** Rules as the API tells of them, their destinations by name. */
export async function showRules(db: Db, rows: readonly SavedRule[]): Promise<RoutingRule[]> {
  const show = await targetsShower(
    db,
    rows.flatMap((row) => targetsIn(row.destinations)),
  )
  return rows.map((row) => ({
    id: row.id,
    position: row.position,
    name: row.name,
    condition: row.condition,
    enabled: row.disabledAt === null,
    stop: row.stop === 1,
    destinations: targetsIn(row.destinations).map(show),
    mentions: wordsIn(row.mentions),
    priority: row.priority,
    updatedAt: toInstant(Number(row.updatedAt)),
    updatedBy: row.updatedBy,
  }))
}

/** What a change says of a rule's columns; the place is given by the list. */
export function columnsOf(
  { name, condition, enabled, stop, mentions, priority }: RoutingRuleChange,
  targets: readonly SavedTarget[] | undefined,
  now: number,
): Partial<SavedRule> {
  return {
    ...(name !== undefined && { name }),
    ...(condition !== undefined && { condition }),
    ...(enabled !== undefined && { disabledAt: enabled ? null : now }),
    ...(stop !== undefined && { stop: Number(stop) }),
    ...(targets && { destinations: JSON.stringify(targets) }),
    ...(mentions && { mentions: JSON.stringify(mentions) }),
    ...(priority !== undefined && { priority }),
  }
}

async function moveTo(trx: Db, from: number, wanted: number | undefined): Promise<number> {
  const to = Math.min(wanted ?? from, (await countRules(trx)) - 1)
  if (to < from) await shiftRules(trx, { from: to, to: from }, 1)
  if (to > from) await shiftRules(trx, { from: from + 1, to: to + 1 }, -1)
  return to
}

async function refuseTakenName(trx: Db, name: string): Promise<void> {
  if (!(await findRuleByName(trx, name))) return
  throw new Refusal('conflict', `There is a rule called ${name} already.`, {
    field: 'name',
    fix: 'Choose another name: it is how people tell rules apart.',
  })
}

function audit(ctx: AppContext, trx: Db, actor: Actor, did: string, row: SavedRule, detail: Record<string, unknown>) {
  return recordAudit(ctx, trx, actor, {
    action: `routing_rule.${did}`,
    subject: { kind: 'routing_rule', id: row.id, name: row.name },
    detail,
  })
}

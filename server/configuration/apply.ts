import type { Applied, ApplyRequest } from '../../shared/configuration.ts'
import { recordAudit } from '../audit/record.ts'
import type { AppContext } from '../context.ts'
import { lockForTransaction } from '../db/engine.ts'
import type { Db } from '../db/schema.ts'
import { Refusal } from '../errors.ts'
import { decideOnceMore } from '../quiet-hours/change-quiet-hours.ts'
import { learnMentions } from '../routing/learn-mentions.ts'
import { readySweeps } from '../routing/ready-sweeps.ts'
import { listAllRules } from '../routing/rules-store.ts'
import { countRevision, listAllTypes } from '../routing/store.ts'
import type { Actor } from '../users/actor.ts'
import type { Step } from './diff.ts'
import type { Act } from './items.ts'
import { afterIntegration } from './kinds/integration.ts'
import { ORDER } from './kinds/rule.ts'
import { type Prepared, prepare, standingNow, WRITING_ORDER } from './prepare.ts'
import { toChangeSet } from './show-changes.ts'
import { showPlan } from './show-plan.ts'
import { deleteApplied, insertChangeSet, putApplied, type SavedChangeSet } from './store.ts'

/** Does what the plan of a file says, all of it or nothing, as one set of changes. */
export async function applyConfiguration(ctx: AppContext, actor: Actor, request: ApplyRequest): Promise<Applied> {
  const prepared = await prepare(ctx, actor, request)
  const plan = showPlan(prepared)
  const { problems, format } = plan
  if (!plan.canApply || !format) throw notApplicable(plan.problems)
  if (request.revision !== undefined && request.revision !== plan.revision) throw movedMeanwhile()
  const done = plan.changes.filter(({ action }) => action !== 'unchanged' && action !== 'left')
  const row: SavedChangeSet = {
    id: ctx.newId('chg'),
    at: ctx.now(),
    byName: actor.name,
    file: request.name,
    format,
    counts: JSON.stringify(plan.counts),
    changes: JSON.stringify(done),
  }
  if (done.length === 0) return { problems }
  await ctx.db.transaction().execute((trx) => write({ ctx, trx, actor }, prepared, row))
  await afterwards(ctx, prepared.steps)
  return { changeSet: toChangeSet(row), problems }
}

async function write(act: Act, prepared: Prepared, row: SavedChangeSet): Promise<void> {
  const { ctx, trx, actor } = act
  // First of all, as in every change of what decides: whoever changes it too waits here, and none in a circle.
  await countRevision(trx)
  await lockForTransaction(trx, 'configuration')
  if ((await standingNow(ctx, trx)) !== prepared.standing) throw movedMeanwhile()
  for (const step of inWritingOrder(prepared.steps)) {
    const fields = Object.fromEntries(step.fields.map(({ field, after }) => [field, after]))
    if (step.action === 'create' || step.action === 'change') await step.wanted?.write(act, fields, step.before)
    if (step.action === 'delete') await step.before?.remove?.(act)
  }
  await insertChangeSet(trx, row)
  await keepApplied(trx, prepared.steps, row.id)
  await recordAudit(ctx, trx, actor, {
    action: 'configuration.applied',
    subject: { kind: 'change_set', id: row.id, name: row.file },
    detail: toChangeSet(row).counts,
  })
}

/** What others use is written before them and deleted after them. The order of the rules comes last: all are there then. */
function inWritingOrder(steps: readonly Step[]): Step[] {
  const isOrder = ({ item }: Step) => item.key === ORDER.key
  const written = steps.filter((step) => step.action !== 'delete' && !isOrder(step))
  const deleted = steps.filter(({ action }) => action === 'delete')
  const backwards = [...WRITING_ORDER].reverse().flatMap((kind) => deleted.filter((step) => step.kind === kind))
  return [...written, ...backwards, ...steps.filter(isOrder)]
}

/** What a file set each thing to: whoever changes it in the console from now on is told from whoever changes the file. */
async function keepApplied(trx: Db, steps: readonly Step[], changeSetId: string): Promise<void> {
  for (const { action, kind, item, wanted } of steps) {
    if (action === 'delete') await deleteApplied(trx, kind, item.key)
    if (!wanted) continue
    const fields = JSON.stringify({ ...wanted.fields, ...wanted.kept })
    await putApplied(trx, { kind, key: item.key, fields, changeSetId })
  }
}

/**
 * Once it is committed: what is remembered of integrations is forgotten, loops look for work, and Slack is asked whom
 * types and rules call.
 */
async function afterwards(ctx: AppContext, steps: readonly Step[]): Promise<void> {
  const changed = steps.filter(({ action }) => action !== 'unchanged' && action !== 'left')
  for (const { kind, item } of changed) if (kind === 'integration') afterIntegration(ctx, item.key)
  if (changed.some(({ kind }) => kind === 'destination')) {
    ctx.nudge('channels')
    ctx.nudge('deliveries')
  }
  if (changed.some(({ kind }) => kind === 'schedule')) ctx.nudge('schedules')
  for (const { kind, before } of changed) {
    if (kind === 'quiet_hours' && before) await decideOnceMore(ctx, before.key, { readySweeps })
  }
  await learnMentions(ctx, await mentioningRows(ctx.db, changed))
}

/** The types and rules of the steps, as they stand now. */
async function mentioningRows(db: Db, steps: readonly Step[]) {
  const namesOf = (kind: Step['kind']) =>
    new Set(steps.filter((step) => step.kind === kind).map(({ item }) => item.name))
  const [types, rules] = [namesOf('type'), namesOf('rule')]
  return [
    ...(types.size > 0 ? await listAllTypes(db) : []).filter(({ type }) => types.has(type)),
    ...(rules.size > 0 ? await listAllRules(db) : []).filter(({ name }) => rules.has(name)),
  ]
}

function notApplicable(problems: Applied['problems']): Refusal {
  const errors = problems.filter(({ severity }) => severity === 'error')
  const [first] = errors
  const where = first ? ` Line ${first.line}, column ${first.column}: ${first.message}` : ''
  const more = errors.length > 1 ? ` ${errors.length - 1} more are in the plan.` : ''
  return new Refusal('invalid', `Nothing was changed: the file can't be applied.${where}${more}`, {
    field: 'text',
    fix: first?.fix,
  })
}

const movedMeanwhile = () =>
  new Refusal('conflict', 'Nothing was changed: the configuration is another one since the plan was made.', {
    fix: 'Make the plan again, look at it, and apply that.',
  })

import type { RollbackTemplate, SavedCase, SourceProblem, TemplateChange } from '../../shared/templates.ts'
import { recordAudit } from '../audit/record.ts'
import type { AppContext } from '../context.ts'
import type { Db } from '../db/schema.ts'
import { Refusal } from '../errors.ts'
import { toInstant } from '../lib/paging.ts'
import type { Actor } from '../users/actor.ts'
import { casesToKeep } from './cases.ts'
import { lintTemplate } from './lint.ts'
import { readSample } from './read-sample.ts'
import {
  deleteTemplateRow,
  findTemplate,
  getTemplate,
  getVersion,
  putVersion,
  type SavedTemplate,
  updateDescription,
} from './store.ts'

/** What templates need of the slices above them. */
export type TemplateUsers = {
  /** Tells that what decides has changed; the first thing of a transaction that changes a template. */
  countRevision: (trx: Db) => Promise<void>
  /** The notification types that use each of these templates, in the order of their names. */
  typesUsing: (db: Db, names: readonly string[]) => Promise<Map<string, string[]>>
}

/** Makes a template, or a new version of it; one that says the same as the current one changes nothing. */
export async function changeTemplate(
  ctx: AppContext,
  actor: Actor,
  name: string,
  change: TemplateChange,
  users: TemplateUsers,
): Promise<void> {
  const { problems } = lintTemplate(change.source, readSample(change.sample, 'sample'))
  if (problems.some(({ severity }) => severity === 'error')) throw refusalOf(problems)
  // Before the transaction: others wait for that.
  const { cases, ...rest } = change
  const kept = cases && casesToKeep(change.source, cases)
  await ctx.db.transaction().execute(async (trx) => {
    // Whoever changes a template waits here for the one before, so the number after the current one is free.
    await users.countRevision(trx)
    await writeTemplate(ctx, trx, actor, name, { ...rest, ...(kept && { cases: kept }) })
  })
}

/** The same inside a transaction of the caller, who counts the revision before, and has looked for errors. */
export async function writeTemplate(
  ctx: AppContext,
  trx: Db,
  actor: Actor,
  name: string,
  change: Omit<TemplateChange, 'description' | 'cases'> & {
    description?: string | null | undefined
    cases?: SavedCase[]
  },
): Promise<void> {
  if (RESERVED.includes(name)) throw new Refusal('invalid', `${name} is a word of the API.`, { field: 'name' })
  const current = await findTemplate(trx, name)
  refuseOverwriting(name, current, change.basedOn)
  const { description = current?.description ?? null } = change
  const sample = JSON.stringify(change.sample)
  const cases = change.cases ? JSON.stringify(change.cases) : (current?.cases ?? '[]')
  if (current && current.source === change.source && current.sample === sample && current.cases === cases) {
    if (current.description === description) return
    await updateDescription(trx, name, description)
  } else {
    const number = (current?.version ?? 0) + 1
    const row = { name, number, source: change.source, sample, cases, note: change.note ?? null }
    await putVersion(trx, { ...row, at: ctx.now(), by: actor.name }, description)
  }
  await recordAudit(ctx, trx, actor, {
    action: current ? 'template.changed' : 'template.created',
    subject: { kind: 'template', id: name, name },
    detail: {
      version: (await getTemplate(trx, name)).version,
      ...(change.note !== undefined && { note: change.note }),
    },
  })
}

/** A new version that says what an earlier one said. */
export async function rollBackTemplate(
  ctx: AppContext,
  actor: Actor,
  name: string,
  { to, note, basedOn }: RollbackTemplate,
  users: TemplateUsers,
): Promise<void> {
  await ctx.db.transaction().execute(async (trx) => {
    await users.countRevision(trx)
    const current = await getTemplate(trx, name)
    refuseOverwriting(name, current, basedOn)
    if (current.version === to) {
      throw new Refusal('conflict', `Version ${to} is the one in use.`, { field: 'to' })
    }
    const { source, sample, cases } = await getVersion(trx, name, to)
    const number = current.version + 1
    const said = note ?? `Back to version ${to}`
    const row = { name, number, source, sample, cases, note: said, at: ctx.now(), by: actor.name }
    await putVersion(trx, row, current.description)
    await recordAudit(ctx, trx, actor, {
      action: 'template.rolled_back',
      subject: { kind: 'template', id: name, name },
      detail: { version: number, to },
    })
  })
}

/** Deletes a template that nothing uses. */
export async function deleteTemplate(ctx: AppContext, actor: Actor, name: string, users: TemplateUsers): Promise<void> {
  await ctx.db.transaction().execute(async (trx) => {
    await users.countRevision(trx)
    await eraseTemplate(ctx, trx, actor, name, users)
  })
}

/** The same inside a transaction of the caller, who counts the revision before. */
export async function eraseTemplate(
  ctx: AppContext,
  trx: Db,
  actor: Actor,
  name: string,
  { typesUsing }: Pick<TemplateUsers, 'typesUsing'>,
): Promise<void> {
  const { version } = await getTemplate(trx, name)
  const types = (await typesUsing(trx, [name])).get(name) ?? []
  if (types.length > 0) {
    throw new Refusal('conflict', `${name} is used by ${types.join(', ')}.`, {
      fix: 'Give these notification types another template first, or none.',
    })
  }
  await deleteTemplateRow(trx, name)
  await recordAudit(ctx, trx, actor, {
    action: 'template.deleted',
    subject: { kind: 'template', id: name, name },
    detail: { version },
  })
}

/** The last words of addresses beside that of one template. */
const RESERVED = ['presets', 'preview']

/** Tells the first error, with its place in the source. */
export function refusalOf(problems: readonly SourceProblem[]): Refusal {
  const [first] = problems.filter(({ severity }) => severity === 'error')
  if (!first) return new Refusal('invalid', 'This template makes no message.', { field: 'source' })
  const { line, column, message, fix } = first
  return new Refusal('invalid', `Line ${line}, column ${column}: ${message}`, { field: 'source', fix })
}

function refuseOverwriting(name: string, current: SavedTemplate | undefined, basedOn: number | undefined): void {
  if (basedOn === undefined || basedOn === (current?.version ?? 0)) return
  const fix = 'Look at what changed, and make your change again on top of it.'
  if (!current) throw new Refusal('conflict', `${name} was deleted meanwhile.`, { field: 'basedOn', fix })
  const said = `${current.by} has changed ${name} meanwhile: it is at version ${current.version} since ${toInstant(Number(current.at))}.`
  throw new Refusal('conflict', said, { field: 'basedOn', fix })
}

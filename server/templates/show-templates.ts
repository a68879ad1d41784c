import {
  type SavedCase,
  SavedCases,
  type Template,
  type TemplateSummary,
  type TemplateVersion,
} from '../../shared/templates.ts'
import type { AppContext } from '../context.ts'
import { optional, toInstant } from '../lib/paging.ts'
import { failingOf, runCases } from './cases.ts'
import type { TemplateUsers } from './change-template.ts'
import { lintTemplate } from './lint.ts'
import { getTemplate, listTemplateRows, listVersionRows, type SavedTemplate, type SavedVersion } from './store.ts'

type Page = { cursor?: string | undefined; limit: number }

export async function listTemplates(
  ctx: AppContext,
  page: Page,
  users: TemplateUsers,
): Promise<{ items: TemplateSummary[]; next?: string }> {
  const rows = await listTemplateRows(ctx.db, page)
  const given = rows.slice(0, page.limit)
  const using = await users.typesUsing(
    ctx.db,
    given.map(({ name }) => name),
  )
  const items = given.map((row) => toSummary(row, using.get(row.name) ?? []))
  const next = rows.length > page.limit ? given.at(-1)?.name : undefined
  return { items, ...optional('next', next) }
}

/** A template as it is now, with what could go wrong with it. */
export async function showTemplate(ctx: AppContext, name: string, users: TemplateUsers): Promise<Template> {
  const row = await getTemplate(ctx.db, name)
  const using = await users.typesUsing(ctx.db, [name])
  const sample = sampleIn(row.sample)
  const cases = casesIn(row.cases)
  return {
    ...toSummary(row, using.get(name) ?? []),
    source: row.source,
    sample,
    cases,
    warnings: lintTemplate(row.source, sample).problems,
    failing: failingOf(runCases(row.source, cases)),
  }
}

/** What a template said, newest first. */
export async function listVersions(
  ctx: AppContext,
  name: string,
  { cursor, limit }: Page,
): Promise<{ items: TemplateVersion[]; next?: string }> {
  await getTemplate(ctx.db, name)
  const rows = await listVersionRows(ctx.db, name, { before: cursor === undefined ? undefined : Number(cursor), limit })
  const items = rows.slice(0, limit).map(toVersion)
  const next = rows.length > limit ? String(items.at(-1)?.number) : undefined
  return { items, ...optional('next', next) }
}

export function toVersion(row: SavedVersion): TemplateVersion {
  const { number, source, note, at, by } = row
  const kept = { sample: sampleIn(row.sample), cases: casesIn(row.cases) }
  return { number, source, ...kept, ...optional('note', note), at: toInstant(Number(at)), by }
}

/** The example in a column, which was checked when it was put there. */
export const sampleIn = (column: string): Record<string, unknown> => JSON.parse(column) as Record<string, unknown>

export const casesIn = (column: string): SavedCase[] => SavedCases.parse(JSON.parse(column))

function toSummary(row: SavedTemplate, usedBy: string[]): TemplateSummary {
  return {
    name: row.name,
    ...optional('description', row.description),
    version: row.version,
    updatedAt: toInstant(Number(row.at)),
    updatedBy: row.by,
    usedBy,
  }
}

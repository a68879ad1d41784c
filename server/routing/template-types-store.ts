import { oneOf } from '../db/engine.ts'
import type { Db } from '../db/schema.ts'

/** The notification types that use each of these templates, in the order of their names. */
export async function listTypesUsing(db: Db, templates: readonly string[]): Promise<Map<string, string[]>> {
  if (templates.length === 0) return new Map()
  const rows = await db
    .selectFrom('notificationTypes')
    .select(['type', 'template'])
    .where('template', 'in', oneOf(db, templates))
    .orderBy('type')
    .execute()
  const using = new Map<string, string[]>()
  for (const { type, template } of rows) {
    if (template !== null) using.set(template, [...(using.get(template) ?? []), type])
  }
  return using
}

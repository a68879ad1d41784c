import type { TemplatePreset } from '../../shared/templates.ts'
import { recordAudit } from '../audit/record.ts'
import type { AppContext } from '../context.ts'
import type { Db } from '../db/schema.ts'
import { Refusal } from '../errors.ts'
import type { Actor } from '../users/actor.ts'
import type { TemplateUsers } from './change-template.ts'
import { PRESETS } from './presets/presets.ts'
import { findTemplate, listKnownTemplates, putVersion } from './store.ts'

export async function listPresets(db: Db): Promise<TemplatePreset[]> {
  const names = PRESETS.map(({ name }) => name)
  const known = await listKnownTemplates(db, names)
  return PRESETS.map((preset) => ({ ...preset, added: known.has(preset.name) }))
}

/** Makes templates of presets; those whose name is taken stay as they are. Gives the names of the new ones. */
export async function addPresets(
  ctx: AppContext,
  actor: Actor,
  names: readonly string[],
  users: Pick<TemplateUsers, 'countRevision'>,
): Promise<string[]> {
  const unknown = names.find((name) => !PRESETS.some((preset) => preset.name === name))
  if (unknown !== undefined) throw new Refusal('invalid', `There is no preset ${unknown}.`, { field: 'names' })
  return ctx.db.transaction().execute(async (trx) => {
    await users.countRevision(trx)
    const added: string[] = []
    for (const name of names) if (await ensurePreset(ctx, trx, actor, name)) added.push(name)
    return added
  })
}

/**
 * Makes sure that there is a template of this name when there is a preset of it; whether it made one. In a transaction
 * that has counted the revision.
 */
export async function ensurePreset(ctx: AppContext, trx: Db, actor: Actor, name: string): Promise<boolean> {
  const preset = PRESETS.find((each) => each.name === name)
  if (!preset || (await findTemplate(trx, name))) return false
  const { source, description } = preset
  const version = {
    name,
    number: 1,
    source,
    sample: JSON.stringify(preset.sample),
    cases: '[]',
    note: 'As it comes with Switchboard',
  }
  await putVersion(trx, { ...version, at: ctx.now(), by: actor.name }, description)
  await recordAudit(ctx, trx, actor, {
    action: 'template.created',
    subject: { kind: 'template', id: name, name },
    detail: { version: 1, preset: true },
  })
  return true
}

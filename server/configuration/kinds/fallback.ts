import { writeFallback } from '../../routing/change-fallback.ts'
import { targetsIn } from '../../routing/targets.ts'
import type { EntryOf } from '../entries.ts'
import type { Ground } from '../ground.ts'
import type { Present, Wanted } from '../items.ts'
import type { State } from '../state.ts'
import { savedTargets, targetKeys } from './targets.ts'

const FALLBACK = { kind: 'fallback', key: 'fallback', name: 'Fallback' } as const

/** Where events go that nothing sends anywhere: always there, and empty at first. */
export function presentFallback(column: string, state: State): Present {
  const destinations = targetsIn(column).flatMap((target) => state.keyOfTarget(target) ?? [])
  return { ...FALLBACK, fields: { destinations } }
}

export async function wantedFallback(ground: Ground, entry: EntryOf<'fallback'>): Promise<Wanted | undefined> {
  const destinations = await targetKeys(ground, entry.body.destinations, entry.at)
  if (!destinations) return undefined
  return {
    ...{ ...FALLBACK, path: entry.path, fields: { destinations }, defaults: {} },
    write: ({ ctx, trx, actor }, changes) =>
      writeFallback(ctx, trx, actor, savedTargets(ground, changes.destinations) ?? []),
  }
}

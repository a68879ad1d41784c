import type { TargetInFile } from '../../../shared/configuration-file.ts'
import type { SavedTarget } from '../../routing/targets.ts'
import type { EntryOf } from '../entries.ts'
import type { Ground } from '../ground.ts'
import type { TargetKey } from '../target-keys.ts'

/** The places that a list of a file names, each once; undefined after a problem with any of them. */
export async function targetKeys(
  { resolver }: Ground,
  targets: readonly TargetInFile[],
  at: EntryOf<'type'>['at'],
): Promise<TargetKey[] | undefined> {
  const keys: (TargetKey | undefined)[] = []
  for (const [index, target] of targets.entries()) keys.push(await resolver.target(target, at('destinations', index)))
  return keys.includes(undefined) ? undefined : [...new Set(keys.filter((key) => key !== undefined))]
}

/** The same as they are stored. The field was made by targetKeys. */
export function savedTargets({ resolver }: Ground, field: unknown): SavedTarget[] | undefined {
  return field === undefined ? undefined : (field as TargetKey[]).map(resolver.saved)
}

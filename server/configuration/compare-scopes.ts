import { compareScopes, SCOPES } from '../../shared/slack-scopes.ts'
import { findLastPassingTest } from '../integrations/tests-store.ts'
import type { Ground } from './ground.ts'
import type { Path } from './read-text.ts'

/** The scopes that a file says its app has. */
export type ListedScopes = { scopes: readonly string[]; path: Path }

/** Holds what a file lists against what the integration needs, and against what its app had when it was last tested. */
export async function warnOfScopes(ground: Ground, { scopes, path }: ListedScopes): Promise<void> {
  const { read, resolver, state, ctx } = ground
  const where = resolver.integration(undefined, path)
  const saved = state.integrations.find(({ id }) => id === where?.id)
  if (!where || !saved) return
  const note = (message: string, fix: string) =>
    read.problems.push(read.at(path, { severity: 'note', message, fix }, 'key'))
  const listed = scopes.filter((scope) => Object.hasOwn(SCOPES, scope))
  const { missing, unused } = compareScopes(listed, saved.features)
  const needed = [...new Set(missing.map(({ scope }) => scope))]
  if (needed.length > 0) {
    note(
      `What is switched on for ${where.name} also needs ${needed.join(', ')}.`,
      'Add them in Slack under OAuth & Permissions, or switch off what needs them, under Features in the settings.',
    )
  }
  if (unused.length > 0) {
    note(
      `Nothing that is switched on for ${where.name} needs ${unused.join(', ')}.`,
      'Switch on what they are for, under Features in the settings of the integration.',
    )
  }
  const granted = (await findLastPassingTest(ctx.db, saved.id))?.facts.scopes
  const lacking = granted ? listed.filter((scope) => !granted.includes(scope)) : []
  if (lacking.length > 0) {
    note(
      `When ${where.name} was last tested, its app did not have ${lacking.join(', ')}.`,
      'Add them in Slack under OAuth & Permissions, install the app again, and test the connection.',
    )
  }
}

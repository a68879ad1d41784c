import { compareScopes, type MissingScope, scopeNote } from '../../../../shared/slack-scopes.ts'
import { type CheckStep, count, type Item, link, listed, skipped, withoutBot } from './checkup.ts'

/** What the token may do against what the features need. Whatever still works stays on, so nothing here fails. */
export const scopesStep: CheckStep = {
  name: 'scopes',
  title: 'Scopes',
  async run(checkup) {
    const cannot = withoutBot(checkup, 'Scopes')
    if (cannot) return cannot
    const granted = checkup.learned.grantedScopes
    if (!granted) return skipped('Scopes', 'Slack did not say which scopes the token has.')
    const { missing, unused, unknown } = compareScopes(granted, checkup.subject.features)
    const scopes = [...new Set(missing.map(({ scope }) => scope))]
    const items: Item[] = [
      ...scopes.map((scope) => missingItem(scope, missing)),
      ...unused.map(
        (scope): Item => ({ label: scope, state: 'pass', note: 'granted, and used by no feature that is on' }),
      ),
      ...unknown.map((scope): Item => ({ label: scope, state: 'pass', note: scopeNote(scope) })),
    ]
    if (scopes.length === 0) {
      return { state: 'pass', title: `${count(granted.length, 'scope')} granted, none missing`, items }
    }
    const costs = [...new Set(missing.map(({ costs }) => costs))]
    return {
      state: 'warn',
      title: `${count(scopes.length, 'scope')} missing`,
      code: 'missing_scope',
      detail: costs.join(' '),
      fix: `Add ${listed(scopes)} under OAuth & Permissions, then install the app again so that it takes effect.`,
      link: link(checkup, 'scopes'),
      items,
    }
  },
}

function missingItem(scope: string, missing: MissingScope[]): Item {
  const purposes = missing.filter((each) => each.scope === scope).map(({ feature }) => feature.purpose)
  return { label: scope, state: 'warn', note: `needed ${listed(purposes)}`, code: 'missing_scope' }
}

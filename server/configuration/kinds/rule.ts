import { checkCondition } from '../../../shared/conditions/check.ts'
import { NewRoutingRule, RoutingRuleChange } from '../../../shared/routing-rules.ts'
import { arrangeRules, eraseRule, writeNewRule, writeRuleChange } from '../../routing/change-rule.ts'
import { compilePattern } from '../../routing/patterns.ts'
import type { SavedRule } from '../../routing/rules-store.ts'
import { targetsIn, wordsIn } from '../../routing/targets.ts'
import type { EntryOf } from '../entries.ts'
import type { Ground } from '../ground.ts'
import type { Fields, Present, Wanted } from '../items.ts'
import { orderRules } from '../order-rules.ts'
import type { Path } from '../read-text.ts'
import type { State } from '../state.ts'
import { warnOfMentions } from './mentions.ts'
import { savedTargets, targetKeys } from './targets.ts'

export const ruleDefaults: Fields = { enabled: true, stop: false, destinations: [], mentions: [], priority: null }

/** The order of all of them is a thing of its own: a rule does not know its place. */
export const ORDER = { kind: 'rule', key: 'order of all', name: 'Order of the rules' } as const

export function presentRules(rows: readonly SavedRule[], state: State): Present[] {
  return rows.map((row) => ({
    ...{ kind: 'rule', key: `rule ${row.name}`, id: row.id, name: row.name },
    fields: {
      condition: row.condition,
      enabled: row.disabledAt === null,
      stop: row.stop === 1,
      destinations: targetsIn(row.destinations).flatMap((target) => state.keyOfTarget(target) ?? []),
      mentions: wordsIn(row.mentions),
      priority: row.priority,
    },
    remove: ({ ctx, trx, actor }) => eraseRule(ctx, trx, actor, row.id),
  }))
}

export async function wantedRule(ground: Ground, entry: EntryOf<'rule'>): Promise<Wanted | undefined> {
  const { name, body, whole, path, at } = entry
  const isSound = checkSound(ground, body.condition, at('condition'))
  const destinations = body.destinations && (await targetKeys(ground, body.destinations, at))
  if (!isSound || (body.destinations && !destinations)) return undefined
  await warnOfMentions(ground, body.mentions ?? [], destinations ?? [], at)
  const { name: _, ...given } = { name: undefined, ...body }
  const fields = {
    ...(whole && ruleDefaults),
    ...Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined)),
    ...(destinations && { destinations }),
  }
  return {
    ...{ kind: 'rule', key: `rule ${name}`, name, path, fields, defaults: ruleDefaults },
    write: async ({ ctx, trx, actor }, { destinations: keys, ...changes }, before) => {
      const targets = savedTargets(ground, keys)
      if (before?.id === undefined) {
        await writeNewRule(ctx, trx, actor, NewRoutingRule.parse({ ...changes, name }), targets ?? [])
      } else {
        await writeRuleChange(ctx, trx, actor, before.id, RoutingRuleChange.parse(changes), targets)
      }
    },
  }
}

/** The order in which a file wants its rules; undefined where they come to stand like that anyway. */
export function wantedOrder(
  wanted: readonly Wanted[],
  present: readonly Present[],
  prune: boolean,
): { wanted: Wanted; present: Present } | undefined {
  const names = wanted.filter(({ kind }) => kind === 'rule').map(({ name }) => name)
  const stays = (name: string) => !prune || names.includes(name)
  const now = present
    .filter(({ kind }) => kind === 'rule')
    .map(({ name }) => name)
    .filter(stays)
  const fresh = names.filter((name) => !now.includes(name))
  const anyway = [...now, ...fresh]
  const order = orderRules(now, names)
  if (order.join('\n') === anyway.join('\n')) return undefined
  return {
    present: { ...ORDER, fields: { order: anyway } },
    wanted: {
      ...{ ...ORDER, path: [], fields: { order }, defaults: {} },
      write: ({ ctx, trx, actor }) => arrangeRules(ctx, trx, actor, order),
    },
  }
}

/** Whether a condition can be saved. What is wrong is told at its place in the file. */
export function checkSound({ read }: Pick<Ground, 'read'>, condition: string, path: Path): boolean {
  const checked = checkCondition(condition, compilePattern)
  if (checked.kind === 'parsed') return true
  for (const { start, end, message, fix } of checked.problems) {
    const wrong = condition.slice(start, end)
    const words =
      fix === undefined
        ? undefined
        : wrong === ''
          ? `Write ${fix.trim()} here.`
          : `Write ${fix.trim()} instead of ${wrong}.`
    const finding = { severity: 'error' as const, message, ...(words !== undefined && { fix: words }) }
    read.problems.push(read.at(path, finding, { inside: start }))
  }
  return false
}

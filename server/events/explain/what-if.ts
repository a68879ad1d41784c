import type { z } from 'zod'
import type { EventSummary } from '../../../shared/events.ts'
import type { RouteDestination } from '../../../shared/route-targets.ts'
import type { WhatIf, WhatIfAnswer, WhatIfEvent } from '../../../shared/routing-trials.ts'
import type { AppContext } from '../../context.ts'
import { Refusal } from '../../errors.ts'
import { takeTurns } from '../../lib/turns.ts'
import { currentSnapshot } from '../../routing/current-snapshot.ts'
import { type Decision, decide, nameOf } from '../../routing/decide.ts'
import type { Snapshot } from '../../routing/snapshot.ts'
import { type SavedTarget, targetsShower } from '../../routing/targets.ts'
import type { Actor } from '../../users/actor.ts'
import { listEvents } from '../list-store.ts'
import type { SavedEvent } from '../store.ts'
import { DRAFT_ID, type NewPlaces, withoutRule, withRule, withType } from './drafts.ts'
import { readEvent, summaryOf } from './list-events.ts'

type Asked = z.output<typeof WhatIf>

/** The latest events, decided by what holds now and by what would hold: which places appear, and which vanish. */
export async function whatIf(ctx: AppContext, actor: Actor, asked: Asked): Promise<WhatIfAnswer> {
  if (actor.kind === 'api_key' && !actor.scopes.includes('deliveries:read')) {
    throw new Refusal('forbidden', 'This needs an API key with the scope deliveries:read as well: it shows events.')
  }
  const now = await currentSnapshot(ctx.db)
  const places: NewPlaces = new Map()
  const then = await drafted(ctx, now, asked, places)
  const compared: Compared[] = []
  const giveWay = takeTurns()
  for await (const row of latestEvents(ctx, asked.events)) {
    compared.push(compare(row, now, then, asked))
    await giveWay()
  }
  const show = await targetsShower(
    ctx.db,
    compared.flatMap(({ before, after }) => [...before, ...after]),
  )
  const named = (target: SavedTarget): RouteDestination => ('id' in target && places.get(target.id)) || show(target)
  const items = compared.map((each) => toItem(each, named))
  const isChanged = ({ appear, vanish, notes }: WhatIfEvent) => appear.length + vanish.length + notes.length > 0
  return {
    tried: items.length,
    matched: items.filter(({ matches }) => matches).length,
    changed: items.filter(isChanged).length,
    items: items.filter((item) => item.matches || isChanged(item)).slice(0, MOST_SHOWN),
  }
}

const MOST_SHOWN = 200
/** Events can be long: so many are in memory at a time. */
const PAGE = 50

async function* latestEvents(ctx: AppContext, most: number): AsyncGenerator<SavedEvent> {
  let cursor: string | undefined
  for (let left = most; left > 0; left -= PAGE) {
    const limit = Math.min(PAGE, left)
    const rows = (await listEvents(ctx.db, {}, { after: cursor, limit })).slice(0, limit)
    yield* rows
    if (rows.length < limit) return
    cursor = rows.at(-1)?.id
  }
}

const ruleIdOf = ({ rule, removedRule }: Asked): string | undefined => removedRule ?? (rule && (rule.id ?? DRAFT_ID))

async function drafted(ctx: AppContext, now: Snapshot, asked: Asked, places: NewPlaces) {
  if (asked.rule) return withRule(ctx, now, asked.rule, places)
  if (asked.type) return withType(ctx, now, asked.type, places)
  return withoutRule(now, asked.removedRule ?? '')
}

type Compared = { event: EventSummary; matches: boolean; before: SavedTarget[]; after: SavedTarget[]; notes: string[] }

function compare(row: SavedEvent, now: Snapshot, then: Snapshot, asked: Asked): Compared {
  const ruleId = ruleIdOf(asked)
  const event = readEvent(row)
  const [before, after] = [decide(event, now, TRACELESS), decide(event, then, TRACELESS)]
  return {
    event: summaryOf(row, event, now.types.get(row.type)?.allowed),
    matches: ruleId === undefined ? asked.type?.name === row.type : matched(ruleId, before, after),
    before: targetsOf(before),
    after: targetsOf(after),
    notes: differences(before, after),
  }
}

const TRACELESS = { trace: false } as const

const targetsOf = ({ outcome, targets }: Decision): SavedTarget[] =>
  outcome === 'off' ? [] : targets.map(({ target }) => target)

const matched = (ruleId: string, ...decisions: Decision[]): boolean =>
  decisions.some(({ matchedRuleIds }) => matchedRuleIds.includes(ruleId))

function differences(before: Decision, after: Decision): string[] {
  if (before.outcome === 'off' && after.outcome === 'off') return []
  const gone = before.mentions.filter((word) => !after.mentions.includes(word))
  const more = after.mentions.filter((word) => !before.mentions.includes(word))
  return [
    ...(before.outcome === after.outcome || (before.outcome !== 'off' && after.outcome !== 'off')
      ? []
      : [after.outcome === 'off' ? 'Its type would be off' : 'Its type would be on']),
    ...(before.priority === after.priority ? [] : [`Priority ${after.priority} instead of ${before.priority}`]),
    ...(more.length > 0 ? [`Calls ${more.join(', ')}`] : []),
    ...(gone.length > 0 ? [`No longer calls ${gone.join(', ')}`] : []),
    ...(before.template === after.template ? [] : [`Written by ${after.template ?? 'the standard message'}`]),
    ...(before.emoji === after.emoji ? [] : [`Emoji ${after.emoji ?? 'none'}`]),
  ]
}

function toItem(
  { event, matches, before, after, notes }: Compared,
  show: (target: SavedTarget) => RouteDestination,
): WhatIfEvent {
  const [had, has] = [new Set(before.map(nameOf)), new Set(after.map(nameOf))]
  return {
    event,
    matches,
    appear: after.filter((target) => !had.has(nameOf(target))).map(show),
    vanish: before.filter((target) => !has.has(nameOf(target))).map(show),
    stay: before.filter((target) => has.has(nameOf(target))).map(show),
    notes,
  }
}

import type { AppContext } from '../context.ts'
import type { Db } from '../db/schema.ts'
import { takeTurns } from '../lib/turns.ts'
import type { Mention } from '../mentions/decide-mention.ts'
import { resolveMentions } from '../mentions/resolve-mentions.ts'
import type { Snapshot } from '../routing/snapshot.ts'
import { type Composed, composeMessage } from './compose-message.ts'
import type { DecidedEvent } from './decide-events.ts'
import { slowTemplates } from './slow-templates.ts'

/** An event that goes somewhere. */
export type ReachingEvent = Pick<DecidedEvent, 'event' | 'decision'> & { reached: readonly { integrationId: string }[] }

/**
 * What each event says in each integration that it goes to. Whom the words of all of them call is asked once for each
 * integration; words that only a template brought up are asked for after it, if they may be, and its messages made anew.
 */
export async function composeMessages<Event extends ReachingEvent>(
  ctx: AppContext,
  trx: Db,
  events: readonly Event[],
  { templates }: Snapshot,
  mayAsk: (word: string) => boolean = () => true,
): Promise<Map<Event, Map<string, Composed>>> {
  const acceptedAt = ctx.now()
  const markups: Markups = new Map()
  const slow = slowTemplates()
  const compose = ({ event, decision }: ReachingEvent, integrationId: string): Composed => {
    const nobody = new Set<string>()
    const composed = composeMessage(ctx, event, decision, {
      markupOf: (word) => {
        const mention = markups.get(integrationId)?.get(word)
        if (mention?.kind === 'unresolved' && !decision.mentions.includes(word)) nobody.add(word)
        return mention?.markup
      },
      template: decision.template === null ? undefined : templates.get(decision.template),
      acceptedAt,
      slow,
    })
    return nobody.size > 0 ? { ...composed, callsNobody: [...nobody] } : composed
  }
  await learn(trx, markups, events.flatMap(wordsToAsk))
  // A template may go through all of a long list, and that for each event of a request.
  const giveWay = takeTurns()
  const made = new Map<Event, Map<string, Composed>>()
  for (const each of events) {
    made.set(each, new Map(integrationsOf(each).map((id) => [id, compose(each, id)])))
    await giveWay()
  }
  const open = [...made].flatMap(([each, messages]) =>
    [...messages].flatMap(([integrationId, { unresolved }]) => {
      const words = unresolved.filter(mayAsk)
      return words.length === 0 ? [] : [{ each, messages, integrationId, words }]
    }),
  )
  await learn(trx, markups, open)
  for (const { each, messages, integrationId } of open) {
    messages.set(integrationId, compose(each, integrationId))
    await giveWay()
  }
  return made
}

/** Whom words call, by the integration and the word. */
type Markups = Map<string, Map<string, Pick<Mention, 'kind' | 'markup'>>>
type Asking = { integrationId: string; words: readonly string[] }

const integrationsOf = ({ reached }: ReachingEvent): string[] => [
  ...new Set(reached.map(({ integrationId }) => integrationId)),
]

function wordsToAsk(event: ReachingEvent): Asking[] {
  const words = event.decision.mentions
  return words.length === 0 ? [] : integrationsOf(event).map((integrationId) => ({ integrationId, words }))
}

async function learn(trx: Db, markups: Markups, asking: readonly Asking[]): Promise<void> {
  const words = new Map<string, Set<string>>()
  for (const each of asking) {
    const all = words.get(each.integrationId) ?? new Set()
    words.set(each.integrationId, all)
    for (const word of each.words) all.add(word)
  }
  for (const [integrationId, all] of words) {
    const known: NonNullable<ReturnType<Markups['get']>> = markups.get(integrationId) ?? new Map()
    markups.set(integrationId, known)
    for (const [word, mention] of await resolveMentions(trx, integrationId, [...all])) known.set(word, mention)
  }
}

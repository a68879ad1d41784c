import { cutToAllowed } from '../../shared/allowed-fields.ts'
import type { Message } from '../../shared/deliveries.ts'
import type { NewEvent } from '../../shared/events.ts'
import type { AppContext } from '../context.ts'
import { escaped } from '../deliveries/standard-message.ts'
import type { Decision } from '../routing/decide.ts'
import type { UsedTemplate } from '../routing/used-templates.ts'
import { renderTemplate } from '../templates/render.ts'
import { viewOf } from '../templates/view.ts'
import { messageOfEvent, titleOfEvent } from './message-of-event.ts'
import type { SlowTemplates } from './slow-templates.ts'

/** What a message says, whom it calls that nobody was looked up for, and why its type's template did not say it. */
export type Composed = {
  message: Message
  title: string
  unresolved: readonly string[]
  templateFailed?: string
  /** Words that its template calls by, to which nobody in the workspace answers. */
  callsNobody?: readonly string[]
}
/** What stands in a message for a word that calls somebody; undefined when nobody was looked up for it. */
export type MarkupOf = (word: string) => string | undefined
type Composing = { markupOf: MarkupOf; template: UsedTemplate | undefined; acceptedAt: number; slow: SlowTemplates }

/**
 * The message of an event for the destinations of one integration: nothing in it that its type does not allow to leave.
 * A template that can't be used costs the look of the message, never the message.
 */
export function composeMessage(
  ctx: Pick<AppContext, 'log' | 'publicUrl'>,
  event: NewEvent,
  decision: Decision,
  composing: Composing,
): Composed {
  const seen = cutToAllowed(event, decision.type?.allowed)
  const title = titleOfEvent(seen)
  // Somebody may be named by handle and by address: they are called once.
  const mentions = [...new Set(decision.mentions.map((word) => composing.markupOf(word) ?? escaped(word)))]
  const standard = () => ({ message: messageOfEvent(seen, { emoji: decision.emoji, mentions }), title, unresolved: [] })
  if (decision.template === null) return standard()
  const rendered = render(ctx, event, decision, { ...composing, mentions })
  return typeof rendered === 'string' ? { ...standard(), templateFailed: rendered } : { ...rendered, title }
}

/** What the template makes of it, or why it makes nothing. */
function render(
  ctx: Pick<AppContext, 'log' | 'publicUrl'>,
  event: NewEvent,
  { type, emoji, template: name }: Decision,
  { markupOf, template, acceptedAt, mentions, slow }: Composing & { mentions: string[] },
): Pick<Composed, 'message' | 'unresolved'> | string {
  if (!template || name === null) return 'There is no such template.'
  if (slow.isOver(name)) return 'Filling it takes too long for so many events at once.'
  if (template.kind === 'refused') return template.reason
  const view = viewOf(event, {
    type: { name: event.type, emoji },
    mentions,
    now: acceptedAt,
    acceptedAt,
    publicUrl: ctx.publicUrl,
    allowed: type?.allowed,
  })
  const startedMs = performance.now()
  try {
    const outcome = renderTemplate(template.template, view, { mentionOf: markupOf })
    if (outcome.kind === 'rendered') return outcome
    const [first] = outcome.problems
    return first ? `${first.message} (line ${first.line})` : 'It made no message.'
  } catch (error) {
    ctx.log.error('template.broke', { template: name, error })
    return 'Something broke while it was filled; the log of the server says what.'
  } finally {
    slow.count(name, performance.now() - startedMs)
  }
}

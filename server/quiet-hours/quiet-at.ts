import type { Priority } from '../../shared/deliveries.ts'
import type { AtEnd, QuietScope } from '../../shared/quiet-hours.ts'
import type { Quiet, Quieting } from '../deliveries/quiet/quiet.ts'
import type { QuietHoursRule, QuietRules } from './rules.ts'
import { spanAt } from './span-at.ts'

/** What a message is, as far as quiet goes. */
export type Subject = {
  destinationId: string
  type?: string | null | undefined
  recipient?: string | null | undefined
  /** Other words for whoever reads it: the member ID and addresses of a direct message's. */
  readers?: readonly string[] | undefined
  priority: Priority
}

/**
 * Whether a message has to wait at an instant, until when, and what becomes of it then. Of several that hold it the one
 * that ends last is named. What any of them wants kept is kept, and a digest goes before single messages. `except`: ids
 * of those that have held it already.
 */
export function quietAt(
  rules: QuietRules,
  subject: Subject,
  at: number,
  except: ReadonlySet<string> = NONE,
): Quiet | undefined {
  const isUrgent = subject.priority === 'urgent'
  return foremost(
    applying(rules, subject, at).filter(({ by, letsUrgent }) => !(isUrgent && letsUrgent) && !except.has(by)),
  )
}

/** How a message that is meant for an instant meets quiet: what it waits for, or what it breaks through. */
export function quietingOf(rules: QuietRules, subject: Subject, at: number): Quieting {
  const quiet = quietAt(rules, subject, at)
  if (quiet) return { quiet }
  const brokeThrough = subject.priority === 'urgent' ? foremost(applying(rules, subject, at)) : undefined
  return brokeThrough ? { brokeThrough } : {}
}

const NONE: ReadonlySet<string> = new Set()
const CAREFUL: readonly AtEnd[] = ['digest', 'send', 'drop']

/** Of what two want done at the end: what keeps a message goes before what drops it, and a digest before single messages. */
export const kinder = (one: AtEnd, other: AtEnd): AtEnd =>
  CAREFUL.find((each) => each === one || each === other) ?? other

type Rule = Pick<QuietHoursRule, 'id' | 'atEnd' | 'urgentBreaksThrough'>
type Applying = Quiet & { letsUrgent: boolean }

function foremost(quiets: readonly Applying[]): Quiet | undefined {
  const last = quiets.reduce<Applying | undefined>(
    (best, each) => (best && best.until >= each.until ? best : each),
    undefined,
  )
  if (!last) return undefined
  const { letsUrgent: _, ...quiet } = last
  return { ...quiet, atEnd: quiets.map(({ atEnd }) => atEnd).reduce(kinder) }
}

function applying({ hours, mutes }: QuietRules, subject: Subject, at: number): Applying[] {
  const quiets: Applying[] = []
  for (const rule of mutes) {
    if (!isAbout(rule.scope, subject) || at < rule.from || at >= rule.until) continue
    const reason = `Muted by ${rule.by}: ${rule.reason}`
    quiets.push({ code: 'muted', ...endOf(rule, rule.until), reason })
  }
  for (const rule of hours) {
    if (!isAbout(rule.scope, subject)) continue
    const { isQuiet, until } = spanAt(rule, at)
    if (!isQuiet) continue
    const reason = `Quiet hours of ${OF[rule.scope.kind]}, ${rule.from} to ${rule.to} (${rule.timeZone})`
    quiets.push({ code: 'quiet_hours', ...endOf(rule, until), reason })
  }
  return quiets
}

const endOf = ({ id, atEnd, urgentBreaksThrough }: Rule, until: number) => ({
  by: id,
  until,
  atEnd,
  letsUrgent: urgentBreaksThrough,
})

const OF = {
  everything: 'everything',
  destination: 'this destination',
  type: 'this type',
  person: 'this person',
} as const satisfies Record<QuietScope['kind'], string>

function isAbout(scope: QuietScope, { destinationId, type, recipient, readers = [] }: Subject): boolean {
  switch (scope.kind) {
    case 'everything':
      return true
    case 'destination':
      return scope.id === destinationId
    case 'type':
      return scope.type === type
    case 'person':
      return [recipient, ...readers].some((word) => word?.toLowerCase() === scope.recipient.toLowerCase())
  }
}

import type { Priority } from '../../shared/deliveries.ts'
import type { NotificationType, NotificationTypeChange, Threading } from '../../shared/notification-types.ts'
import { type ChosenTarget, chosenOf } from '../targets/targets.ts'
import { DEFAULT_ATTEMPTS } from './policy-words.ts'

/** The settings of a type as the form holds them; a field that is empty asks for the default. */
export type TypeDraft = {
  enabled: boolean
  description: string
  destinations: ChosenTarget[]
  priority: Priority | null
  mentions: string[]
  emoji: string
  template: string | null
  threads: 'key' | 'field' | 'off'
  threadField: string
  broadcast: boolean
  updateBy: string
  updateTrail: boolean
  /** null: every field may leave. */
  allowedFields: string[] | null
  retentionDays: number | ''
  policy: NotificationType['policy']
  maxAttempts: number | ''
  nextAttemptDelay: number | ''
  folds: boolean
  foldAfter: number | ''
  dedupeMinutes: number | ''
}

/** What each group of fields of the form is handed. */
export type FieldProps = {
  draft: TypeDraft
  set: (part: Partial<TypeDraft>) => void
  error: unknown
  disabled: boolean
}

const FIRST_FOLD = 20

export function draftOf(type: NotificationType): TypeDraft {
  const { threading } = type
  return {
    enabled: type.enabled,
    description: type.description ?? '',
    destinations: type.destinations.map(chosenOf),
    priority: type.priority,
    mentions: type.mentions,
    emoji: type.emoji ?? '',
    template: type.template,
    threads: threading === null ? 'key' : !threading.enabled ? 'off' : threading.by ? 'field' : 'key',
    threadField: threading?.by ?? '',
    broadcast: threading?.broadcast ?? false,
    updateBy: type.updateBy ?? '',
    updateTrail: type.updateTrail,
    allowedFields: type.allowedFields,
    retentionDays: type.retentionDays ?? '',
    policy: type.policy,
    maxAttempts: type.maxAttempts ?? '',
    nextAttemptDelay: type.nextAttemptDelay ?? '',
    folds: type.foldAfter !== null,
    foldAfter: type.foldAfter ?? FIRST_FOLD,
    dedupeMinutes: type.dedupeWindow / 60,
  }
}

/** Only what was changed: another admin's change of another field stays. */
export function changeOf(type: NotificationType, draft: TypeDraft): NotificationTypeChange {
  const before = wishOf(draftOf(type))
  const after = wishOf(draft)
  const changed = Object.entries(after).filter(
    ([name, value]) => JSON.stringify(value) !== JSON.stringify(before[name as keyof typeof before]),
  )
  return Object.fromEntries(changed)
}

/** All that the form says, in the units of the API. */
function wishOf(draft: TypeDraft): Required<NotificationTypeChange> {
  return {
    enabled: draft.enabled,
    description: textOf(draft.description),
    destinations: draft.destinations.map(({ target }) => target),
    priority: draft.priority,
    mentions: draft.mentions,
    emoji: textOf(draft.emoji),
    template: textOf(draft.template ?? ''),
    threading: threadingOf(draft),
    updateBy: textOf(draft.updateBy),
    updateTrail: draft.updateTrail,
    allowedFields: draft.allowedFields,
    retentionDays: numberOf(draft.retentionDays),
    policy: draft.policy,
    maxAttempts: numberOf(draft.maxAttempts),
    nextAttemptDelay: numberOf(draft.nextAttemptDelay),
    foldAfter: draft.folds ? (numberOf(draft.foldAfter) ?? FIRST_FOLD) : null,
    dedupeWindow: Math.round((numberOf(draft.dedupeMinutes) ?? 0) * 60),
  }
}

function threadingOf({ threads, threadField, broadcast }: TypeDraft): Threading | null {
  if (threads === 'off') return { enabled: false }
  const by = threads === 'field' ? textOf(threadField) : null
  if (by === null && !broadcast) return null
  return { enabled: true, ...(by !== null && { by }), ...(broadcast && { broadcast }) }
}

const textOf = (text: string): string | null => text.trim() || null
const numberOf = (value: number | ''): number | null => (value === '' ? null : value)

/** What an empty field stands for, said in the field. */
export const defaultWords = { maxAttempts: `${DEFAULT_ATTEMPTS}, the default`, nextAttemptDelay: '1, the default' }

/** A number field gives text while it is empty or half typed. */
export const numberOr = (value: string | number): number | '' => (typeof value === 'number' ? value : '')

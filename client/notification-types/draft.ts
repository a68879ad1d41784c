import type { NotificationType, NotificationTypeChange } from '../../shared/notification-types.ts'
import { DEFAULT_ATTEMPTS } from './policy-words.ts'

/** The settings of a type as the form holds them; a field that is empty asks for the default. */
export type TypeDraft = {
  policy: NotificationType['policy']
  maxAttempts: number | ''
  nextAttemptDelay: number | ''
  folds: boolean
  foldAfter: number | ''
  dedupeMinutes: number | ''
  updateTrail: boolean
}

const FIRST_FOLD = 20

export function draftOf(type: NotificationType): TypeDraft {
  return {
    policy: type.policy,
    maxAttempts: type.maxAttempts ?? '',
    nextAttemptDelay: type.nextAttemptDelay ?? '',
    folds: type.foldAfter !== null,
    foldAfter: type.foldAfter ?? FIRST_FOLD,
    dedupeMinutes: type.dedupeWindow / 60,
    updateTrail: type.updateTrail,
  }
}

/** Only what was changed: another admin's change of another field stays. */
export function changeOf(type: NotificationType, draft: TypeDraft): NotificationTypeChange {
  const maxAttempts = draft.maxAttempts === '' ? null : draft.maxAttempts
  const nextAttemptDelay = draft.nextAttemptDelay === '' ? null : draft.nextAttemptDelay
  const foldAfter = draft.folds ? (draft.foldAfter === '' ? FIRST_FOLD : draft.foldAfter) : null
  const dedupeWindow = Math.round((draft.dedupeMinutes === '' ? 0 : draft.dedupeMinutes) * 60)
  return {
    ...(draft.policy !== type.policy && { policy: draft.policy }),
    ...(maxAttempts !== type.maxAttempts && { maxAttempts }),
    ...(nextAttemptDelay !== type.nextAttemptDelay && { nextAttemptDelay }),
    ...(foldAfter !== type.foldAfter && { foldAfter }),
    ...(dedupeWindow !== type.dedupeWindow && { dedupeWindow }),
    ...(draft.updateTrail !== type.updateTrail && { updateTrail: draft.updateTrail }),
  }
}

/** What an empty field stands for, said in the field. */
export const defaultWords = { maxAttempts: `${DEFAULT_ATTEMPTS}, the default`, nextAttemptDelay: '1, the default' }

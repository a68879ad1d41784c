import type { AtEnd } from '../../../shared/quiet-hours.ts'

/** Why a message waits though its line moves: quiet hours or a mute. */
export type Quiet = {
  code: 'quiet_hours' | 'muted'
  until: number
  /** In words, as the time line tells it. */
  reason: string
  atEnd: AtEnd
  /** The id of the quiet hours or the mute. */
  by: string
}

/** How a message that arrives meets quiet, if it does: it waits, or it is urgent and does not. */
export type Quieting = { quiet?: Quiet | undefined; brokeThrough?: Quiet | undefined }

export const QUIET_CODES = ['quiet_hours', 'muted'] as const satisfies Quiet['code'][]

export const isQuietCode = (code: string | null): boolean => QUIET_CODES.some((each) => each === code)

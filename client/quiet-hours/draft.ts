import type { AtEnd, NewMute, QuietHours, QuietHoursChange, QuietScope } from '../../shared/quiet-hours.ts'

/** What is being set, with what was typed for each kind, so that trying another kind loses nothing. */
export type ScopeDraft = { kind: QuietScope['kind']; destinationId: string | null; type: string; recipient: string }
export type EndDraft = { urgentBreaksThrough: boolean; atEnd: AtEnd }
export type HoursDraft = ScopeDraft &
  EndDraft & { days: number[]; from: string; to: string; timeZone: string; enabled: boolean }
export type MuteDraft = ScopeDraft & EndDraft & { length: 'hour' | 'tomorrow' | 'own'; until: string; reason: string }

/** What the form begins with: the nights, in the zone of who looks. */
export function hoursDraft(hours: QuietHours | undefined, viewerZone: string): HoursDraft {
  return {
    ...scopeDraft(hours?.scope),
    urgentBreaksThrough: hours?.urgentBreaksThrough ?? true,
    atEnd: hours?.atEnd ?? 'digest',
    days: hours?.days ?? [1, 2, 3, 4, 5, 6, 7],
    from: hours?.from ?? '22:00',
    to: hours?.to ?? '07:00',
    timeZone: hours?.timeZone ?? viewerZone,
    enabled: hours?.enabled ?? true,
  }
}

/** Undefined while something is missing. */
export function toQuietHours(draft: HoursDraft): QuietHoursChange | undefined {
  const scope = scopeOf(draft)
  const { days, from, to, timeZone, urgentBreaksThrough, atEnd, enabled } = draft
  if (!scope || days.length === 0 || from === '' || to === '') return undefined
  return { scope, days, from, to, timeZone, urgentBreaksThrough, atEnd, enabled }
}

export function muteDraft(scope: QuietScope | undefined): MuteDraft {
  const end = { urgentBreaksThrough: true, atEnd: 'digest' } as const
  return { ...scopeDraft(scope), ...end, length: 'hour', until: '', reason: '' }
}

/** Undefined while something is missing. */
export function toMute(draft: MuteDraft, now: number): NewMute | undefined {
  const scope = scopeOf(draft)
  const until = untilOf(draft, now)
  const reason = draft.reason.trim()
  if (!scope || until === undefined || reason === '') return undefined
  const { urgentBreaksThrough, atEnd } = draft
  return { scope, until: new Date(until).toISOString(), reason, urgentBreaksThrough, atEnd }
}

/** When the mute would end; tomorrow is the viewer's. */
export function untilOf({ length, until }: Pick<MuteDraft, 'length' | 'until'>, now: number): number | undefined {
  switch (length) {
    case 'hour':
      return now + 3_600_000
    case 'tomorrow': {
      const at = new Date(now)
      at.setDate(at.getDate() + 1)
      return at.setHours(9, 0, 0, 0)
    }
    case 'own': {
      const at = Date.parse(until)
      return Number.isNaN(at) ? undefined : at
    }
  }
}

function scopeDraft(scope: QuietScope | undefined): ScopeDraft {
  return {
    kind: scope?.kind ?? 'everything',
    destinationId: scope?.kind === 'destination' ? scope.id : null,
    type: scope?.kind === 'type' ? scope.type : '',
    recipient: scope?.kind === 'person' ? scope.recipient : '',
  }
}

function scopeOf({ kind, destinationId, type, recipient }: ScopeDraft): QuietScope | undefined {
  switch (kind) {
    case 'everything':
      return { kind }
    case 'destination':
      return destinationId === null ? undefined : { kind, id: destinationId }
    case 'type':
      return type.trim() === '' ? undefined : { kind, type: type.trim() }
    case 'person':
      return recipient.trim() === '' ? undefined : { kind, recipient: recipient.trim() }
  }
}

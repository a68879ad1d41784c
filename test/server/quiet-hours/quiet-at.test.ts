import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { quietAt, quietingOf } from '../../../server/quiet-hours/quiet-at.ts'
import type { MuteRule, QuietHoursRule } from '../../../server/quiet-hours/rules.ts'
import { spanAt } from '../../../server/quiet-hours/span-at.ts'

const ALL_DAYS = [1, 2, 3, 4, 5, 6, 7]
const hours = (change: Partial<QuietHoursRule> = {}): QuietHoursRule => ({
  id: 'qth_1',
  scope: { kind: 'everything' },
  days: ALL_DAYS,
  from: '22:00',
  to: '07:00',
  timeZone: 'Europe/Berlin',
  urgentBreaksThrough: true,
  atEnd: 'digest',
  ...change,
})
const mute = (change: Partial<MuteRule> = {}): MuteRule => ({
  id: 'mut_1',
  scope: { kind: 'everything' },
  from: Date.UTC(2026, 0, 1),
  until: Date.UTC(2026, 0, 2),
  reason: 'a deploy',
  by: 'Ada',
  urgentBreaksThrough: true,
  atEnd: 'send',
  ...change,
})
const subject = { destinationId: 'dst_1', type: 'a.b', recipient: 'ada@acme.example', priority: 'normal' } as const
const spanOf = (change: Partial<QuietHoursRule>, at: string) => {
  const { isQuiet, until } = spanAt(hours(change), Date.parse(at))
  return `${isQuiet ? 'quiet' : 'loud'} until ${new Date(until).toISOString().slice(0, 16)}`
}

describe('when it is quiet', () => {
  test.each([
    // Winter and summer in Berlin: 22:00 is 21:00 and 20:00 in UTC.
    ['before it begins', {}, '2026-01-14T20:59:59Z', 'loud until 2026-01-14T21:00'],
    ['from the first instant', {}, '2026-01-14T21:00:00Z', 'quiet until 2026-01-15T06:00'],
    ['over midnight', {}, '2026-01-15T02:00:00Z', 'quiet until 2026-01-15T06:00'],
    ['not at the last', {}, '2026-01-15T06:00:00Z', 'loud until 2026-01-15T21:00'],
    ['in summer', {}, '2026-07-14T20:00:00Z', 'quiet until 2026-07-15T05:00'],
    ['within one day', { from: '12:00', to: '13:30' }, '2026-01-14T11:10:00Z', 'quiet until 2026-01-14T12:30'],
    ['a whole day', { from: '09:00', to: '09:00' }, '2026-01-14T08:00:00Z', 'quiet until 2026-01-15T08:00'],
    // Friday night belongs to Friday; 16 January 2026 is a Friday.
    ['the night of a Friday', { days: [5] }, '2026-01-17T03:00:00Z', 'quiet until 2026-01-17T06:00'],
    ['not the night after', { days: [5] }, '2026-01-18T03:00:00Z', 'loud until 2026-01-23T21:00'],
    // Berlin goes from 02:00 to 03:00 on 29 March 2026, and from 03:00 back to 02:00 on 25 October.
    ['a night an hour shorter', {}, '2026-03-28T21:00:00Z', 'quiet until 2026-03-29T05:00'],
    ['a night an hour longer', {}, '2026-10-24T20:00:00Z', 'quiet until 2026-10-25T06:00'],
    ['an end that no clock shows', { to: '02:30' }, '2026-03-28T22:00:00Z', 'quiet until 2026-03-29T01:00'],
    [
      'a start that no clock shows',
      { from: '02:30', to: '05:00' },
      '2026-03-29T00:59:00Z',
      'loud until 2026-03-29T01:00',
    ],
    ['an end shown twice', { to: '02:30' }, '2026-10-25T00:45:00Z', 'quiet until 2026-10-25T01:30'],
    ['a start shown twice', { from: '02:30', to: '05:00' }, '2026-10-25T00:30:00Z', 'quiet until 2026-10-25T04:00'],
    [
      'inside what no clock shows',
      { from: '02:10', to: '02:50' },
      '2026-03-29T01:00:00Z',
      'loud until 2026-03-30T00:10',
    ],
    [
      'before what no clock shows',
      { from: '02:00', to: '03:00' },
      '2026-03-28T12:00:00Z',
      'loud until 2026-03-30T00:00',
    ],
    [
      'a week before what no clock shows',
      { from: '02:00', to: '03:00', days: [7] },
      '2026-03-22T12:00:00Z',
      'loud until 2026-04-05T00:00',
    ],
  ])('in Berlin: %s', (_, change, at, expected) => {
    expect(spanOf(change, at)).toBe(expected)
  })

  test.each([
    ['winter', '2026-01-15T03:00:00Z', 'quiet until 2026-01-15T12:00'],
    ['summer', '2026-07-15T02:00:00Z', 'quiet until 2026-07-15T11:00'],
    // New York goes forward on 8 March 2026 and back on 1 November, at 02:00.
    ['the night clocks go forward', '2026-03-08T03:00:00Z', 'quiet until 2026-03-08T11:00'],
    ['the night clocks go back', '2026-11-01T02:00:00Z', 'quiet until 2026-11-01T12:00'],
  ])('in New York: %s', (_, at, expected) => {
    expect(spanOf({ timeZone: 'America/New_York' }, at)).toBe(expected)
  })

  test.each([
    ['Asia/Kolkata', '2026-01-14T16:30:00Z', 'quiet until 2026-01-15T01:30'],
    ['Asia/Kathmandu', '2026-01-14T16:15:00Z', 'quiet until 2026-01-15T01:15'],
    ['America/St_Johns', '2026-07-15T00:30:00Z', 'quiet until 2026-07-15T09:30'],
    // Lord Howe Island moves its clocks by half an hour.
    ['Australia/Lord_Howe', '2026-04-04T11:00:00Z', 'quiet until 2026-04-04T20:30'],
    ['Pacific/Kiritimati', '2026-01-14T08:00:00Z', 'quiet until 2026-01-14T17:00'],
    ['UTC', '2026-01-14T22:00:00Z', 'quiet until 2026-01-15T07:00'],
  ])('in %s', (timeZone, at, expected) => {
    expect(spanOf({ timeZone }, at)).toBe(expected)
  })

  test('never outside its times as a clock on the wall shows them, and always with an end', () => {
    const minutes = fc.integer({ min: 0, max: 1_439 })
    const zones = fc.constantFrom('Europe/Berlin', 'America/New_York', 'Asia/Kolkata', 'Australia/Lord_Howe', 'UTC')
    const days = fc.uniqueArray(fc.integer({ min: 1, max: 7 }), { minLength: 1 })
    const instants = fc.integer({ min: Date.UTC(2025, 0, 1), max: Date.UTC(2027, 0, 1) })
    fc.assert(
      fc.property(minutes, minutes, zones, days, instants, (from, to, timeZone, days, at) => {
        const rule = hours({ from: clockOf(from), to: clockOf(to), timeZone, days })

        const { isQuiet, until } = spanAt(rule, at)

        expect(until).toBeGreaterThan(at)
        expect(until - at).toBeLessThanOrEqual((isQuiet ? 26 : 15 * 24) * 3_600_000)
        const now = shownAt(timeZone, at)
        const isInside = from < to ? now >= from && now < to : now >= from || now < to
        // In the hour in which clocks are set back some times are shown twice: quiet lasts until the last.
        if (!isNearChange(timeZone, at)) expect(isQuiet && !isInside).toBe(false)
        if (days.length === 7 && !isNearChange(timeZone, at)) expect(isQuiet).toBe(isInside)
      }),
      { numRuns: 1_000 },
    )
  })
})

const clockOf = (minutes: number) =>
  `${String(Math.floor(minutes / 60)).padStart(2, '0')}:${String(minutes % 60).padStart(2, '0')}`

function shownAt(timeZone: string, at: number): number {
  const shown = new Date(at).toLocaleTimeString('en-GB', { timeZone })
  const [hour = 0, minute = 0] = shown.split(':').map(Number)
  return hour * 60 + minute
}

function isNearChange(timeZone: string, at: number): boolean {
  const shown = shownAt(timeZone, at)
  return [-3, 3].some((hours) => (shownAt(timeZone, at + hours * 3_600_000) - shown - hours * 60) % 1_440 !== 0)
}

describe('what has to wait', () => {
  const night = Date.parse('2026-01-14T22:00:00Z')
  const rulesOf = (hours: QuietHoursRule[], mutes: MuteRule[] = []) => ({ hours, mutes })

  test.each([
    ['everything', { kind: 'everything' }, true],
    ['its destination', { kind: 'destination', id: 'dst_1' }, true],
    ['another destination', { kind: 'destination', id: 'dst_2' }, false],
    ['its type', { kind: 'type', type: 'a.b' }, true],
    ['another type', { kind: 'type', type: 'a' }, false],
    ['its person, whatever the case', { kind: 'person', recipient: 'Ada@acme.example' }, true],
    ['another person', { kind: 'person', recipient: 'kim@acme.example' }, false],
  ] as const)('quiet hours of %s', (_, scope, waits) => {
    expect(quietAt(rulesOf([hours({ scope })]), subject, night) !== undefined).toBe(waits)
  })

  test('nobody named, nobody’s quiet hours', () => {
    const rules = rulesOf([hours({ scope: { kind: 'person', recipient: 'null' } })])

    expect(quietAt(rules, { destinationId: 'dst_1', priority: 'normal', recipient: null }, night)).toBeUndefined()
  })

  test('of several the one that ends last is named', () => {
    const until = Date.parse('2026-01-15T12:00:00Z')
    const rules = rulesOf([hours()], [mute({ from: night - 1, until })])

    expect(quietAt(rules, subject, night)).toEqual({
      code: 'muted',
      by: 'mut_1',
      until,
      reason: 'Muted by Ada: a deploy',
      atEnd: 'digest',
    })
  })

  test.each([
    [['drop', 'drop'], 'drop'],
    [['drop', 'send'], 'send'],
    [['send', 'digest'], 'digest'],
    [['digest', 'drop'], 'digest'],
  ] as const)('what one of them wants kept is kept: %s', (atEnds, expected) => {
    const rules = rulesOf(atEnds.map((atEnd, place) => hours({ id: `qth_${place}`, atEnd })))

    expect(quietAt(rules, subject, night)?.atEnd).toBe(expected)
  })

  test('an urgent one breaks through unless one of them says no, and what it broke through is known', () => {
    const urgent = { ...subject, priority: 'urgent' } as const
    const strict = hours({ id: 'qth_2', urgentBreaksThrough: false, to: '05:00' })

    expect(quietAt(rulesOf([hours()]), urgent, night)).toBeUndefined()
    expect(quietingOf(rulesOf([hours()]), urgent, night)).toMatchObject({ brokeThrough: { by: 'qth_1' } })
    expect(quietAt(rulesOf([hours(), strict]), urgent, night)).toMatchObject({ by: 'qth_2' })
    expect(quietingOf(rulesOf([hours(), strict]), urgent, night)).toMatchObject({ quiet: { by: 'qth_2' } })
    expect(Object.keys(quietingOf(rulesOf([hours()]), subject, night))).toEqual(['quiet'])
  })

  test('a mute holds from its first instant to its last, and what held once holds no second time', () => {
    const rules = rulesOf([], [mute()])

    expect(quietAt(rules, subject, mute().from)).toBeDefined()
    expect(quietAt(rules, subject, mute().from - 1)).toBeUndefined()
    expect(quietAt(rules, subject, mute().until)).toBeUndefined()
    expect(quietAt(rules, subject, mute().from, new Set(['mut_1']))).toBeUndefined()
  })
})

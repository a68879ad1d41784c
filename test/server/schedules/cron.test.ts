import fc from 'fast-check'
import { describe as about, expect, test } from 'vitest'
import { checkTiming, describe, lastRunBefore, nextRunAfter, runsBetween } from '../../../server/schedules/cron.ts'

const at = (text: string) => Date.parse(text)
const NOW = at('2026-03-27T12:00:00Z')

about('what may be saved', () => {
  test.each([
    ['0 9 * * 1-5', 'Europe/Berlin'],
    ['*/5 * * * *', 'UTC'],
    ['0 9 L * *', 'America/New_York'],
    ['0 9 * * 1#1', 'Asia/Kathmandu'],
    ['0 9 29 2 *', 'UTC'],
    ['0 9 ? * MON-FRI', 'UTC'],
    ['@daily', 'UTC'],
  ])('%s in %s', (cron, timeZone) => {
    expect(() => checkTiming({ cron, timeZone }, NOW)).not.toThrow()
  })

  test.each([
    ['a day that never comes', '0 0 30 2 *', 'UTC', 'cron'],
    ['an hour that there is not', '0 24 * * *', 'UTC', 'cron'],
    ['six fields', '0 */5 * * * *', 'UTC', 'cron'],
    ['words', 'every day', 'UTC', 'cron'],
    ['nothing', '', 'UTC', 'cron'],
    ['a zone that there is not', '0 9 * * *', 'Mars/Olympus', 'timeZone'],
    ['an offset, which knows no daylight saving', '0 9 * * *', '+02:00', 'timeZone'],
    ['a zone with a line break', '0 9 * * *', 'UTC\n', 'timeZone'],
  ])('%s is refused, naming the field and the way out', (_, cron, timeZone, field) => {
    expect(() => checkTiming({ cron, timeZone }, NOW)).toThrow(
      expect.objectContaining({ code: 'invalid', field, fix: expect.any(String) }),
    )
  })
})

about('what is wrong is told in words of people', () => {
  test.each([
    ['0 25 * * *', 'The hour can not be 25.'],
    ['0 9 32 * *', 'The day of month can not be 32.'],
    ['0 9 * 13 *', 'The month can not be 13.'],
    ['0 9 * * MONDAYS', 'The day of week can not be MONDAYS.'],
    ['*/0 * * * *', 'The minute can not be */0.'],
    ['0 9 * *', '4 fields were given instead of five.'],
    ['', '0 fields were given instead of five.'],
  ])('%s', (cron, told) => {
    expect(() => checkTiming({ cron, timeZone: 'UTC' }, NOW)).toThrow(`cron: ${told}`)
  })
})

about('daylight saving', () => {
  const notes = (cron: string, timeZone: string, now: string) =>
    describe({ cron, timeZone }, at(now)).nextRuns.flatMap(({ at, note }) => (note ? [[at, note]] : []))

  test('a time that is never shown runs right after the change, once', () => {
    expect(notes('30 2 * * *', 'Europe/Berlin', '2026-03-27T12:00:00Z')).toEqual([
      ['2026-03-29T01:00:00.000Z', expect.stringContaining('never show its time')],
    ])
  })

  test('a time that is shown twice runs the first time', () => {
    expect(notes('30 2 * * *', 'Europe/Berlin', '2026-10-23T12:00:00Z')).toEqual([
      ['2026-10-25T00:30:00.000Z', expect.stringContaining('runs the first time')],
      ['2026-10-26T01:30:00.000Z', expect.stringContaining('back by 1 h')],
    ])
  })

  test('every half hour goes on through both', () => {
    const told = notes('*/30 * * * *', 'Europe/Berlin', '2026-10-24T23:45:00Z')

    expect(told.map(([, note]) => note)).toContainEqual(expect.stringContaining('runs both times'))
  })

  test('a run at another time of that day says that clocks have changed, and keeps its local time', () => {
    const { nextRuns } = describe({ cron: '0 9 * * *', timeZone: 'Europe/Berlin' }, NOW)

    expect(nextRuns.slice(0, 3)).toEqual([
      { at: '2026-03-28T08:00:00.000Z', local: expect.stringMatching(/Sat.*28 Mar 2026.*09:00.*(CET|GMT\+1)/) },
      {
        at: '2026-03-29T07:00:00.000Z',
        local: expect.stringMatching(/09:00.*(CEST|GMT\+2)/),
        note: 'Clocks went forward by 1 h since the run before.',
      },
      { at: '2026-03-30T07:00:00.000Z', local: expect.stringContaining('09:00') },
    ])
  })

  test('where clocks change by half an hour, it is said so', () => {
    expect(notes('0 9 * * *', 'Australia/Lord_Howe', '2026-04-03T00:00:00Z')[0]?.[1]).toContain('30 min')
  })

  test('no note without a change', () => {
    expect(notes('0 9 * * *', 'Asia/Kolkata', '2026-03-27T12:00:00Z')).toEqual([])
  })
})

test.each([
  ['0 9 * * 1-5', 'At 09:00, Monday through Friday'],
  ['*/5 * * * *', 'Every 5 minutes'],
  ['0 17 * * 5', 'At 17:00, only on Friday'],
])('%s is told as %s', (cron, words) => {
  expect(describe({ cron, timeZone: 'UTC' }, NOW).inWords).toBe(words)
})

test('runs between two instants are those that come one after the other, whatever the clocks do', () => {
  const crons = ['*/7 * * * *', '30 2 * * *', '0 */3 * * *', '15 1,2,3 * * *', '0 9 * * 1-5']
  const zones = ['UTC', 'Europe/Berlin', 'America/New_York', 'Australia/Lord_Howe']
  const day = 86_400_000
  fc.assert(
    fc.property(
      fc.constantFrom(...crons),
      fc.constantFrom(...zones),
      fc.integer({ min: at('2026-03-01T00:00:00Z'), max: at('2026-11-30T00:00:00Z') }),
      fc.integer({ min: 0, max: day }),
      (cron, timeZone, from, length) => {
        const timing = { cron, timeZone }
        const walked: number[] = []
        for (let next = nextRunAfter(timing, from - 1_000); next && next <= from + length; ) {
          if (next >= from) walked.push(next)
          next = nextRunAfter(timing, next)
        }

        expect(runsBetween(timing, from, from + length, walked.length + 1)).toEqual(walked)
        expect(runsBetween(timing, from, from + length, 3)).toEqual(walked.slice(-3))
        const last = walked.at(-1)
        if (last !== undefined) expect(lastRunBefore(timing, last + 1_000)).toBe(last)
      },
    ),
    { numRuns: 20 },
  )
})

import { expect, test } from 'vitest'
import { hoursDraft, muteDraft, toMute, toQuietHours, untilOf } from '../../../client/quiet-hours/draft.ts'
import { daysWords, heldLink } from '../../../client/quiet-hours/words.ts'

const NOW = Date.UTC(2026, 10, 20, 12)

test('new quiet hours begin with the nights in the zone of who looks', () => {
  expect(toQuietHours(hoursDraft(undefined, 'Europe/Berlin'))).toEqual({
    scope: { kind: 'everything' },
    days: [1, 2, 3, 4, 5, 6, 7],
    from: '22:00',
    to: '07:00',
    timeZone: 'Europe/Berlin',
    urgentBreaksThrough: true,
    atEnd: 'digest',
    enabled: true,
  })
})

test.each([
  ['no day', { days: [] }],
  ['no destination', { kind: 'destination' }],
  ['no type', { kind: 'type', type: ' ' }],
  ['no time', { from: '' }],
] as const)('with %s nothing can be saved', (_, part) => {
  expect(
    toQuietHours({ ...hoursDraft(undefined, 'UTC'), ...part, days: [...('days' in part ? part.days : [1])] }),
  ).toBeUndefined()
})

test('a mute needs a reason and an end', () => {
  const draft = muteDraft({ kind: 'type', type: 'deploy.done' })

  expect(toMute(draft, NOW)).toBeUndefined()
  expect(toMute({ ...draft, reason: 'Noise', length: 'own' }, NOW)).toBeUndefined()
  expect(toMute({ ...draft, reason: ' Noise ' }, NOW)).toEqual({
    scope: { kind: 'type', type: 'deploy.done' },
    until: '2026-11-20T13:00:00.000Z',
    reason: 'Noise',
    urgentBreaksThrough: true,
    atEnd: 'digest',
  })
})

test('tomorrow at nine is the next day’s, as the clock on the wall shows it', () => {
  const until = new Date(untilOf({ length: 'tomorrow', until: '' }, NOW) ?? 0)

  expect([until.getHours(), until.getMinutes(), until.getTime() > NOW]).toEqual([9, 0, true])
})

test.each([
  [[1, 2, 3, 4, 5, 6, 7], 'every day'],
  [[5, 1, 2, 3, 4], 'Mon to Fri'],
  [[6, 7], 'Sat, Sun'],
  [[1, 3], 'Mon, Wed'],
])('days %j are told as %s', (days, words) => {
  expect(daysWords(days)).toBe(words)
})

test('what waits for something leads to just that in the log', () => {
  expect(heldLink({ kind: 'destination', id: 'dst_1' }, 'muted')).toBe(
    '/deliveries?state=held&code=muted&destinationId=dst_1',
  )
  expect(heldLink({ kind: 'everything' }, 'quiet_hours')).toBe('/deliveries?state=held&code=quiet_hours')
})

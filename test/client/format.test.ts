import { expect, test } from 'vitest'
import {
  formatClock,
  formatCount,
  formatDay,
  formatDuration,
  formatExact,
  formatPercent,
  formatRange,
  formatRelative,
  formatShort,
  formatTime,
  plural,
} from '../../client/lib/format.ts'

/** The units are kept on the line of their number by a space that does not break. */
const plain = (text: string) => text.replaceAll('\u00a0', ' ')

test.each([
  [0, '0'],
  [12_987, '12,987'],
  [1_234_567, '1,234,567'],
])('the count %d is written %s', (count, written) => {
  expect(formatCount(count)).toBe(written)
})

test.each([
  [0, '0'],
  [999, '999'],
  [1000, '1 k'],
  [1234, '1.2 k'],
  [9_990, '9.9 k'],
  [12_987, '12 k'],
  [999_999, '999 k'],
  [4_100_000, '4.1 M'],
  [-1500, '-1.5 k'],
])('%d is shortened to %s and never rounded up', (value, written) => {
  expect(plain(formatShort(value))).toBe(written)
})

test.each([
  [1, '100 %'],
  [0.9996, '99.96 %'],
  [0.99996, '99.99 %'],
  [0.999999, '99.99 %'],
  [0.9962, '99.62 %'],
  [0.976, '97.6 %'],
  [0.29, '29 %'],
  [0, '0 %'],
])('the share %d is written %s', (share, written) => {
  expect(plain(formatPercent(share))).toBe(written)
})

test('a share one failure short of all is not shown as 100 at any number of digits', () => {
  const share = 999_999 / 1_000_000

  expect([0, 1, 2, 3].map((digits) => plain(formatPercent(share, digits)))).toEqual([
    '99 %',
    '99.9 %',
    '99.99 %',
    '99.999 %',
  ])
})

test.each([
  [0, '0 ms'],
  [0.3, '<1 ms'],
  [143, '143 ms'],
  [999.4, '999 ms'],
  [999.6, '999 ms'],
  [1000, '1 s'],
  [8_240, '8.2 s'],
  [59_999, '59 s'],
  [125_000, '2 min 5 s'],
  [120_000, '2 min'],
  [11_400_000, '3 h 10 min'],
  [180_000_000, '2 d 2 h'],
  [-12, '−12 ms'],
])('a duration of %d ms is written %s', (ms, written) => {
  expect(plain(formatDuration(ms))).toBe(written)
})

test.each([
  [0, 'just now'],
  [40_000, '40 s ago'],
  [119_000, '1 min ago'],
  [7_300_000, '2 h ago'],
  [200_000_000, '2 d ago'],
  [-200_000, 'in 3 min'],
])('an instant %d ms before now is %s', (ago, written) => {
  const now = Date.UTC(2026, 10, 24)

  expect(plain(formatRelative(now - ago, now))).toBe(written)
})

test('the exact instant is in the zone asked for, and says which', () => {
  const at = '2026-11-24T13:05:09.120Z'

  expect(formatExact(at, 'Europe/Madrid')).toBe('24 Nov 2026, 14:05:09.120 Europe/Madrid')
  expect(formatDay(at, 'Asia/Tokyo')).toBe('24 Nov 2026')
  expect(formatClock(at, 'UTC')).toBe('13:05:09.120')
})

test('midnight is 00:00, not 24:00', () => {
  expect(formatTime('2026-11-24T00:00:00Z', 'UTC')).toBe('00:00')
})

test.each([
  [0, '0 deliveries'],
  [1, '1 delivery'],
  [4200, '4,200 deliveries'],
])('%d of a thing reads %s', (count, written) => {
  expect(plural(count, 'delivery', 'deliveries')).toBe(written)
})

test.each([
  ['2026-11-24T10:00:00Z', '2026-11-24T10:30:00Z', '24 Nov 10:00–10:30'],
  ['2026-11-24T23:30:00Z', '2026-11-25T00:00:00Z', '24 Nov 23:30–25 Nov 00:00'],
  ['2026-11-24T10:00:00Z', undefined, 'since 24 Nov 10:00'],
  [undefined, '2026-11-24T10:00:00Z', 'before 24 Nov 10:00'],
  ['yesterday', undefined, 'since yesterday'],
  [undefined, '2026-13-45', 'before 2026-13-45'],
  ['2026-11-24T10:00:00Z', 'later', '24 Nov 10:00–later'],
])('from %s to %s is %s', (from, to, written) => {
  expect(formatRange(from, to, 'UTC')).toBe(written)
})

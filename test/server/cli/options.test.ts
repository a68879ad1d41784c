import { Command } from 'commander'
import { describe, expect, test } from 'vitest'
import { filterOf, withFilters } from '../../../server/cli/delivery-filter.ts'
import { instant, wholeNumber } from '../../../server/cli/options.ts'
import { DeliveryFilter } from '../../../shared/deliveries.ts'

describe('an instant', () => {
  test.each([
    ['2026-11-26T08:00:00Z', '2026-11-26T08:00:00.000Z'],
    ['2026-11-26T08:00:00+02:00', '2026-11-26T06:00:00.000Z'],
    ['2026-11-26', '2026-11-26T00:00:00.000Z'],
  ])('may be written as %s', (text, read) => {
    expect(instant('ago')(text)).toBe(read)
  })

  test.each([
    ['ago', '2h', -7_200_000],
    ['ago', '90s', -90_000],
    ['ahead', '30m', 1_800_000],
    ['ahead', '+7d', 604_800_000],
  ] as const)('%s may be as far from now as %s', (direction, text, awayMs) => {
    const before = Date.now()

    const awayFromBefore = Date.parse(instant(direction)(text)) - before

    expect(awayFromBefore).toBeGreaterThanOrEqual(awayMs)
    expect(awayFromBefore).toBeLessThan(awayMs + 5_000)
  })

  test.each(['yesterday', '2026-11-26T08:00:00', '26.11.2026', '2h ago', '', '2026-13-01'])('is not %j', (text) => {
    expect(() => instant('ago')(text)).toThrow('It takes an instant')
  })
})

test.each(['0', '11', '1.5', '-1', '1e1', ' 5', 'five', ''])('%j is no whole number from 1 to 10', (text) => {
  expect(() => wholeNumber(1, 10)(text)).toThrow('It takes a whole number from 1 to 10.')
})

test('every filter of the API is an option', () => {
  const given = { state: 'failed,held', from: '2h', to: '1h', by: 'ended', mark: 'maybe_sent' } as Record<
    string,
    string
  >
  const command = withFilters(new Command())
  const args = command.options.flatMap(({ long }) => [long ?? '', given[long?.slice(2) ?? ''] ?? 'x'])

  const filter = filterOf(command.parse(args, { from: 'user' }).opts())

  expect(Object.keys(filter).sort()).toEqual(Object.keys(DeliveryFilter.shape).sort())
})

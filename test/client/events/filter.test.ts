import { expect, test } from 'vitest'
import { fromChips, readFilter, toChips } from '../../../client/events/filter.ts'

const NOW = Date.UTC(2026, 10, 26, 12)
const read = (query: string) => readFilter(new URLSearchParams(query))

test('the address is read, and what the server would refuse is left out', () => {
  expect(read('type=a&landed=nowhere&search=key&window=7d')).toEqual({ type: 'a', landed: 'nowhere', search: 'key' })
  expect(read('landed=moon')).toEqual({})
})

test('chips say what the address says, and give it back', () => {
  const filter = { type: 'door.open', landed: 'fallback', search: 'leaked key', from: '2026-11-20T00:00:00.000Z' }

  const shown = toChips(filter)

  expect(shown.chips.map(({ key }) => key)).toEqual(['type', 'landed', 'accepted'])
  expect(fromChips(shown, filter)).toEqual(filter)
})

test('a window can be taken away and a beginning be typed', () => {
  const filter = { from: '2026-11-20T00:00:00.000Z', to: '2026-11-21T00:00:00.000Z' }

  expect(fromChips({ chips: [], text: '' }, filter)).toEqual({})
  expect(fromChips({ chips: [{ key: 'since', value: '1h' }], text: '' }, {}, NOW)).toEqual({
    from: '2026-11-26T11:00:00.000Z',
  })
  expect(fromChips({ chips: [{ key: 'landed', value: 'moon' }], text: '' }, {})).toEqual({})
})

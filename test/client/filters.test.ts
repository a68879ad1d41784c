import { expect, test } from 'vitest'
import { formatFilters, onlyThese, parseFilters, withParams } from '../../client/lib/filters.ts'

const KEYS = ['state', 'channel', 'code']

test('words with a known key become chips and the rest stays text', () => {
  const filters = parseFilters('state:failed leaked channel:#compliance key', KEYS)

  expect(filters).toEqual({
    chips: [
      { key: 'state', value: 'failed' },
      { key: 'channel', value: '#compliance' },
    ],
    text: 'leaked key',
  })
})

test('a value in quotes may hold spaces', () => {
  expect(parseFilters('channel:"general chat"', KEYS).chips).toEqual([{ key: 'channel', value: 'general chat' }])
})

test.each(['https://acme.test', 'unknown:x', 'state:', ':failed', 'state:""'])('%s is text, not a chip', (source) => {
  expect(parseFilters(source, KEYS)).toEqual({ chips: [], text: source })
})

test('what is written is read back as the same filters', () => {
  const filters = parseFilters('state:failed channel:"general chat" code:is_archived key leaked', KEYS)

  expect(parseFilters(formatFilters(filters), KEYS)).toEqual(filters)
})

test('a filter leaves what else the address says, but for the window when all is cleared', () => {
  const before = new URLSearchParams('type=a&window=7d')

  expect(withParams(before, ['type', 'landed'], { landed: 'nowhere' }).toString()).toBe('window=7d&landed=nowhere')
  expect(withParams(before, ['type', 'landed'], {}, true).toString()).toBe('')
})

test('a value that is none of those there are is told of, also one among several', () => {
  const problemOf = onlyThese('state', ['failed', 'held'])

  expect(['failed', 'held,failed', 'failed, held'].map(problemOf)).toEqual([undefined, undefined, undefined])
  expect(['lost', 'failed,lost', 'failed,'].map(problemOf)).toEqual([
    '“lost” is no value of state. Use failed, held.',
    '“lost” is no value of state. Use failed, held.',
    '“” is no value of state. Use failed, held.',
  ])
})

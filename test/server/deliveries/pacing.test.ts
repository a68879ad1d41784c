import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { SavedBucket } from '../../../server/deliveries/lanes/buckets-store.ts'
import { closeBuckets, freeAtOf, takeTokens } from '../../../server/deliveries/lanes/pacing.ts'
import { conversationKey } from '../../../server/deliveries/needs.ts'

const NOW = 1_800_000_000_000
const conversation = { key: 'conversation T C', rate: { burst: 2, perMinute: 60 } }
const method = { key: 'method int chat.postMessage', rate: { burst: 5, perMinute: 300 } }

test('a full bucket gives its burst at once, and then one by one as it fills', () => {
  const buckets = new Map<string, SavedBucket>()

  expect(takeTokens(buckets, [conversation], NOW)).toBeUndefined()
  expect(takeTokens(buckets, [conversation], NOW)).toBeUndefined()
  expect(takeTokens(buckets, [conversation], NOW)).toBe(NOW + 1_000)
  expect(takeTokens(buckets, [conversation], NOW + 999)).toBe(NOW + 1_000)
  expect(takeTokens(buckets, [conversation], NOW + 1_000)).toBeUndefined()
})

test('a request that lacks one token takes none of the others', () => {
  const buckets = new Map<string, SavedBucket>()
  for (let count = 0; count < 2; count += 1) takeTokens(buckets, [conversation], NOW)

  expect(takeTokens(buckets, [conversation, method], NOW)).toBe(NOW + 1_000)

  expect(buckets.has(method.key)).toBe(false)
})

test('in no minute, beginning anywhere, does more go out than the rate and one burst allow', () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 0, max: 3_000 }), { maxLength: 300 }), (gaps) => {
      const buckets = new Map<string, SavedBucket>()
      const sentAt: number[] = []
      let now = NOW
      for (const gap of gaps) {
        now += gap
        if (takeTokens(buckets, [conversation], now) === undefined) sentAt.push(now)
      }
      for (const from of sentAt) {
        const inMinute = sentAt.filter((at) => at >= from && at < from + 60_000).length
        expect(inMinute).toBeLessThanOrEqual(60 + 2)
      }
    }),
  )
})

test('a wait that Slack asked for is the conversation’s; a second one meeting it closes the method', () => {
  const buckets = new Map<string, SavedBucket>()
  const limit = { own: conversation.key, method: method.key, destinationId: 'dst_1', waitMs: 20_000 }

  closeBuckets(buckets, limit, NOW)
  expect(freeAtOf(buckets.get(conversation.key), conversation.rate, NOW)).toBe(NOW + 20_000)
  expect(freeAtOf(buckets.get(method.key), method.rate, NOW)).toBe(NOW)

  closeBuckets(buckets, limit, NOW + 20_000)
  expect(freeAtOf(buckets.get(method.key), method.rate, NOW + 20_000)).toBe(NOW + 20_000)

  closeBuckets(buckets, { ...limit, own: 'conversation T D', destinationId: 'dst_2' }, NOW + 21_000)
  expect(freeAtOf(buckets.get(method.key), method.rate, NOW + 21_000)).toBe(NOW + 41_000)
})

test('what two destinations share in Slack they share the pace of: a conversation, and one webhook', () => {
  const at = (id: string, change: object) => {
    const destination = { id, kind: 'channel', conversationId: 'C1', target: 'C1', urlHash: null, ...change } as const
    return conversationKey({ integration: { id: `int of ${id}` }, destination })
  }
  const hook = (urlHash: string) => ({ kind: 'webhook', target: '', urlHash }) as const

  expect(at('a', {})).toBe(at('b', {}))
  expect(at('a', {})).not.toBe(at('b', { target: 'C2', conversationId: 'C2' }))
  expect(at('a', { kind: 'person', target: 'U1', conversationId: null })).not.toBe(
    at('b', { kind: 'person', target: 'U1', conversationId: null }),
  )
  expect(at('a', hook('of one address'))).toBe(at('b', hook('of one address')))
  expect(at('a', hook('of one address'))).not.toBe(at('b', hook('of another')))
})

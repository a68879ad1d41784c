import fc from 'fast-check'
import { expect, test } from 'vitest'
import { orderRules } from '../../../server/configuration/order-rules.ts'

test.each([
  ['what is there stays as it is', 'a b c', 'a b c', 'a b c'],
  ['rules that the file does not name keep their places', 'x a y b z', 'b a', 'x b y a z'],
  ['a new one stands behind the one before it in the file', 'a x b', 'a new b', 'a new x b'],
  ['a new first one stands before the first of the file', 'x a b', 'new a b', 'x new a b'],
  ['where none of the file is there, all come last', 'x y', 'a b', 'x y a b'],
  ['into an empty list in their order', '', 'a b c', 'a b c'],
])('%s', (_what, now, wanted, order) => {
  const names = (text: string) => text.split(' ').filter(Boolean)

  expect(orderRules(names(now), names(wanted)).join(' ')).toBe(order)
})

const names = fc.uniqueArray(fc.constantFrom(...'abcdefghij'))

test('every rule is there once, those of the file in its order, the others in theirs', () => {
  fc.assert(
    fc.property(names, names, (now, wanted) => {
      const order = orderRules(now, wanted)

      expect([...order].sort()).toEqual([...new Set([...now, ...wanted])].sort())
      expect(order.filter((name) => wanted.includes(name))).toEqual(wanted)
      const others = now.filter((name) => !wanted.includes(name))
      expect(order.filter((name) => others.includes(name))).toEqual(others)
      expect(orderRules(order, wanted)).toEqual(order)
    }),
  )
})

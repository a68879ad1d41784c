import { expect, test } from 'vitest'
import { trace } from '../../../shared/conditions/trace.ts'
import { compiledOf } from './ask.ts'

/** Each test of the condition as its text, how it went and what it saw. */
function told(condition: string, event: object) {
  const { matched, parts } = trace(compiledOf(condition), { event })
  return { matched, parts: parts.map(({ start, end, outcome, saw }) => [condition.slice(start, end), outcome, saw]) }
}

test('each comparison tells how it went and what it saw', () => {
  const event = { category: 'security', severity: 'low', data: { days: 4 } }

  expect(told("category == 'security' AND (severity == 'critical' OR days <= 5)", event)).toEqual({
    matched: true,
    parts: [
      ["category == 'security'", 'true', 'security'],
      ["severity == 'critical'", 'false', 'low'],
      ['days <= 5', 'true', 4],
    ],
  })
})

test('what was decided before is skipped, and what the event lacks is missing', () => {
  expect(told("a == 1 AND b == 2 OR NOT c == 3 OR (d exists AND e == 'x')", { data: { b: 2 } })).toEqual({
    matched: true,
    parts: [
      ['a == 1', 'missing', undefined],
      ['b == 2', 'skipped', undefined],
      ['c == 3', 'missing', undefined],
      ['d exists', 'skipped', undefined],
      ["e == 'x'", 'skipped', undefined],
    ],
  })
  expect(trace(compiledOf('a == 1'), { event: {} }).parts[0]).not.toHaveProperty('saw')
})

test('null is seen, a comparison of two fields sees both, and presence sees what is there', () => {
  const event = { recipient: 'ada', data: { owner: 'ada', gone: null } }

  expect(told('data.owner == recipient AND gone == null AND owner exists AND true AND no is missing', event)).toEqual({
    matched: true,
    parts: [
      ['data.owner == recipient', 'true', { 'data.owner': 'ada', recipient: 'ada' }],
      ['gone == null', 'true', null],
      ['owner exists', 'true', 'ada'],
      ['true', 'true', undefined],
      ['no is missing', 'true', undefined],
    ],
  })
})

test('the fields a part looks at are named as they are written', () => {
  const { parts } = trace(compiledOf("system['odd key'] == data.x OR true"), { event: {} })

  expect(parts.map(({ fields }) => fields)).toEqual([["system['odd key']", 'data.x'], []])
})

test('long values are cut, and what is inside them is left out', () => {
  const event = {
    text: 'x'.repeat(100_000),
    data: { many: Array.from({ length: 5_000 }, () => 'y'.repeat(1_000)), deep: [{ a: 1 }, [1]], whole: { a: 1 } },
  }

  const { parts } = trace(compiledOf('text exists AND many exists AND deep exists AND whole exists'), { event })

  expect(parts[0]?.saw).toBe(`${'x'.repeat(200)}…`)
  expect(parts[1]?.saw).toHaveLength(21)
  expect(parts[1]?.saw).toContain('… 4980 more')
  expect(parts[2]?.saw).toEqual(['{…}', '[…]'])
  expect(parts[3]?.saw).toBe('{…}')
  expect(JSON.stringify(parts).length).toBeLessThan(10_000)
})

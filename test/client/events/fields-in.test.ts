import { expect, test } from 'vitest'
import { fieldsIn } from '../../../client/events/fields-in.ts'

test('fields are named as conditions name them, each with the short texts it had', () => {
  const fields = fieldsIn([
    { type: 'a', severity: 'low', data: { days: 3, tags: ['x', 'y'], system: { region: 'eu', 'odd key': 'z' } } },
    { type: 'b', severity: 'low', data: { 'two words': 'w', text: 'long '.repeat(20) } },
  ])

  expect(fields).toEqual([
    { name: 'type', values: ['a', 'b'] },
    { name: 'severity', values: ['low'] },
    { name: 'days', values: [] },
    { name: 'tags', values: ['x', 'y'] },
    { name: 'system', values: [] },
    { name: 'system.region', values: ['eu'] },
    { name: "system['odd key']", values: ['z'] },
    { name: "data['two words']", values: ['w'] },
    { name: 'text', values: [] },
  ])
})

test('an event of any depth and width gives a bounded list', () => {
  let deep: Record<string, unknown> = { end: 1 }
  for (let depth = 0; depth < 1_000; depth++) deep = { in: deep }
  const wide = Object.fromEntries(Array.from({ length: 5_000 }, (_, at) => [`field_${at}`, `value ${at}`]))

  expect(fieldsIn([{ data: deep }])).toHaveLength(4)
  expect(fieldsIn([{ data: wide }])).toHaveLength(300)
})

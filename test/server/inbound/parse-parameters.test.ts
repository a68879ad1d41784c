import { expect, test } from 'vitest'
import { parseParameters } from '../../../server/inbound/commands/parse-parameters.ts'

test.each([
  ['', {}],
  ['   ', {}],
  ['soc2', { type: 'soc2' }],
  ['  document   Policy ', { type: 'document', description: 'Policy' }],
  ['document Login page of CC6.7', { type: 'document', description: 'Login page of CC6.7' }],
  ['"screen shot" "of the page"', { type: 'screen shot', description: 'of the page' }],
  ['“screen shot” the page', { type: 'screen shot', description: 'the page' }],
  ['document "of the" page', { type: 'document', description: '"of the" page' }],
  ['5" wide', { type: '5"', description: 'wide' }],
  ['"never closed', { type: '"never', description: 'closed' }],
  ['"" empty', { type: '', description: 'empty' }],
  ['line\nbreak', { type: 'line', description: 'break' }],
])('%j', (text, expected) => {
  expect(parseParameters(text, ['type', 'description'])).toEqual(expected)
})

test('one parameter takes all, none takes nothing, and a strange name is a name like any other', () => {
  expect(parseParameters('all of it', ['what'])).toEqual({ what: 'all of it' })
  expect(parseParameters('all of it', [])).toEqual({})
  expect(JSON.stringify(parseParameters('a b', ['__proto__', 'constructor']))).toBe(
    '{"__proto__":"a","constructor":"b"}',
  )
})

import { expect, test } from 'vitest'
import {
  changeOf,
  draftOf,
  FIRST_SAMPLE,
  FIRST_SOURCE,
  isChanged,
  readSample,
} from '../../../client/templates/draft.ts'
import { lintTemplate } from '../../../server/templates/lint.ts'
import type { Template } from '../../../shared/templates.ts'

const TEMPLATE: Template = {
  name: 'alert',
  version: 3,
  updatedAt: '2026-11-20T12:00:00.000Z',
  updatedBy: 'Ada',
  usedBy: [],
  source: '{"text": "x"}',
  sample: { title: 'T' },
  warnings: [],
  cases: [],
  failing: [],
}

test('a draft is based on the version that it was made from, and changed once it says something else', () => {
  const draft = draftOf(TEMPLATE)

  expect(isChanged(draft, TEMPLATE)).toBe(false)
  expect(isChanged({ ...draft, note: 'why' }, TEMPLATE)).toBe(false)
  expect(isChanged({ ...draft, source: '{}' }, TEMPLATE)).toBe(true)
  expect(isChanged({ ...draft, cases: [{ name: 'A', event: {} }] }, TEMPLATE)).toBe(true)
  expect(isChanged({ ...draft, cases: [] }, TEMPLATE)).toBe(false)
  expect(changeOf({ ...draft, note: ' why ' }, { title: 'T' })).toEqual({
    source: '{"text": "x"}',
    sample: { title: 'T' },
    cases: [],
    basedOn: 3,
    note: 'why',
  })
})

test('a sample is an object of JSON', () => {
  expect(readSample('{"a": 1}')).toEqual({ kind: 'read', sample: { a: 1 } })
  expect(readSample('[1]')).toMatchObject({ kind: 'wrong', problem: expect.stringContaining('an object of JSON') })
  expect(readSample('{"a": ')).toMatchObject({ kind: 'wrong', problem: expect.stringContaining('not JSON') })
})

test('a new template begins with one that has nothing wrong with it', () => {
  expect(lintTemplate(FIRST_SOURCE, FIRST_SAMPLE).problems).toEqual([])
})

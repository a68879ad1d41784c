import { expect, test } from 'vitest'
import {
  afterSaving,
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

test('what is changed while a draft is on its way to be saved stays, and the rest is as it was saved', () => {
  const sent = { ...draftOf(TEMPLATE), source: '{"text": "y"}', cases: [{ name: 'A', event: {} }], note: 'why' }
  const cases = [{ name: 'A', event: {}, expected: { text: 'y' } }]
  const saved: Template = { ...TEMPLATE, version: 4, source: sent.source, cases }

  expect(afterSaving(sent, sent, saved)).toEqual(draftOf(saved))
  const held = { ...sent, source: '{"text": "z"}' }
  expect(afterSaving(held, sent, saved)).toEqual({ ...draftOf(saved), source: '{"text": "z"}' })
  expect(isChanged(afterSaving(held, sent, saved), saved)).toBe(true)
})

test('a sample is an object of JSON', () => {
  expect(readSample('{"a": 1}')).toEqual({ kind: 'read', sample: { a: 1 } })
  expect(readSample('[1]')).toMatchObject({ kind: 'wrong', problem: expect.stringContaining('an object of JSON') })
  expect(readSample('{"a": ')).toMatchObject({ kind: 'wrong', problem: expect.stringContaining('not JSON') })
})

test('a new template begins with one that has nothing wrong with it', () => {
  expect(lintTemplate(FIRST_SOURCE, FIRST_SAMPLE).problems).toEqual([])
})

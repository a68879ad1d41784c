import { describe, expect, test } from 'vitest'
import { countSteps, diff, type Standing } from '../../../server/configuration/diff.ts'
import type { Fields, Present, Wanted } from '../../../server/configuration/items.ts'

const present = (key: string, fields: Fields): Present => ({
  kind: 'type',
  key,
  name: key,
  fields,
  remove: async () => {},
})
const wanted = (key: string, fields: Fields, defaults: Fields = {}): Wanted => ({
  ...{ kind: 'type', key, name: key, fields, defaults, path: [] },
  write: async () => {},
})

const planned = (standing: Partial<Standing>) =>
  diff({
    ...{ present: [], wanted: [], applied: new Map(), sections: new Set(['type']), prune: false },
    ...standing,
  }).map(({ action, name, fields, drift }) => ({ action, name, fields, ...(drift && { drift }) }))

describe('a plan', () => {
  test('creates what is not there, told by what differs from the defaults', () => {
    const steps = planned({ wanted: [wanted('a', { priority: 'low', emoji: null }, { priority: null, emoji: null })] })

    expect(steps).toEqual([{ action: 'create', name: 'a', fields: [{ field: 'priority', after: 'low' }] }])
  })

  test('changes only fields that mean something else, whatever their order', () => {
    const steps = planned({
      present: [present('a', { threading: { enabled: true, by: null }, priority: 'low', note: 'kept' })],
      wanted: [wanted('a', { threading: { by: null, enabled: true }, priority: 'urgent' })],
    })

    expect(steps).toEqual([
      { action: 'change', name: 'a', fields: [{ field: 'priority', before: 'low', after: 'urgent' }] },
    ])
  })

  test('leaves what the file does not name, and deletes it only when told to prune', () => {
    const standing = { present: [present('a', {}), present('b', { priority: 'low' })], wanted: [wanted('a', {})] }

    expect(planned(standing).map(({ action, name }) => `${action} ${name}`)).toEqual(['unchanged a', 'left b'])
    expect(planned({ ...standing, prune: true }).map(({ action, name }) => `${action} ${name}`)).toEqual([
      'unchanged a',
      'delete b',
    ])
  })

  test('says nothing of sections that the file does not have, pruning or not', () => {
    const standing = { present: [present('b', {})], sections: new Set<never>(), prune: true }

    expect(planned(standing)).toEqual([])
  })

  test('keeps what no file can delete', () => {
    const { remove: _, ...fixed } = present('b', {})

    expect(planned({ present: [fixed], prune: true }).map(({ action }) => action)).toEqual(['left'])
  })

  test('counts its steps', () => {
    const steps = diff({
      present: [present('a', { x: 1 }), present('b', { x: 1 }), present('c', {})],
      wanted: [wanted('a', { x: 1 }), wanted('b', { x: 2 }), wanted('d', {})],
      applied: new Map(),
      sections: new Set(['type']),
      prune: false,
    })

    expect(countSteps(steps)).toEqual({ create: 1, change: 1, delete: 0, unchanged: 1, left: 1 })
  })
})

describe('drift', () => {
  const applied = new Map([['type a', { x: 1 }]])

  test.each([
    ['in the console', 2, 1, 'console'],
    ['in the file', 1, 2, 'file'],
    ['in both', 2, 3, 'both'],
  ])('%s is told field by field', (_where, now, inFile, drift) => {
    const [step] = planned({ applied, present: [present('a', { x: now })], wanted: [wanted('a', { x: inFile })] })

    expect(step?.fields).toEqual([{ field: 'x', before: now, after: inFile, drift }])
    expect(step?.drift !== undefined).toBe(drift !== 'file')
  })

  test('is none where both sides came to the same', () => {
    const [step] = planned({ applied, present: [present('a', { x: 2 })], wanted: [wanted('a', { x: 2 })] })

    expect(step).toEqual({ action: 'unchanged', name: 'a', fields: [] })
  })

  test('of what was deleted in the console is told where it is made again', () => {
    const [step] = planned({ applied, wanted: [wanted('a', { x: 1 })] })

    expect(step).toMatchObject({
      action: 'create',
      drift: 'It was deleted in the console since this was last applied.',
    })
  })

  test('tells what the file named once from what was added in the console', () => {
    const steps = planned({ applied, present: [present('a', { x: 1 }), present('b', {})] })

    expect(steps.map(({ drift }) => drift)).toEqual([
      'The file named it when it was last applied.',
      'It was added in the console: no file has named it.',
    ])
  })
})

import { expect, test } from 'vitest'
import type { Db } from '../../server/db/schema.ts'
import {
  deleteTemplateRow,
  findTemplate,
  getVersion,
  listCurrentTemplates,
  listKnownTemplates,
  listTemplateRows,
  listVersionRows,
  putVersion,
  updateDescription,
} from '../../server/templates/store.ts'
import { eachStore } from '../support/each-store.ts'
import { NOW } from '../support/factories.ts'

const put = (db: Db, name: string, number: number, description: string | null = null) =>
  putVersion(
    db,
    {
      name,
      number,
      source: `{"text":"${number}"}`,
      sample: '{}',
      cases: '[]',
      note: null,
      at: NOW + number,
      by: 'Ada',
    },
    description,
  )

eachStore('templates', (open) => {
  test('the newest version is the one in use, and the older ones stay', async () => {
    await using store = await open()
    await put(store.db, 'alert', 1, 'First')
    await put(store.db, 'alert', 2, 'Second')

    expect(await findTemplate(store.db, 'alert')).toMatchObject({
      version: 2,
      source: '{"text":"2"}',
      description: 'Second',
    })
    expect(await getVersion(store.db, 'alert', 1)).toMatchObject({ source: '{"text":"1"}', by: 'Ada' })
    await expect(getVersion(store.db, 'alert', 3)).rejects.toMatchObject({ code: 'not_found' })
    await expect(put(store.db, 'alert', 2)).rejects.toThrow()
  })

  test('templates are listed by name and versions from the newest, each page followed by the next', async () => {
    await using store = await open()
    for (const name of ['c', 'a', 'b']) await put(store.db, name, 1)
    await put(store.db, 'b', 2)
    await put(store.db, 'b', 3)

    const names = async (cursor?: string) =>
      (await listTemplateRows(store.db, { cursor, limit: 1 })).map(({ name }) => name)
    const numbers = async (before?: number) =>
      (await listVersionRows(store.db, 'b', { before, limit: 1 })).map(({ number }) => number)

    expect([await names(), await names('a'), await names('c')]).toEqual([['a', 'b'], ['b', 'c'], []])
    expect([await numbers(), await numbers(3), await numbers(1)]).toEqual([[3, 2], [2, 1], []])
    expect((await listCurrentTemplates(store.db)).map(({ name, number }) => [name, number])).toEqual([
      ['a', 1],
      ['b', 3],
      ['c', 1],
    ])
    expect(await listKnownTemplates(store.db, ['a', 'x'])).toEqual(new Set(['a']))
  })

  test('a description changes without a version, and what is deleted is gone with all its versions', async () => {
    await using store = await open()
    await put(store.db, 'alert', 1)
    await updateDescription(store.db, 'alert', 'Said later')

    expect(await findTemplate(store.db, 'alert')).toMatchObject({ version: 1, description: 'Said later' })
    expect(await deleteTemplateRow(store.db, 'alert')).toBe(true)
    expect(await deleteTemplateRow(store.db, 'alert')).toBe(false)
    expect(await listVersionRows(store.db, 'alert', { limit: 5 })).toEqual([])
  })
})

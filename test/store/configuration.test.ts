import { expect, test } from 'vitest'
import {
  deleteApplied,
  insertChangeSet,
  listApplied,
  listChangeSets,
  putApplied,
  type SavedChangeSet,
} from '../../server/configuration/store.ts'
import {
  deleteDeclaredCommand,
  findDeclaredCommand,
  listDeclaredCommands,
  putDeclaredCommand,
} from '../../server/inbound/commands/declared-store.ts'
import { eachStore } from '../support/each-store.ts'
import { NOW } from '../support/factories.ts'

const changeSet = (id: string): SavedChangeSet => ({
  ...{ id, at: NOW, byName: 'a test', file: 'a.yaml', format: 'switchboard' },
  counts: '{}',
  changes: '[]',
})

eachStore('configuration', (open) => {
  test('sets of changes are listed newest first, page by page', async () => {
    await using store = await open()
    for (const id of ['chg_1', 'chg_2', 'chg_3']) await insertChangeSet(store.db, changeSet(id))

    const first = await listChangeSets(store.db, { limit: 1 })
    const second = await listChangeSets(store.db, { limit: 1, cursor: 'chg_3' })

    expect(first.map(({ id }) => id)).toEqual(['chg_3', 'chg_2'])
    expect(second.map(({ id }) => id)).toEqual(['chg_2', 'chg_1'])
  })

  test('what was applied last is what counts, and is forgotten with the thing', async () => {
    await using store = await open()
    await insertChangeSet(store.db, changeSet('chg_1'))
    await insertChangeSet(store.db, changeSet('chg_2'))
    const row = { kind: 'type', key: 'a b', changeSetId: 'chg_1', fields: '{"x":1}' }
    await putApplied(store.db, row)
    await putApplied(store.db, { ...row, changeSetId: 'chg_2', fields: '{"x":2}' })

    const applied = await listApplied(store.db)
    await deleteApplied(store.db, 'type', 'a b')

    expect([...applied]).toEqual([['type a b', { x: 2 }]])
    expect((await listApplied(store.db)).size).toBe(0)
  })

  test('a command is declared once, and anew', async () => {
    await using store = await open()
    const row = {
      command: '/risk',
      description: 'Old',
      parameters: '[]',
      handler: 'h',
      updatedAt: NOW,
      updatedBy: 'a test',
    }
    await putDeclaredCommand(store.db, row)
    await putDeclaredCommand(store.db, { ...row, description: 'New' })

    const found = await findDeclaredCommand(store.db, '/risk')
    const listed = await listDeclaredCommands(store.db)
    await deleteDeclaredCommand(store.db, '/risk')

    expect([found?.description, listed.length]).toEqual(['New', 1])
    expect(await listDeclaredCommands(store.db)).toEqual([])
  })
})

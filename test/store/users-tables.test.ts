import { getAuthTables } from 'better-auth/db'
import { expect, test } from 'vitest'
import type { AppContext } from '../../server/context.ts'
import { makeLog } from '../../server/lib/log.ts'
import { authOf } from '../../server/users/auth.ts'
import { openVault } from '../../server/vault/vault.ts'
import { eachStore, type Store } from '../support/each-store.ts'

async function authTables({ db }: Store) {
  const now = () => 1_000
  const auth = await authOf({
    ...{ db, now, newId: () => 'x', random: () => 0, log: makeLog('silent') },
    vault: openVault(Buffer.alloc(32), now, () => 'x'),
    publicUrl: 'http://127.0.0.1:3000',
  } as unknown as AppContext)
  return Object.values(getAuthTables(auth.options))
}

eachStore('the tables of better-auth', (open) => {
  test('have every field that this version of it reads and writes', async () => {
    await using store = await open()
    const ours = await store.db.introspection.getTables()

    const missing = (await authTables(store)).flatMap(({ modelName, fields }) => {
      const table = ours.find(({ name }) => name === modelName)
      const wanted = ['id', ...Object.entries(fields).map(([name, field]) => field.fieldName ?? name)]
      const have = new Set(table?.columns.map(({ name }) => name))
      return wanted
        .filter((field) => !have.has(field.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`)))
        .map((field) => `${modelName}.${field}`)
    })

    expect(missing).toEqual([])
  })

  test('ask for nothing that it does not fill', async () => {
    await using store = await open()
    const ours = await store.db.introspection.getTables()

    const unfilled = (await authTables(store)).flatMap(({ modelName, fields }) => {
      const known = new Set(Object.entries(fields).map(([name, field]) => field.fieldName ?? name))
      const columns = ours.find(({ name }) => name === modelName)?.columns ?? []
      return columns
        .filter(({ isNullable, hasDefaultValue }) => !isNullable && !hasDefaultValue)
        .map(({ name }) => name.replace(/_([a-z])/g, (_, letter: string) => letter.toUpperCase()))
        .filter((field) => field !== 'id' && !known.has(field))
        .map((field) => `${modelName}.${field}`)
    })

    expect(unfilled).toEqual([])
  })
})

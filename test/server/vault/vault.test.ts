import { randomBytes } from 'node:crypto'
import { expect, test } from 'vitest'
import type { Db } from '../../../server/db/schema.ts'
import { makeNewId } from '../../../server/lib/ids.ts'
import { deleteDataKeys } from '../../../server/vault/store.ts'
import { lockedReason, openVault, type Place, type Vault } from '../../../server/vault/vault.ts'
import { eachStore } from '../../support/each-store.ts'

const SECRET = 'xoxb-1111111111-2222222222-abcdefghijklmnopqrstuvwx'
const PLACE: Place = { integrationId: 'int_1', table: 'credentials', rowId: 'crd_1', field: 'botToken' }

eachStore('the vault', (open) => {
  test('opens what it sealed, also after a restart, and the sealed text tells nothing', async () => {
    await using store = await open()

    const sealed = await vaultOf(1).seal(store.db, PLACE, SECRET)

    expect(await vaultOf(1).open(store.db, PLACE, sealed)).toBe(SECRET)
    expect(sealed).toMatch(/^v1\.dek_/)
    expect(sealed).not.toContain('xoxb')
    expect(sealed).not.toContain(Buffer.from(SECRET).toString('base64url').slice(0, 12))
  })

  test('of a second master key seals nothing, so that the first still starts', async () => {
    await using store = await open()
    const [first, second] = [vaultOf(1), vaultOf(2)]
    await first.seal(store.db, PLACE, SECRET)

    for (const integrationId of ['int_1', 'int_2']) {
      await expect(second.seal(store.db, { ...PLACE, integrationId }, SECRET)).rejects.toMatchObject({
        code: 'locked',
        fix: expect.stringContaining('the same SWITCHBOARD_MASTER_KEY'),
      })
    }
    expect(await lockedReason(store.db, first)).toBeUndefined()
  })

  test('seals the same text differently each time', async () => {
    await using store = await open()
    const vault = vaultOf(1)

    const [first, second] = [await vault.seal(store.db, PLACE, SECRET), await vault.seal(store.db, PLACE, SECRET)]

    expect(first).not.toBe(second)
  })

  test.each([
    ['another row', { rowId: 'crd_2' }],
    ['another field', { field: 'appToken' }],
    ['another table', { table: 'destinations' }],
    ['another integration', { integrationId: 'int_2' }],
  ])('does not open a value that was moved to %s', async (_where, moved) => {
    await using store = await open()
    const vault = vaultOf(1)
    const sealed = await vault.seal(store.db, PLACE, SECRET)

    await expect(vault.open(store.db, { ...PLACE, ...moved }, sealed)).rejects.toThrow(/altered, or moved here/)
  })

  test('does not open a value of which one bit was changed, wherever it stands', async () => {
    await using store = await open()
    const vault = vaultOf(1)
    const sealed = await vault.seal(store.db, PLACE, SECRET)

    for (const altered of alterations(sealed)) {
      await expect(vault.open(store.db, PLACE, altered)).rejects.toThrow(/can't be opened/)
    }
  })

  test('does not open with the data key of another integration put in place of its own', async () => {
    await using store = await open()
    const vault = vaultOf(1)
    const sealed = await vault.seal(store.db, PLACE, SECRET)
    const other = await vault.seal(store.db, { ...PLACE, integrationId: 'int_2' }, 'another secret')

    await expect(vault.open(store.db, PLACE, withKeyOf(sealed, other))).rejects.toThrow(/can't be opened/)
  })

  test('opens nothing of an integration whose data keys are gone', async () => {
    await using store = await open()
    const vault = vaultOf(1)
    const sealed = await vault.seal(store.db, PLACE, SECRET)

    await deleteDataKeys(store.db, 'int_1')

    await expect(vault.open(store.db, PLACE, sealed)).rejects.toThrow(/data key .* is gone/)
  })

  test('with another master key says which one is needed, and opens nothing', async () => {
    await using store = await open()
    const sealed = await vaultOf(1).seal(store.db, PLACE, SECRET)

    const reason = await lockedReason(store.db, vaultOf(2))

    expect(reason).toContain(`The master key is ${vaultOf(2).masterKeyId}`)
    expect(reason).toContain(`sealed with ${vaultOf(1).masterKeyId}`)
    expect(reason).toContain('Nothing was changed and nothing is lost.')
    await expect(vaultOf(2).open(store.db, PLACE, sealed)).rejects.toThrow(vaultOf(1).masterKeyId)
  })

  test('is not locked without sealed values, nor with its own', async () => {
    await using store = await open()
    const empty = await lockedReason(store.db, vaultOf(2))
    await vaultOf(1).seal(store.db, PLACE, SECRET)

    expect([empty, await lockedReason(store.db, vaultOf(1))]).toEqual([undefined, undefined])
  })

  test('a sealed value is not kept when its transaction is rolled back, and the next one gets a key of its own', async () => {
    await using store = await open()
    const vault = vaultOf(1)

    await expect(rolledBack(store.db, vault)).rejects.toThrow('rolled back')
    const sealed = await vault.seal(store.db, PLACE, SECRET)

    expect(await vaultOf(1).open(store.db, PLACE, sealed)).toBe(SECRET)
  })
})

test('a keyed hash is the same for the same text and key, and another with another key', () => {
  expect(vaultOf(1).keyedHash('text')).toBe(vaultOf(1).keyedHash('text'))
  expect(vaultOf(1).keyedHash('text')).not.toBe(vaultOf(2).keyedHash('text'))
})

/** A vault as a fresh process opens it; the number stands for the master key. */
function vaultOf(key: number): Vault {
  const now = () => 1_750_000_000_000
  return openVault(Buffer.alloc(32, key), now, makeNewId(now, randomBytes))
}

/** The sealed text with one character of each of its parts exchanged. */
function alterations(sealed: string): string[] {
  return sealed.split('.').map((part, place, parts) => {
    const middle = Math.floor(part.length / 2)
    const other = part[middle] === 'A' ? 'B' : 'A'
    return parts.with(place, `${part.slice(0, middle)}${other}${part.slice(middle + 1)}`).join('.')
  })
}

const withKeyOf = (sealed: string, other: string) =>
  sealed
    .split('.')
    .with(1, other.split('.')[1] ?? '')
    .join('.')

async function rolledBack(db: Db, vault: Vault): Promise<void> {
  await db.transaction().execute(async (trx) => {
    await vault.seal(trx, PLACE, SECRET)
    throw new Error('rolled back')
  })
}

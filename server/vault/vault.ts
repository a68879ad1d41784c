import { createCipheriv, createDecipheriv, createHmac, hkdfSync, randomBytes } from 'node:crypto'
import type { Db } from '../db/schema.ts'
import { Refusal } from '../errors.ts'
import type { IdPrefix } from '../lib/ids.ts'
import { findDataKey, findLiveDataKey, insertDataKey, listMasterKeyIds } from './store.ts'

/** The row and field a sealed value belongs to. It is part of the seal: moved anywhere else, the value does not open. */
export type Place = { integrationId: string; table: string; rowId: string; field: string }

/**
 * Seals secrets with AES-256-GCM under a data key per integration, which the master key wraps. A sealed value reads
 * `v1.<data key id>.<nonce>.<ciphertext and tag>`.
 */
export type Vault = {
  /** Names the master key without telling it. */
  masterKeyId: string
  seal: (db: Db, place: Place, secret: string) => Promise<string>
  /** Throws `CannotOpen` when the value was altered or moved, or its key is not ours. */
  open: (db: Db, place: Place, sealed: string) => Promise<string>
  /** The same for the same text and master key: finds a secret again without opening any. */
  keyedHash: (text: string) => string
  /** A key for another purpose, derived from the master key. */
  derivedKey: (purpose: string) => Buffer
}

export class CannotOpen extends Error {
  constructor(place: Place, why: string) {
    super(`The sealed ${place.table}.${place.field} of ${place.rowId} can't be opened: ${why}.`)
    this.name = 'CannotOpen'
  }
}

/** Why the vault can't serve this database, or undefined when it can. */
export async function lockedReason(db: Db, vault: Vault): Promise<string | undefined> {
  const foreign = (await listMasterKeyIds(db)).filter(({ masterKeyId }) => masterKeyId !== vault.masterKeyId)
  if (foreign.length === 0) return undefined
  const count = foreign.reduce((sum, key) => sum + key.count, 0)
  const wanted = foreign.map(({ masterKeyId }) => masterKeyId).join(', ')
  return (
    `The master key is ${vault.masterKeyId}, but the secrets of ${count} integration${count === 1 ? '' : 's'} were ` +
    `sealed with ${wanted}. Nothing was changed and nothing is lost. Start again with the key that was used before, in ` +
    'SWITCHBOARD_MASTER_KEY or SWITCHBOARD_MASTER_KEY_FILE (by default master.key in the data folder).'
  )
}

export function openVault(masterKey: Buffer, now: () => number, newId: (prefix: IdPrefix) => string): Vault {
  const derivedKey = (purpose: string) => Buffer.from(hkdfSync('sha256', masterKey, '', `switchboard ${purpose}`, 32))
  const masterKeyId = `mk_${derivedKey('master key id').toString('hex').slice(0, 12)}`
  const wrappingKey = derivedKey('wrap data keys')
  const hashKey = derivedKey('keyed hash')
  const unwrapped = new Map<string, Buffer>()

  const unwrap = (id: string, integrationId: string, wrapped: string): Buffer => {
    const known = unwrapped.get(id)
    if (known) return known
    const key = Buffer.from(decrypt(wrappingKey, wrapped, wrapLabel(id, integrationId)), 'base64')
    unwrapped.set(id, key)
    return key
  }

  return {
    masterKeyId,
    derivedKey,
    keyedHash: (text) => createHmac('sha256', hashKey).update(text).digest('hex'),

    seal: async (db, place, secret) => {
      let row = await findLiveDataKey(db, place.integrationId)
      if (!row || row.masterKeyId !== masterKeyId) {
        await refuseSecondMasterKey(db, masterKeyId)
        const id = newId('dek')
        const wrapped = encrypt(wrappingKey, randomBytes(32).toString('base64'), wrapLabel(id, place.integrationId))
        row = { id, integrationId: place.integrationId, wrapped, masterKeyId }
        await insertDataKey(db, row, now())
      }
      const key = unwrap(row.id, row.integrationId, row.wrapped)
      return `v1.${row.id}.${encrypt(key, secret, sealLabel(row.id, place))}`
    },

    open: async (db, place, sealed) => {
      const [version, keyId = '', ...body] = sealed.split('.')
      if (version !== 'v1') throw new CannotOpen(place, 'it is not of a form this version knows')
      const row = await findDataKey(db, keyId)
      if (!row) throw new CannotOpen(place, `its data key ${keyId} is gone`)
      if (row.masterKeyId !== masterKeyId) throw new CannotOpen(place, `it needs the master key ${row.masterKeyId}`)
      try {
        return decrypt(unwrap(row.id, row.integrationId, row.wrapped), body.join('.'), sealLabel(keyId, place))
      } catch {
        throw new CannotOpen(place, 'it was altered, or moved here from another row')
      }
    },
  }
}

/** With secrets under two master keys no server would start again: each is locked by the secrets of the other. */
async function refuseSecondMasterKey(db: Db, masterKeyId: string): Promise<void> {
  const other = (await listMasterKeyIds(db)).find((key) => key.masterKeyId !== masterKeyId)
  if (!other) return
  throw new Refusal(
    'locked',
    `This server has the master key ${masterKeyId}, but the secrets in its database were sealed with ${other.masterKeyId} by another server, so none can be kept here.`,
    { fix: 'Give all servers of one database the same SWITCHBOARD_MASTER_KEY, the one used first, and start again.' },
  )
}

const NONCE_BYTES = 12
const TAG_BYTES = 16

const wrapLabel = (keyId: string, integrationId: string) => JSON.stringify(['data key', keyId, integrationId])
const sealLabel = (keyId: string, { integrationId, table, rowId, field }: Place) =>
  JSON.stringify(['v1', keyId, integrationId, table, rowId, field])

function encrypt(key: Buffer, text: string, label: string): string {
  const nonce = randomBytes(NONCE_BYTES)
  const cipher = createCipheriv('aes-256-gcm', key, nonce).setAAD(Buffer.from(label))
  const sealed = Buffer.concat([cipher.update(text, 'utf8'), cipher.final(), cipher.getAuthTag()])
  return `${nonce.toString('base64url')}.${sealed.toString('base64url')}`
}

function decrypt(key: Buffer, text: string, label: string): string {
  const [nonce = '', body = ''] = text.split('.')
  const sealed = Buffer.from(body, 'base64url')
  const decipher = createDecipheriv('aes-256-gcm', key, Buffer.from(nonce, 'base64url'), { authTagLength: TAG_BYTES })
  decipher.setAAD(Buffer.from(label)).setAuthTag(sealed.subarray(-TAG_BYTES))
  return Buffer.concat([decipher.update(sealed.subarray(0, -TAG_BYTES)), decipher.final()]).toString('utf8')
}

import { expect, test } from 'vitest'
import { openDatabase } from '../../../server/db/open.ts'
import { findSigningSecret, openConnection, replaceSecret } from '../../../server/integrations/credentials.ts'
import { listCredentials, putCredential } from '../../../server/integrations/store.ts'
import { openVault } from '../../../server/vault/vault.ts'
import { openStore } from '../../support/each-store.ts'
import { startSlice, stepOf } from './slice.ts'

test('a sealed secret that was moved to another row is refused, naming the field and the way out', async () => {
  await using slice = await startSlice()
  const id = await slice.connect()
  await swapSeals(slice.db, id)

  await expect(openConnection(slice.ctx, id)).rejects.toMatchObject({
    code: 'conflict',
    field: expect.stringMatching(/^(clientSecret|signingSecret)$/),
    fix: expect.stringContaining('again and save.'),
  })
})

test('secrets on screen are tested although the saved ones can’t be opened, and saving them repairs it', async () => {
  await using slice = await startSlice()
  const id = await slice.connect()
  const { clientSecret, signingSecret } = await slice.draft()
  await swapSeals(slice.db, id)

  const refused = await slice.call('POST', `/api/integrations/${id}/test`)
  const run = await slice.test(id, { clientSecret, signingSecret })
  await slice.call('PATCH', `/api/integrations/${id}`, { clientSecret, signingSecret })

  expect(refused.status).toBe(409)
  expect(stepOf(run, 'client_secret')?.state).toBe('pass')
  expect((await openConnection(slice.ctx, id)).secrets).toMatchObject({ clientSecret, signingSecret })
})

test('a replaced secret is sealed under another row, so the old seal put back does not open', async () => {
  await using slice = await startSlice()
  const id = await slice.connect()
  const before = (await listCredentials(slice.db, [id])).find(({ kind }) => kind === 'botToken')
  await slice.call('PATCH', `/api/integrations/${id}`, { botToken: 'xoxb-new-token-0001' })
  const after = (await listCredentials(slice.db, [id])).find(({ kind }) => kind === 'botToken')

  if (before && after) await putCredential(slice.db, { ...after, sealed: before.sealed })

  expect(after?.id).not.toBe(before?.id)
  slice.clock.now += 1_000
  await expect(openConnection(slice.ctx, id)).rejects.toMatchObject({ field: 'botToken' })
})

test('another replica uses a replaced secret a second later at the latest', async () => {
  await using store = await openStore()
  await using slice = await startSlice(store)
  const id = await slice.connect()
  const replica = {
    ...slice.ctx,
    db: await openDatabase(store.url),
    vault: openVault(Buffer.alloc(32, 7), slice.ctx.now, slice.ctx.newId),
  }
  const first = await findSigningSecret(replica, id)
  const value = '0123456789abcdef0123456789abcdef'
  await slice.db
    .transaction()
    .execute((trx) => replaceSecret(slice.ctx, trx, { integrationId: id, kind: 'signingSecret', value, by: 'Kim' }))

  slice.clock.now += 999
  const soon = await findSigningSecret(replica, id)
  slice.clock.now += 1
  const later = await findSigningSecret(replica, id)
  await replica.db.destroy()

  expect(soon).toEqual(first)
  expect(later).toEqual({ secret: value, disabled: false })
})

/** Exchanges the sealed texts of two secrets, as somebody with the database but not the key could. */
async function swapSeals(db: Parameters<typeof listCredentials>[0], id: string): Promise<void> {
  const credentials = await listCredentials(db, [id])
  const client = credentials.find(({ kind }) => kind === 'clientSecret')
  const signing = credentials.find(({ kind }) => kind === 'signingSecret')
  if (!client || !signing) throw new Error('The integration has no two secrets to swap.')
  await putCredential(db, { ...client, sealed: signing.sealed })
  await putCredential(db, { ...signing, sealed: client.sealed })
}

import { expect, test } from 'vitest'
import { healthHttp } from '../../../server/health/http.ts'
import { startWorld } from '../../support/world.ts'

const ask = async (world: Awaited<ReturnType<typeof startWorld>>, path: string, locked?: string) => {
  const response = await healthHttp(world.ctx, { locked }).request(path)
  return { status: response.status, body: await response.json() }
}

test.each(['sqlite', 'postgres'] as const)('a server that can work says so to anybody, on %s', async (engine) => {
  await using world = await startWorld({ engine })

  expect(await world.anonymous.get('/healthz')).toMatchObject({ status: 200, body: { state: 'alive' } })
  expect(await world.anonymous.get('/readyz')).toMatchObject({ status: 200, body: { state: 'ready' } })
})

test('one whose key does not fit is alive, not ready, and says why', async () => {
  await using world = await startWorld()

  expect(await ask(world, '/healthz', 'The master key does not fit.')).toMatchObject({ status: 200 })
  expect(await ask(world, '/readyz', 'The master key does not fit.')).toEqual({
    status: 503,
    body: { state: 'locked', reason: 'The master key does not fit.' },
  })
})

test('one whose tables are older than itself is not ready', async () => {
  await using world = await startWorld()
  await world.db.withTables<{ kyselyMigration: { name: string } }>().deleteFrom('kyselyMigration').execute()

  expect(await ask(world, '/readyz')).toMatchObject({ status: 503, body: { state: 'unavailable' } })
})

test('one that has lost its database is alive, not ready, and tells strangers nothing of the cause', async () => {
  await using world = await startWorld()
  await world.db.withTables<{ kyselyMigration: object }>().schema.dropTable('kysely_migration').execute()

  expect(await ask(world, '/healthz')).toMatchObject({ status: 200 })
  expect(await ask(world, '/readyz')).toEqual({
    status: 503,
    body: { state: 'unavailable', reason: 'The database can not be reached.' },
  })
})

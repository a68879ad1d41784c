import pg from 'pg'
import { expect, test } from 'vitest'
import { freshDatabase } from './databases.ts'
import { postgresUrl } from './ground.ts'
import { startPostgres } from './postgres.ts'

test('the run has one PostgreSQL, whoever asks', async () => {
  const urls = await Promise.all([postgresUrl(), postgresUrl(), postgresUrl()])

  expect(new Set(urls).size).toBe(1)
})

test('parallel claimers on the tests’ PostgreSQL skip each other’s rows', async () => {
  const database = await freshDatabase('postgres')
  const pool = new pg.Pool({ connectionString: database.url, max: 8 })
  await pool.query('create table claims (id int primary key, owner int)')
  await pool.query('insert into claims select generate_series(1, 40)')

  const claim = `update claims set owner = $1 where id in
    (select id from claims where owner is null order by id limit 5 for update skip locked) returning id`
  const claimed = await Promise.all([1, 2, 3, 4, 5, 6, 7, 8].map((owner) => pool.query(claim, [owner])))

  expect(new Set(claimed.flatMap(({ rows }) => rows.map((row) => row.id))).size).toBe(40)
  await pool.end()
  await database.remove()
})

test.skipIf(process.env.TEST_POSTGRES_URL)('a stopped server answers nobody', async () => {
  const own = await startPostgres()
  await own.stop()

  const client = new pg.Client({ connectionString: own.url })
  await expect(client.connect()).rejects.toThrow('ECONNREFUSED')
})

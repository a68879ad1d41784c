import { createHash, randomBytes } from 'node:crypto'
import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { setTimeout } from 'node:timers/promises'
import pg from 'pg'
import type { Engine } from '../../server/db/engine.ts'
import { migrate } from '../../server/db/migrate.ts'
import { openDatabase } from '../../server/db/open.ts'
import { postgresUrl } from './ground.ts'

/** The address of a database as openDatabase takes it, all tables made and no row in them, and how to be rid of it. */
export type FreshDatabase = { url: string; remove(): Promise<void> }

/** A database of the caller's own: a file in a temporary folder, or a copy of the run's migrated template. */
export function freshDatabase(engine: Engine): Promise<FreshDatabase> {
  return engine === 'sqlite' ? freshFile() : freshCopy()
}

let migratedFile: Promise<Buffer> | undefined

async function freshFile(): Promise<FreshDatabase> {
  migratedFile ??= migrated()
  const folder = temporaryFolder()
  const file = path.join(folder, 'switchboard.db')
  fs.writeFileSync(file, await migratedFile)
  return { url: `sqlite:${file}`, remove: async () => fs.rmSync(folder, { recursive: true, force: true }) }
}

async function migrated(): Promise<Buffer> {
  const folder = temporaryFolder()
  const file = path.join(folder, 'template.db')
  await migrateAt(`sqlite:${file}`)
  const bytes = fs.readFileSync(file)
  fs.rmSync(folder, { recursive: true, force: true })
  return bytes
}

async function freshCopy(): Promise<FreshDatabase> {
  const server = await postgresUrl()
  const template = await migratedTemplate(server)
  const name = `switchboard_test_${randomBytes(8).toString('hex')}`
  await asked(server, (client) => client.query(`create database ${name} template ${template} strategy file_copy`))
  return {
    url: named(server, name),
    remove: () => asked(server, (client) => drop(client, name)),
  }
}

/** A pool that was closed still has sessions ending; cut off, they would report an error to a test that is over. */
async function drop(client: pg.Client, name: string): Promise<void> {
  for (let look = 0; look < 100; look += 1) {
    const sessions = await client.query('select 1 from pg_stat_activity where datname = $1', [name])
    if (!sessions.rowCount) break
    await setTimeout(10)
  }
  await client.query(`drop database if exists ${name} with (force)`)
}

/** Made by whoever comes first, while the others wait. Its name tells the migrations, so a kept server can't mislead. */
async function migratedTemplate(server: string): Promise<string> {
  const template = `switchboard_template_${migrationsHash()}`
  await asked(server, async (client) => {
    await client.query("select pg_advisory_lock(hashtext('switchboard_template'))") // let go with the connection
    const found = await client.query('select 1 from pg_database where datname = $1', [template])
    if (found.rowCount) return
    await client.query(`drop database if exists ${template}_unfinished with (force)`)
    await client.query(`create database ${template}_unfinished`)
    await migrateAt(named(server, `${template}_unfinished`))
    await client.query(`alter database ${template}_unfinished rename to ${template}`)
  })
  return template
}

function migrationsHash(): string {
  const folder = path.join(import.meta.dirname, '../../server/db/migrations')
  const hash = createHash('sha256')
  for (const file of fs.readdirSync(folder).sort()) hash.update(fs.readFileSync(path.join(folder, file)))
  return hash.digest('hex').slice(0, 12)
}

async function migrateAt(url: string): Promise<void> {
  const db = await openDatabase(url)
  try {
    await migrate(db)
  } finally {
    await db.destroy()
  }
}

async function asked<Answer>(server: string, ask: (client: pg.Client) => Promise<Answer>): Promise<Answer> {
  const client = new pg.Client({ connectionString: server })
  await client.connect()
  try {
    return await ask(client)
  } finally {
    await client.end()
  }
}

function named(server: string, database: string): string {
  const url = new URL(server)
  url.pathname = `/${database}`
  return url.href
}

function temporaryFolder(): string {
  return fs.mkdtempSync(path.join(os.tmpdir(), 'switchboard-test-'))
}

import { describe } from 'vitest'
import type { Engine } from '../../server/db/engine.ts'
import { type Db, openDatabase } from '../../server/db/open.ts'
import { freshDatabase } from './databases.ts'

export type Store = { db: Db; engine: Engine; url: string } & AsyncDisposable

export const ENGINES: Engine[] = ['sqlite', 'postgres']

/** Runs one suite on every engine we ship. Each test opens a store of its own: `await using store = await open()`. */
export function eachStore(about: string, tests: (open: () => Promise<Store>, engine: Engine) => void): void {
  describe.each(ENGINES)(`${about}, on %s`, (engine) => tests(() => openStore(engine), engine))
}

/** A migrated, empty database, gone when the test ends. */
export async function openStore(engine: Engine = 'sqlite'): Promise<Store> {
  const { url, remove } = await freshDatabase(engine)
  const db = await openDatabase(url)
  return {
    db,
    engine,
    url,
    async [Symbol.asyncDispose]() {
      await db.destroy()
      await remove()
    },
  }
}

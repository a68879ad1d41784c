import { readFileSync, statSync } from 'node:fs'
import { sql } from 'kysely'
import type { Answer, World } from './world.ts'

/** Everything an answer says, but for the cookies that a browser must get. */
export function textOf(answer: Answer): string {
  const headers = [...answer.headers].filter(([name]) => name !== 'set-cookie')
  return `${answer.text}\n${JSON.stringify(headers)}`
}

/** Every byte, or every row, that the database holds. */
export async function storedText(world: World): Promise<{ where: string; text: string }[]> {
  if (world.engine === 'sqlite') {
    const { rows } = await sql<{ file: string }>`pragma database_list`.execute(world.db)
    const file = rows[0]?.file ?? ''
    return ['', '-wal']
      .map((ending) => file + ending)
      .filter((path) => statSync(path, { throwIfNoEntry: false }))
      .map((path) => ({ where: path, text: readFileSync(path, 'latin1') }))
  }
  const tables = await world.db.introspection.getTables()
  return Promise.all(
    tables.map(async ({ name }) => {
      const { rows } = await sql`select * from ${sql.table(name)}`.execute(world.db)
      return { where: `table ${name}`, text: JSON.stringify(rows) }
    }),
  )
}

import type { Db, DeclaredCommandsTable } from '../../db/schema.ts'

export type SavedCommand = DeclaredCommandsTable

/** In the order of their names. */
export async function listDeclaredCommands(db: Db): Promise<SavedCommand[]> {
  return db.selectFrom('declaredCommands').selectAll().orderBy('command').execute()
}

export async function findDeclaredCommand(db: Db, command: string): Promise<SavedCommand | undefined> {
  return db.selectFrom('declaredCommands').selectAll().where('command', '=', command).executeTakeFirst()
}

/** Puts it in place of the one of its name. */
export async function putDeclaredCommand(db: Db, row: SavedCommand): Promise<void> {
  const { command: _, ...columns } = row
  await db
    .insertInto('declaredCommands')
    .values(row)
    .onConflict((conflict) => conflict.column('command').doUpdateSet(columns))
    .execute()
}

export async function deleteDeclaredCommand(db: Db, command: string): Promise<void> {
  await db.deleteFrom('declaredCommands').where('command', '=', command).execute()
}

import { sql } from 'kysely'
import { expect, test } from 'vitest'
import { columnsAs } from '../../../server/db/camel-case.ts'
import { eachStore } from '../../support/each-store.ts'

eachStore('rows of raw statements', (open) => {
  test('are named as in the code, whether the statement names them so or not', async () => {
    await using store = await open()
    const one = sql`(select 'C1' as conversation_id, 7 as tries) as one`

    const named = await sql`select ${columnsAs('one', ['conversationId', 'tries'])} from ${one}`.execute(store.db)
    const unnamed = await sql`select * from ${one}`.execute(store.db)
    const none = await sql`select * from ${one} where false`.execute(store.db)

    expect([named.rows, unnamed.rows, none.rows]).toEqual([
      [{ conversationId: 'C1', tries: 7 }],
      [{ conversationId: 'C1', tries: 7 }],
      [],
    ])
  })
})

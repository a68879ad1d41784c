import { sql } from 'kysely'
import { describe, expect, test } from 'vitest'
import type { Db } from '../../../server/db/schema.ts'
import { deliverDue } from '../../../server/deliveries/worker.ts'
import { COMMAND, form, send, startCalled } from './slack-calls.ts'

const PATIENCE = { timeout: 20_000 }

const textOf = (answer: { text: string }): string => JSON.parse(answer.text).text

describe('a slash command', () => {
  test('typed in Slack is answered with help, to the person alone', async () => {
    await using called = await startCalled()
    const [person] = await called.slack.people()
    const channelId = await called.slack.channel('compliance')

    const answered = await called.slack.command({ command: '/switchboard', userId: person?.id, channelId })

    expect(answered).toMatchObject({ status: 200 })
    expect(JSON.parse(answered.body)).toEqual({
      response_type: 'ephemeral',
      text: expect.stringContaining('/switchboard status'),
    })
  })

  test('is kept with who used it, where and how long the answer took', async () => {
    await using called = await startCalled()

    await called.command({ text: 'help me' })

    expect(await called.invocations()).toEqual([
      {
        id: expect.stringMatching(/^inv_/),
        integrationId: called.integration.id,
        integrationName: 'Acme production',
        command: '/switchboard',
        text: 'help me',
        user: { id: COMMAND.user_id, name: 'kim' },
        channel: { id: COMMAND.channel_id, name: 'compliance' },
        receivedAt: new Date(called.clock.now).toISOString(),
        ackMs: expect.any(Number),
        outcome: 'answered',
      },
    ])
  })

  test('is answered only once it is stored', async () => {
    await using called = await startCalled({ engine: 'postgres' })
    let isAnswered = false

    const { asking } = await called.db.transaction().execute(async (trx) => {
      await sql`lock table invocations in access exclusive mode`.execute(trx)
      const asking = called.command().finally(() => {
        isAnswered = true
      })
      await expect.poll(() => countWaiting(trx), PATIENCE).toBe(1)
      expect(isAnswered).toBe(false)
      return { asking }
    })

    expect((await asking).status).toBe(200)
  })

  test('is taken at its address with a query too', async () => {
    await using called = await startCalled()
    const body = form(COMMAND)

    const answer = await send(`${called.commandsUrl}?from=proxy`, body, called.headersFor(body))

    expect(answer.status).toBe(200)
    expect(await called.invocations()).toHaveLength(1)
  })

  test('asks how deliveries stand', async () => {
    await using called = await startCalled()
    const admin = await called.as('admin')
    const made = { integrationId: called.integration.id, kind: 'channel', channel: '#compliance' }
    const destination = await admin.post('/api/destinations', made)
    const sending = admin.post(`/api/destinations/${destination.body.id}/test`, {})
    await expect.poll(() => deliverDue(called.ctx), PATIENCE).toBe(1)
    await sending

    const answer = await called.command({ text: ' STATUS ' })

    expect(textOf(answer)).toContain('• 1 delivered\n• 0 failed')
    expect(textOf(answer)).toContain(`<${called.url}/deliveries|`)
  })

  test('that is unknown is answered with help, and what was typed can neither mention nor link', async () => {
    await using called = await startCalled()

    const answer = await called.command({ text: '<!channel> & <https://evil.example|here>' })

    expect(textOf(answer)).toContain('“&lt;!channel&gt; &amp; &lt;https://evil.example|here&gt;”')
    expect(textOf(answer)).toContain('*What you can ask*')
  })

  test('of another name is answered with help and counted under its own name', async () => {
    await using called = await startCalled()

    const answer = await called.command({ command: '/deploy', text: 'now' })

    expect(textOf(answer)).toContain('does not answer `/deploy`')
    const commands = (await (await called.as('viewer')).get('/api/commands')).body.items
    expect(commands).toMatchObject([
      { command: '/switchboard', total: 0, failed: 0, people: 0 },
      { command: '/deploy', total: 1, failed: 0, people: 1 },
    ])
  })

  test('that breaks is answered with an apology, and kept as failed', async () => {
    const lines: string[] = []
    await using called = await startCalled({ onLogLine: (line) => lines.push(line) })
    await called.db.schema.alterTable('deliveries').renameTo('deliveries_away').execute()

    const answer = await called.command({ text: 'status' })

    expect(answer.status).toBe(200)
    expect(textOf(answer)).toMatch(/^Sorry/)
    expect(await called.invocations()).toMatchObject([{ outcome: 'failed', code: 'internal' }])
    expect(lines.filter((line) => line.includes('command.broke'))).toHaveLength(1)
  })

  test('that can’t be kept is not carried out in silence', async () => {
    await using called = await startCalled()
    await called.db.schema.alterTable('invocations').renameTo('invocations_away').execute()

    const answer = await called.command()

    expect(answer.status).toBe(200)
    expect(textOf(answer)).toMatch(/^Sorry, Switchboard could not keep this command/)
  })

  test('holding a secret is kept without it', async () => {
    await using called = await startCalled()

    await called.command({ text: 'is xoxb-123456789-abcdefgh the right one?' })

    expect(await called.invocations()).toMatchObject([{ text: 'is xox-[removed] the right one?' }])
  })

  test.each(['sqlite', 'postgres'] as const)('holding strange characters is kept, on %s', async (engine) => {
    await using called = await startCalled({ engine })

    const answer = await called.command({ text: 'naïve 🚦 \u0000 zero', user_name: 'ki\u0000m' })

    expect(answer.status).toBe(200)
    expect(await called.invocations()).toMatchObject([{ text: 'naïve 🚦  zero', user: { name: 'kim' } }])
  })

  test('among fifty at the same moment is answered and kept, each once', async () => {
    await using called = await startCalled()

    const answers = await Promise.all(
      Array.from({ length: 50 }, (_, number) => called.command({ text: `ask ${number}` })),
    )

    expect(answers.map(({ status }) => status)).toEqual(answers.map(() => 200))
    const rows = await called.db.selectFrom('invocations').select('text').execute()
    expect(new Set(rows.map(({ text }) => text)).size).toBe(50)
  })

  test('of a workspace whose integration is disabled says so, and is not kept', async () => {
    await using called = await startCalled()
    await (await called.as('admin')).patch(`/api/integrations/${called.integration.id}`, { enabled: false })

    const answer = await called.command()
    const unsigned = await send(called.commandsUrl, form(COMMAND))

    expect(answer.status).toBe(200)
    expect(textOf(answer)).toContain('switched off')
    expect(unsigned).toMatchObject({ status: 401, text: '' })
    expect(await called.invocations()).toEqual([])
    expect(await called.refused()).toEqual({ disabled: 1, unsigned: 1 })
  })

  test('is taken with the new signing secret as soon as it is saved, and no longer with the old one', async () => {
    await using called = await startCalled()
    await called.command()
    const signingSecret = 'f'.repeat(32)

    await (await called.as('admin')).patch(`/api/integrations/${called.integration.id}`, { signingSecret })
    const withOld = await called.command({ text: 'old' })
    const { appId } = await called.slack.app()
    await called.slack.changeApp(appId, { signingSecret })
    const [person] = await called.slack.people()
    const channelId = await called.slack.channel('compliance')
    const withNew = await called.slack.command({ command: '/switchboard', userId: person?.id, channelId })

    expect(withOld.status).toBe(401)
    expect(withNew.status).toBe(200)
  })
})

describe('the list of uses', () => {
  test('goes by pages and filters', async () => {
    await using called = await startCalled()
    for (const text of ['one', 'two', 'three']) await called.command({ text })
    const viewer = await called.as('viewer')

    const first = await viewer.get('/api/invocations?limit=2')
    const second = await viewer.get(`/api/invocations?limit=2&cursor=${first.body.next}`)
    const none = await viewer.get('/api/invocations?outcome=failed')
    const since = await viewer.get(`/api/invocations?from=${new Date(called.clock.now).toISOString()}`)
    const later = await viewer.get(`/api/invocations?from=${new Date(called.clock.now + 1).toISOString()}`)
    const wrong = await viewer.get('/api/invocations?outcome=perhaps')

    expect(first.body.items.map((item: { text: string }) => item.text)).toEqual(['three', 'two'])
    expect(second.body.items.map((item: { text: string }) => item.text)).toEqual(['one'])
    expect(second.body.next).toBeUndefined()
    expect(none.body.items).toEqual([])
    expect([since.body.items.length, later.body.items.length]).toEqual([3, 0])
    expect(wrong).toMatchObject({ status: 422, body: { error: { field: 'outcome' } } })
  })
})

/** Statements that wait for a lock in this database. */
async function countWaiting(db: Db): Promise<number> {
  const { rows } = await sql<{ count: number }>`
    select count(*) as count from pg_locks
    where not granted and database = (select oid from pg_database where datname = current_database())`.execute(db)
  return Number(rows[0]?.count)
}

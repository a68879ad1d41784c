import { describe, expect, test } from 'vitest'
import { isResponseUrl } from '../../../server/inbound/confirm-test.ts'
import { TEST_ACTION_ID } from '../../../shared/connection-tests.ts'
import { type Called, form, send, startCalled } from './slack-calls.ts'

const CLICK = {
  type: 'block_actions',
  user: { id: 'U0KIM00001', username: 'kim' },
  channel: { id: 'C0ROOM0001', name: 'compliance' },
  container: { type: 'message', message_ts: '1760000000.000100', channel_id: 'C0ROOM0001' },
  message: { ts: '1760000000.000100', text: 'Hello' },
  actions: [{ type: 'button', action_id: 'approve', block_id: 'b1', action_ts: '1.1', value: 'request-7' }],
}

const PATIENCE = { timeout: 20_000 }

const rowsOf = (called: Called) => called.db.selectFrom('interactions').selectAll().execute()

describe('a click', () => {
  test('is kept and answered with nothing', async () => {
    await using called = await startCalled()

    const answer = await called.interact(CLICK)

    expect(answer).toMatchObject({ status: 200, text: '' })
    expect(await rowsOf(called)).toEqual([
      {
        id: expect.stringMatching(/^itr_/),
        integrationId: called.integration.id,
        kind: 'block_actions',
        actionId: 'approve',
        value: 'request-7',
        userId: 'U0KIM00001',
        userName: 'kim',
        channelId: 'C0ROOM0001',
        messageTs: '1760000000.000100',
        signature: expect.stringMatching(/^\d+:v0=/),
        receivedAt: called.clock.now,
        ackMs: expect.any(Number),
      },
    ])
  })

  test('that came before is refused', async () => {
    await using called = await startCalled()
    const body = form({ payload: JSON.stringify(CLICK) })
    const headers = called.headersFor(body)

    const answers = [
      await send(called.interactionsUrl, body, headers),
      await send(called.interactionsUrl, body, headers),
    ]

    expect(answers.map(({ status }) => status)).toEqual([200, 401])
    expect(await rowsOf(called)).toHaveLength(1)
    expect(await called.refused()).toEqual({ replayed: 1 })
  })

  test('at a disabled integration does nothing and is answered all the same', async () => {
    await using called = await startCalled()
    await (await called.as('admin')).patch(`/api/integrations/${called.integration.id}`, { enabled: false })

    const answer = await called.interact(CLICK)

    expect(answer).toMatchObject({ status: 200, text: '' })
    expect(await rowsOf(called)).toEqual([])
  })
})

describe('whatever else Slack sends about what people do', () => {
  const user = { id: 'U0KIM00001', name: 'kim' }
  test.each([
    ['a choice', { ...CLICK, actions: [{ action_id: 'pick', selected_option: { value: 'red' } }] }, 'pick', 'red'],
    ['a text that was emptied', { ...CLICK, actions: [{ action_id: 'note', value: null }] }, 'note', ''],
    ['a modal', { type: 'view_submission', user, view: { id: 'V1', callback_id: 'ask' } }, 'ask', ''],
    ['a closed modal', { type: 'view_closed', user, view: { callback_id: 'ask' }, is_cleared: true }, 'ask', ''],
    ['a shortcut', { type: 'shortcut', user, callback_id: 'open', trigger_id: '1.2', action_ts: '1' }, 'open', ''],
    ['typing in a menu', { type: 'block_suggestion', user, action_id: 'find', value: 're', channel: null }, '', ''],
    ['a click without a user name', { ...CLICK, user: { id: 'U1' } }, 'approve', 'request-7'],
  ])('%s is taken', async (_, payload, actionId, value) => {
    await using called = await startCalled()

    const answer = await called.interact(payload)

    expect(answer).toMatchObject({ status: 200, text: '' })
    expect(await rowsOf(called)).toMatchObject([{ kind: payload.type, actionId, value }])
  })
})

describe('the button of the test message', () => {
  test('is replaced by a confirmation once it was clicked', async () => {
    await using called = await startCalled()
    const channelId = await called.slack.channel('compliance')
    const message = await testMessage(called, channelId)
    const [person] = await called.slack.people()

    const answered = await called.slack.click({ ...message, actionId: TEST_ACTION_ID, userId: person?.id })

    expect(answered).toMatchObject({ status: 200, body: '' })
    await expect
      .poll(async () => (await called.slack.messages(channelId)).find(({ ts }) => ts === message.ts)?.text, PATIENCE)
      .toContain(`Confirmed: Switchboard received this click by <@${person?.id}>`)
    const blocks = (await called.slack.messages(channelId)).find(({ ts }) => ts === message.ts)?.blocks
    expect(JSON.stringify(blocks)).not.toContain('button')
  })

  test('sends nothing to an address that is not Slack’s', async () => {
    const lines: string[] = []
    await using called = await startCalled({ onLogLine: (line) => lines.push(line) })
    const actions = [{ action_id: TEST_ACTION_ID, value: 'tst_1' }]

    const answer = await called.interact({ ...CLICK, actions, response_url: `${called.url}/slack/actions/T1/1/x` })

    expect(answer.status).toBe(200)
    expect(lines.some((line) => line.includes('interaction.response_url_refused'))).toBe(true)
  })

  test.each([
    ['https://hooks.slack.com/actions/T1/2/3', true],
    ['http://127.0.0.1:4000/actions/T1/2/3', true],
    ['http://hooks.slack.com/actions/T1/2/3', false],
    ['https://hooks.slack.com.evil.example/actions', false],
    ['https://evil.example/hooks.slack.com', false],
    ['https://hooks.slack.com@evil.example/', false],
    ['https://user@hooks.slack.com/', false],
    ['https://hooks.slack.com:8443/', false],
    ['http://127.0.0.1:4001/actions', false],
    ['http://localhost/', false],
    ['file:///etc/passwd', false],
    ['/actions/T1', false],
    ['', false],
  ])('may be answered at %s: %s', (url, may) => {
    expect(isResponseUrl(url, ['hooks.slack.com', '127.0.0.1:4000'])).toBe(may)
  })
})

async function testMessage(called: Called, channelId: string): Promise<{ channelId: string; ts: string }> {
  await (await called.as('admin')).post(`/api/integrations/${called.integration.id}/test`)
  const messages = await called.slack.messages(channelId)
  const withButton = messages.find(({ blocks }) => JSON.stringify(blocks ?? []).includes(TEST_ACTION_ID))
  if (!withButton) throw new Error('There is no test message.')
  return { channelId, ts: withButton.ts }
}

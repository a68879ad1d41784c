import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { signatureOf } from '../../../server/simulator/signing.ts'
import { codeOf, type Received, startApp, startSandbox, type TestSandbox } from './support.ts'

let sandbox: TestSandbox
beforeAll(async () => {
  sandbox = await startSandbox()
})
afterAll(() => sandbox.stop())
beforeEach(() => sandbox.ask('POST', '/reset'))

const CHANNEL = 'C0COMPLIANC'
const ADA = 'U0ADAFERRER'
const APP = 'A0SWITCHBRD'
const help = { userId: ADA, channelId: CHANNEL, command: '/switchboard', text: 'help' }

function formOf(received: Received | undefined): Record<string, string> {
  return Object.fromEntries(new URLSearchParams(received?.body))
}

function isSigned(received: Received | undefined): boolean {
  const { headers, body } = received ?? { headers: {}, body: '' }
  const timestamp = String(headers['x-slack-request-timestamp'])
  return headers['x-slack-signature'] === signatureOf(sandbox.credentials.signingSecret, timestamp, body)
}

describe('slash commands', () => {
  test('the app gets every field, signed, and its text is shown to the person alone', async () => {
    await using app = await startApp(() => ({ body: 'Try /switchboard status' }))
    await sandbox.changeApp(APP, { commandsUrl: app.url })

    const answered = await sandbox.command(help)

    expect(answered).toMatchObject({ status: 200, body: 'Try /switchboard status' })
    expect(answered.error).toBeUndefined()
    expect(isSigned(app.received[0])).toBe(true)
    expect(formOf(app.received[0])).toMatchObject({
      command: '/switchboard',
      text: 'help',
      user_id: ADA,
      user_name: 'ada',
      channel_id: CHANNEL,
      channel_name: 'compliance',
      team_domain: 'acme',
      api_app_id: APP,
      is_enterprise_install: 'false',
    })
    expect(await sandbox.messages(CHANNEL)).toMatchObject([{ text: 'Try /switchboard status', ephemeral_to: ADA }])
  })

  test('an answer for the channel shows the command and then the answer', async () => {
    const body = JSON.stringify({ response_type: 'in_channel', text: 'All is well' })
    await using app = await startApp(() => ({ body, type: 'application/json' }))
    await sandbox.changeApp(APP, { commandsUrl: app.url })

    await sandbox.command(help)

    const messages = await sandbox.messages(CHANNEL)
    expect(messages.map(({ text }) => text)).toEqual(['/switchboard help', 'All is well'])
    expect(messages.every((message) => !('ephemeral_to' in message))).toBe(true)
  })

  test('an empty answer shows nothing', async () => {
    await using app = await startApp(() => ({}))
    await sandbox.changeApp(APP, { commandsUrl: app.url })

    await sandbox.command(help)

    expect(await sandbox.messages(CHANNEL)).toEqual([])
  })

  test('whoever takes more than three seconds gets operation_timeout', async () => {
    await using app = await startApp(() => null)
    await sandbox.changeApp(APP, { commandsUrl: app.url })

    const answered = await sandbox.command(help)

    expect(answered).toMatchObject({ status: null, error: 'operation_timeout' })
    expect(await sandbox.messages(CHANNEL)).toMatchObject([
      { text: '/switchboard failed with the error "operation_timeout"', ephemeral_to: ADA },
    ])
  })

  test('a status other than 200, or nobody there, fails the dispatch', async () => {
    await using app = await startApp(() => ({ status: 401 }))
    await sandbox.changeApp(APP, { commandsUrl: app.url })
    const refused = await sandbox.command(help)
    await sandbox.changeApp(APP, { commandsUrl: 'http://127.0.0.1:1/slack' })
    const nobody = await sandbox.command(help)

    expect(refused).toMatchObject({ status: 401, error: 'dispatch_failed' })
    expect(nobody).toMatchObject({ status: null, error: 'dispatch_failed' })
  })

  test('a replay is the same request, byte for byte', async () => {
    await using app = await startApp(() => ({}))
    await sandbox.changeApp(APP, { commandsUrl: app.url })
    await sandbox.command(help)
    sandbox.clock.now += 5_000

    await sandbox.command({ ...help, signWith: 'replay' })

    const [first, second] = app.received
    expect(second?.body).toBe(first?.body)
    expect(second?.headers['x-slack-signature']).toBe(first?.headers['x-slack-signature'])
    expect(second?.headers['x-slack-request-timestamp']).toBe(first?.headers['x-slack-request-timestamp'])
  })

  test.each(['wrong-secret', 'altered', 'unsigned'])('signed with %s does not verify', async (signWith) => {
    await using app = await startApp(() => ({}))
    await sandbox.changeApp(APP, { commandsUrl: app.url })

    await sandbox.command({ ...help, signWith })

    expect(isSigned(app.received[0])).toBe(false)
  })

  test('an app without a command address is named', async () => {
    const response = await sandbox.control('POST', '/commands', help)

    expect(response.status).toBe(409)
    expect(await response.json()).toMatchObject({ error: { message: expect.stringContaining('commandsUrl') } })
  })
})

describe('clicks', () => {
  const blocks = [
    {
      type: 'actions',
      block_id: 'decide',
      elements: [
        { type: 'button', action_id: 'ack', value: 'dlv_1', text: { type: 'plain_text', text: 'Acknowledge' } },
        {
          type: 'static_select',
          action_id: 'snooze',
          options: [{ text: { type: 'plain_text', text: '1 hour' }, value: '1h' }],
        },
      ],
    },
  ]
  const havingMessage = async () => {
    const { ts = '' } = await sandbox.client().chat.postMessage({ channel: CHANNEL, text: 'Decide', blocks })
    return { channelId: CHANNEL, ts, userId: ADA }
  }

  test('a button reaches the app with its value, its message and a response_url', async () => {
    await using app = await startApp(() => ({}))
    await sandbox.changeApp(APP, { interactivityUrl: app.url })
    const message = await havingMessage()

    const answered = await sandbox.click({ ...message, actionId: 'ack' })

    const payload = JSON.parse(formOf(app.received[0]).payload ?? '')
    expect(answered.status).toBe(200)
    expect(isSigned(app.received[0])).toBe(true)
    expect(payload).toMatchObject({
      type: 'block_actions',
      api_app_id: APP,
      user: { id: ADA, username: 'ada' },
      container: { type: 'message', message_ts: message.ts, channel_id: CHANNEL },
      actions: [{ type: 'button', action_id: 'ack', block_id: 'decide', value: 'dlv_1' }],
    })
    expect(payload.response_url).toContain(`${sandbox.url}/actions/`)
  })

  test('a menu sends the option that was chosen', async () => {
    await using app = await startApp(() => ({}))
    await sandbox.changeApp(APP, { interactivityUrl: app.url })
    const message = await havingMessage()

    await sandbox.click({ ...message, actionId: 'snooze', value: '1h' })

    const payload = JSON.parse(formOf(app.received[0]).payload ?? '')
    expect(payload.actions).toMatchObject([{ type: 'static_select', selected_option: { value: '1h' } }])
  })

  test('a button on a card and one in a container are told apart by the block that holds them', async () => {
    await using app = await startApp(() => ({}))
    await sandbox.changeApp(APP, { interactivityUrl: app.url })
    const button = (action_id: string) => ({
      type: 'button',
      action_id,
      value: 'v',
      text: { type: 'plain_text', text: 'Go' },
    })
    const card = {
      type: 'card',
      actions: [button('on_card'), { type: 'button', text: { type: 'plain_text', text: 'No' } }],
    }
    const actions = { type: 'actions', block_id: 'held', elements: [button('inside')] }
    const { ts = '', message } = await sandbox.client().chat.postMessage({
      channel: CHANNEL,
      text: 'Choose',
      blocks: [
        { type: 'carousel', elements: [card] },
        { type: 'container', title: { type: 'plain_text', text: 'Held' }, child_blocks: [actions] },
      ] as never,
    })

    for (const actionId of ['on_card', 'inside']) {
      await sandbox.click({ channelId: CHANNEL, ts, userId: ADA, actionId })
    }

    const clicked = app.received.map((request) => JSON.parse(formOf(request).payload ?? '').actions[0].block_id)
    expect(message?.blocks).toMatchObject([
      { elements: [{ block_id: 'blk0-0', actions: [{}, { action_id: 'act0-0-1' }] }] },
      {},
    ])
    expect(clicked).toEqual(['blk0-0', 'held'])
  })

  test('the trigger opens one modal, within three seconds', async () => {
    await using app = await startApp(() => ({}))
    await sandbox.changeApp(APP, { interactivityUrl: app.url })
    const message = await havingMessage()
    const triggers: string[] = []
    for (let count = 0; count < 2; count += 1) {
      await sandbox.click({ ...message, actionId: 'ack' })
      triggers.push(JSON.parse(formOf(app.received.at(-1)).payload ?? '').trigger_id)
    }
    const view = { type: 'modal' as const, title: { type: 'plain_text' as const, text: 'Why?' }, blocks: [] }
    const open = (trigger_id = '') => codeOf(sandbox.client().views.open({ trigger_id, view }))

    const codes = [await open(triggers[0]), await open(triggers[0])]
    sandbox.clock.now += 3_001
    codes.push(await open(triggers[1]))

    expect(codes).toEqual(['ok', 'exchanged_trigger_id', 'expired_trigger_id'])
  })

  test('a button that is not on the message is named', async () => {
    const message = await havingMessage()

    const response = await sandbox.control('POST', '/clicks', { ...message, actionId: 'explode' })

    expect(response.status).toBe(404)
    expect(await response.json()).toMatchObject({ error: { field: 'actionId' } })
  })

  test('a response_url can replace the message and delete it', async () => {
    await using app = await startApp(() => ({}))
    await sandbox.changeApp(APP, { interactivityUrl: app.url })
    await sandbox.click({ ...(await havingMessage()), actionId: 'ack' })
    const { response_url } = JSON.parse(formOf(app.received[0]).payload ?? '')

    await sandbox.post(response_url, { replace_original: true, text: 'Acknowledged by Ada' })
    const replaced = await sandbox.messages(CHANNEL)
    await sandbox.post(response_url, { delete_original: true })
    const deleted = await sandbox.messages(CHANNEL)

    expect(replaced).toMatchObject([{ text: 'Acknowledged by Ada' }])
    expect(deleted).toEqual([])
  })
})

describe('response_url', () => {
  const havingResponseUrl = async (): Promise<string> => {
    await using app = await startApp(() => ({}))
    await sandbox.changeApp(APP, { commandsUrl: app.url })
    await sandbox.command(help)
    return formOf(app.received[0]).response_url ?? ''
  }

  test('it takes five answers and no sixth', async () => {
    const url = await havingResponseUrl()

    const answers = []
    for (let use = 1; use <= 6; use += 1) answers.push(await sandbox.post(url, { text: `answer ${use}` }))

    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200, 200, 200, 404])
    expect(await answers[0]?.json()).toEqual({ ok: true })
    expect(await answers[5]?.json()).toEqual({ ok: false, error: 'used_url' })
    expect(await sandbox.messages(CHANNEL)).toHaveLength(5)
  })

  test('it ends after thirty minutes', async () => {
    const url = await havingResponseUrl()

    sandbox.clock.now += 30 * 60_000
    const inTime = await sandbox.post(url, { text: 'just in time' })
    sandbox.clock.now += 1
    const late = await sandbox.post(url, { text: 'late' })

    expect([inTime.status, late.status]).toEqual([200, 404])
    expect(await late.json()).toEqual({ ok: false, error: 'expired_url' })
  })

  test('a fault can strike it, and uses nothing up when nothing was posted', async () => {
    const url = await havingResponseUrl()
    await sandbox.fault({ method: 'response_url', kind: 'http_500' })

    const struck = await sandbox.post(url, { text: 'lost' })
    const answers = []
    for (let use = 1; use <= 5; use += 1) answers.push((await sandbox.post(url, { text: `answer ${use}` })).status)

    expect([struck.status, ...answers]).toEqual([500, 200, 200, 200, 200, 200])
  })

  test('it posts where the bot is not, to the person or to all', async () => {
    await using app = await startApp(() => ({}))
    await sandbox.changeApp(APP, { commandsUrl: app.url })
    await sandbox.command({ ...help, channelId: 'C0BOARD0001' })
    const url = formOf(app.received[0]).response_url ?? ''

    await sandbox.post(url, { text: 'only you' })
    await sandbox.post(url, { text: 'all of you', response_type: 'in_channel' })

    const messages = await sandbox.messages('C0BOARD0001')
    expect(messages).toMatchObject([{ text: 'only you', ephemeral_to: ADA }, { text: 'all of you' }])
    expect(messages[1]).not.toHaveProperty('ephemeral_to')
  })
})

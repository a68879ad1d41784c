import { request } from 'node:http'
import { describe, expect, test } from 'vitest'
import { type ConnectionTest, TEST_ACTION_ID, type TestStep } from '../../../shared/connection-tests.ts'
import { type Called, startCalled } from './slack-calls.ts'

/** What comes by itself, on a busy machine too. */
const eventually = <Found>(look: () => Promise<Found>) => expect.poll(look, { timeout: 20_000 })

const start = async (called: Called): Promise<ConnectionTest> =>
  (await (await called.as('admin')).post(`/api/integrations/${called.integration.id}/test`)).body

/** The run as the page that waits sees it. */
async function read(called: Called, { id }: ConnectionTest): Promise<ConnectionTest> {
  return (await (await called.as('viewer')).get(`/api/integrations/${called.integration.id}/tests/${id}`)).body
}

const signingStep = ({ steps }: ConnectionTest): TestStep | undefined =>
  steps.find(({ name }) => name === 'signing_secret')

async function click(called: Called, signWith?: string) {
  const channelId = await called.slack.channel('compliance')
  const message = (await called.slack.messages(channelId)).find(({ blocks }) =>
    JSON.stringify(blocks ?? []).includes(TEST_ACTION_ID),
  )
  const [person] = await called.slack.people()
  const userId = person?.id
  return called.slack.click({
    channelId,
    ts: message?.ts,
    actionId: TEST_ACTION_ID,
    userId,
    ...(signWith && { signWith }),
  })
}

async function command(called: Called, signWith?: string) {
  const channelId = await called.slack.channel('compliance')
  const [person] = await called.slack.people()
  const use = { command: '/switchboard', text: 'help', userId: person?.id, channelId }
  return called.slack.command({ ...use, ...(signWith && { signWith }) })
}

describe('a connection test that waits for Slack’s first signed request', () => {
  test.each([
    ['the button of its message is clicked', click],
    ['the slash command is typed', command],
  ])('turns green by itself when %s', async (_, act) => {
    await using called = await startCalled()
    const started = await start(called)
    expect(started.state).toBe('waiting')
    expect(signingStep(started)).toMatchObject({ state: 'waiting' })

    const answered = await act(called)

    expect(answered.status).toBe(200)
    await eventually(async () => signingStep(await read(called, started))?.state).toBe('pass')
    expect(await read(called, started)).toMatchObject({ state: 'ok' })
  })

  test.each([
    ['wrong-secret', 'bad_signature', /does not fit the signing secret/, /Copy the signing secret/],
    ['stale', 'stale', /time long past/, /clock/],
    ['future', 'future', /time yet to come/, /clock/],
    ['unsigned', 'unsigned', /without Slack’s signature/, /headers pass|pass these two headers/],
  ])('says the likely cause of a request signed %s, and still turns green', async (signWith, code, title, fix) => {
    await using called = await startCalled()
    const started = await start(called)

    const refused = await click(called, signWith)

    expect(refused.status).toBe(401)
    await eventually(async () => signingStep(await read(called, started))?.state).toBe('warn')
    const step = signingStep(await read(called, started))
    expect(step).toMatchObject({ code, title: expect.stringMatching(title), fix: expect.stringMatching(fix) })
    expect(await read(called, started)).toMatchObject({ state: 'waiting' })

    await click(called)
    await eventually(async () => signingStep(await read(called, started))?.state).toBe('pass')
  })

  test('says that the body was altered when a proxy unpacked it or packed it', async () => {
    await using called = await startCalled()
    const started = await start(called)

    await sendEncoded(called)

    await eventually(async () => signingStep(await read(called, started))?.title).toContain('altered on the way')
  })

  test('says nothing about requests that came twice', async () => {
    await using called = await startCalled()
    await command(called)
    const started = await start(called)

    await command(called, 'replay')

    expect(await called.refused()).toEqual({ replayed: 1 })
    expect(signingStep(await read(called, started))?.state).not.toBe('warn')
  })

  test('stays as it is when somebody calls an address of no integration', async () => {
    await using called = await startCalled()
    const started = await start(called)

    await fetch(`${called.url}/slack/int_none/commands`, { method: 'POST', body: 'x' })

    expect(await called.refused()).toEqual({ unknown_integration: 1 })
    expect(signingStep(await read(called, started))?.state).toBe('waiting')
  })
})

/** The right headers over other bytes, as a proxy leaves them that compresses what it passes on. */
function sendEncoded(called: Called): Promise<void> {
  const headers = { ...called.headersFor('command=%2Fswitchboard'), 'content-encoding': 'gzip' }
  return new Promise((resolve, reject) => {
    const asking = request(called.commandsUrl, { method: 'POST', headers }, (response) => {
      response.resume().on('end', resolve)
    })
    asking.on('error', reject)
    asking.end(Buffer.from([0x1f, 0x8b, 8, 0]))
  })
}

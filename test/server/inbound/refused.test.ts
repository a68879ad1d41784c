import { request } from 'node:http'
import { connect } from 'node:net'
import { describe, expect, test } from 'vitest'
import { type Called, COMMAND, form, send, startCalled } from './slack-calls.ts'

const BODY = form(COMMAND)

async function rowsOf(called: Called): Promise<number> {
  const [invocations, refusals] = await Promise.all([
    called.db.selectFrom('invocations').select('id').execute(),
    called.db.selectFrom('refusedRequests').select('count').execute(),
  ])
  expect(invocations).toEqual([])
  return refusals.length
}

describe('a request', () => {
  test.each([
    ['without a signature', 'unsigned', () => ({})],
    ['signed with another secret', 'bad_signature', (called: Called) => ({ ...called.headersFor(`${BODY}x`) })],
    ['signed 301 seconds ago', 'stale', (called: Called) => called.headersFor(BODY, 301)],
    ['signed 301 seconds ahead', 'future', (called: Called) => called.headersFor(BODY, -301)],
  ])('%s is refused with nothing said, and counted', async (_, reason, headers) => {
    await using called = await startCalled()

    const answer = await send(called.commandsUrl, BODY, headers(called))

    expect(answer).toMatchObject({ status: 401, text: '' })
    expect(await called.refused()).toEqual({ [reason]: 1 })
    expect(await called.invocations()).toEqual([])
  })

  test.each([300, -300])('signed %s seconds ago is taken', async (ageSeconds) => {
    await using called = await startCalled()

    const answer = await send(called.commandsUrl, BODY, called.headersFor(BODY, ageSeconds))

    expect(answer.status).toBe(200)
  })

  test('that came before is refused, and its answer not given away', async () => {
    await using called = await startCalled()
    const headers = called.headersFor(BODY)

    const answers = [await send(called.commandsUrl, BODY, headers), await send(called.commandsUrl, BODY, headers)]
    const together = called.headersFor(`${BODY}&x=1`)
    const race = await Promise.all([1, 2, 3].map(() => send(called.commandsUrl, `${BODY}&x=1`, together)))

    expect(answers.map(({ status }) => status)).toEqual([200, 401])
    expect(answers[1]?.text).toBe('')
    expect(race.map(({ status }) => status).sort()).toEqual([200, 401, 401])
    expect(await called.refused()).toEqual({ replayed: 3 })
  })

  test('for an integration that does not exist is answered like any other that is refused, and makes no row of its own', async () => {
    await using called = await startCalled()
    const addresses = Array.from({ length: 20 }, (_, number) => `${called.url}/slack/int_made_up_${number}/commands`)

    const answers = await Promise.all(addresses.map((url) => send(url, BODY, called.headersFor(BODY))))
    const known = await send(called.commandsUrl, BODY, {})

    expect(new Set(answers.map(({ status, text }) => `${status} ${text}`))).toEqual(new Set(['401 ']))
    const namesOf = ({ headers }: { headers: Headers }) => [...headers.keys()].sort()
    expect(answers.map(namesOf)).toEqual(answers.map(() => namesOf(known)))
    expect(await called.refused()).toEqual({ unknown_integration: 20, unsigned: 1 })
    expect(await rowsOf(called)).toBe(2)
  })

  test('of which many come makes counts grow, not rows', async () => {
    await using called = await startCalled()

    for (let round = 0; round < 5; round += 1) {
      await Promise.all(Array.from({ length: 40 }, () => send(called.commandsUrl, BODY)))
      expect(await called.refused()).toEqual({ unsigned: (round + 1) * 40 })
    }

    expect(await rowsOf(called)).toBe(1)
  })

  test.each(['/commands', '/interactions'])('that is signed and no form of Slack’s is refused at %s', async (path) => {
    await using called = await startCalled()
    const url = `${called.url}/slack/${called.integration.id}${path}`

    for (const body of [
      '',
      'a=b',
      '{}',
      'payload=%7B',
      'payload=null',
      'payload=%5B%5D',
      form({ ...COMMAND, command: 'no' }),
    ]) {
      expect(await send(url, body, called.headersFor(body))).toMatchObject({ status: 400, text: '' })
    }
    const noText = Uint8Array.from([255, 254, 61, 128])
    expect(await send(url, noText, called.headersFor(noText))).toMatchObject({ status: 400, text: '' })

    expect(await called.refused()).toEqual({ malformed: 8 })
  })

  test('larger than 64 kB is refused before it is read', async () => {
    await using called = await startCalled()
    const body = form({ ...COMMAND, text: 'x'.repeat(65 * 1_024) })

    const announced = await post(called.commandsUrl, { 'content-length': '9999999' }, 'x')
    const unannounced = await post(called.commandsUrl, { 'transfer-encoding': 'chunked' }, body)
    const elsewhere = await post(`${called.url}/slack/int_none/commands`, { 'content-length': '9999999' }, 'x')

    expect([announced, unannounced, elsewhere]).toEqual([413, 413, 413])
    expect(await called.refused()).toEqual({ too_large: 2, unknown_integration: 1 })
  })

  test('of 64 kB is read', async () => {
    await using called = await startCalled()
    const frame = form({ ...COMMAND, text: '' }).length
    const body = form({ ...COMMAND, text: 'x'.repeat(64 * 1_024 - frame) })

    expect((await send(called.commandsUrl, body, called.headersFor(body))).status).toBe(200)
  })

  test('that ends in the middle is forgotten, and the next one answered', async () => {
    await using called = await startCalled()

    await breakOff(called.commandsUrl)

    expect((await called.command()).status).toBe(200)
    expect(await called.refused()).toEqual({})
  })

  test('by another method finds nothing', async () => {
    await using called = await startCalled()

    const answer = await called.anonymous.get(`/slack/${called.integration.id}/commands`)

    expect(answer.status).toBe(404)
  })
})

describe('Slack’s own check of the address', () => {
  test('is answered without a signature, and nothing in it is read or kept', async () => {
    await using called = await startCalled()

    const plain = await send(called.commandsUrl, 'ssl_check=1&token=x')
    const smuggled = await send(
      called.interactionsUrl,
      `ssl_check=1&${form({ payload: '{"type":"block_actions"}' })}&${BODY}`,
    )

    expect(plain).toMatchObject({ status: 200, text: '' })
    expect(smuggled).toMatchObject({ status: 200, text: '' })
    expect(await rowsOf(called)).toBe(0)
  })

  test('says exactly 1', async () => {
    await using called = await startCalled()

    expect((await send(called.commandsUrl, 'ssl_check=11&token=x')).status).toBe(401)
  })
})

/** A request of which the server must answer the beginning. */
function post(url: string, headers: Record<string, string>, body: string): Promise<number> {
  return new Promise((resolve, reject) => {
    const asking = request(url, { method: 'POST', headers }, (response) => {
      response.resume()
      resolve(response.statusCode ?? 0)
      asking.destroy()
    })
    asking.on('error', reject)
    asking.write(body)
  })
}

function breakOff(url: string): Promise<void> {
  const { hostname, port, pathname, host } = new URL(url)
  return new Promise((resolve, reject) => {
    const socket = connect(Number(port), hostname, () => {
      const head = `POST ${pathname} HTTP/1.1\r\nHost: ${host}\r\nContent-Length: 100\r\n\r\ncommand=`
      socket.write(head, () => socket.destroy())
    })
    socket.on('error', reject).on('close', () => resolve())
  })
}

import fc from 'fast-check'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Connection, OutgoingMessage } from '../../../../server/providers/provider.ts'
import { makeSlackReach } from '../../../../server/providers/slack/reach.ts'
import { slack } from '../../../../server/providers/slack/slack.ts'
import { contextOver, examine, subjectOf } from './outside.ts'
import { type Listening, webServer } from './servers.ts'

/** Something in Slack's place that says everything it was told, back to whoever told it. */
let echo: Listening
let status = 200
let error = ''
beforeAll(async () => {
  echo = await webServer((request, response) => {
    let body = ''
    request.on('data', (chunk) => {
      body += chunk
    })
    request.on('end', () => {
      const said = { ...request.headers, url: request.url, body: decodeURIComponent(body.replaceAll('+', ' ')) }
      response.writeHead(status, { 'x-slack-req-id': 'req-1' })
      const everything = JSON.stringify(said)
      const answer = { ok: error === '', error: error.replace('%', everything), errors: [everything], said }
      response.end(JSON.stringify(answer))
    })
  })
})
afterAll(() => echo[Symbol.asyncDispose]())

const word = (shortest: number, longest: number) =>
  fc.stringMatching(new RegExp(`^[A-Za-z0-9]{${shortest},${longest}}$`))
const known = fc.record({
  botToken: fc.tuple(fc.constantFrom('xoxb-', 'xoxe.xoxb-1-', 'odd'), word(12, 60)).map((parts) => parts.join('')),
  appToken: word(12, 60).map((tail) => `xapp-1-${tail}`),
  clientSecret: word(16, 40),
  signingSecret: word(16, 40),
})

const answers = fc.record({
  status: fc.constantFrom(200, 200, 400, 403, 429, 500),
  error: fc.constantFrom('', 'invalid_blocks', 'missing_scope', 'never_heard_of', '%', 'no %'),
})

test('no exchange and no log line holds a secret, whatever Slack says back', async () => {
  const host = new URL(echo.url).host
  const reach = makeSlackReach({
    apiUrl: `${echo.url}/api/`,
    webhookHosts: [host],
    uploadHosts: [],
    proxyUrl: undefined,
  })
  const lines: string[] = []
  const ctx = contextOver(reach, (line) => lines.push(line))

  await fc.assert(
    fc.asyncProperty(known, word(16, 30), answers, async (secrets, hook, answer) => {
      status = answer.status
      error = answer.error
      const url = `${echo.url}/services/T0ACME/B0HOOK/${hook}`
      const connection: Connection = { appId: 'A0SWITCHBRD', clientId: '1.2', secrets }
      const message = { text: `leaked ${Object.values(secrets).join(' ')}` }
      const send = (target: OutgoingMessage['target']) =>
        slack.send(ctx, connection, { deliveryId: 'dlv_1', target, message, act: { kind: 'post' } })

      const shown = JSON.stringify([
        await send({ kind: 'channel', conversationId: 'C0COMPLIANC' }),
        await send({ kind: 'person', person: 'U0KIMPARK01' }),
        await send({ kind: 'webhook', url }),
        (await slack.probe(ctx, connection)).exchange,
        (await slack.directory.listChannels(ctx, connection, {})).exchange,
        (await examine(ctx, subjectOf(connection, { webhooks: [{ label: 'One', url }] }))).reports,
        lines,
      ])

      for (const secret of [...Object.values(secrets), hook]) expect(shown).not.toContain(secret)
    }),
    { numRuns: 40 },
  )
  await reach.close()
})

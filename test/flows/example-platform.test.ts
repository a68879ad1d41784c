import { type ServerType, serve } from '@hono/node-server'
import { expect, test } from 'vitest'
import { deliverDue } from '../../server/deliveries/worker.ts'
import { eventTaker } from '../../server/events/accept-events.ts'
import { answerDue } from '../../server/inbound/commands/worker.ts'
import { runDue } from '../../server/schedules/worker.ts'
import { happening } from '../example-platform/happenings.ts'
import { createPlatform } from '../example-platform/platform.ts'
import { acceptance, asking } from '../server/configuration/ask.ts'
import { startWorld, type World } from '../support/world.ts'

const SITE = 'https://studio.example.com'

/** Switchboard as Studio Platform's own file sets it up, and the platform behind its endpoint. */
async function havingStudio(world: World) {
  const { id } = await world.havingIntegration()
  const admin = await asking(world)
  await admin.apply(acceptance('studio-platform.yaml'), { name: 'studio-platform.yaml' })
  const app = { fetch: (_: Request): Response | Promise<Response> => new Response(null, { status: 503 }) }
  const server = await new Promise<ServerType>((resolve) => {
    const started: ServerType = serve({ fetch: (request) => app.fetch(request), hostname: '127.0.0.1', port: 0 }, () =>
      resolve(started),
    )
  })
  const address = server.address()
  const port = typeof address === 'object' ? address?.port : undefined
  const url = `http://127.0.0.1:${port}/switchboard`
  const { body } = await admin.caller.put(`/api/integrations/${id}/platform`, { url })
  const platform = createPlatform({ secret: body.newSecret, siteUrl: SITE, now: () => world.clock.now })
  app.fetch = (request) => platform.fetch(request)
  return {
    admin,
    url,
    integrationId: id,
    [Symbol.asyncDispose]: () => new Promise<void>((resolve) => server.close(() => resolve())),
  }
}

test('what happens on the platform arrives where its file says, looking as its types say', async () => {
  await using world = await startWorld()
  await using studio = await havingStudio(world)
  const key = await world.withKey(['events:write'])

  const answers = []
  for (const number of [0, 1, 2, 3, 4, 5, 9]) {
    answers.push(await key.post('/api/events', happening(number, world.clock.now, SITE)))
  }
  for (let second = 0; second < 10; second += 1) {
    await deliverDue(world.ctx)
    world.clock.now += 1_000
  }

  // The report that is not ready and the deadline that is weeks away are kept, and go nowhere.
  expect(answers.map(({ body }) => body.deliveries.length)).toEqual([1, 3, 0, 0, 1, 2, 1])
  const { items } = (await studio.admin.caller.get('/api/deliveries?limit=50')).body
  // biome-ignore lint/suspicious/noExplicitAny: an answer of the API
  const seen = items.map((item: any) => `${item.type} ${item.destination.name} ${item.priority} ${item.state}`).sort()
  expect(seen).toEqual([
    'compliance_updates #compliance normal delivered',
    'critical_alerts #compliance urgent delivered',
    'critical_alerts #compliance-alerts urgent delivered',
    'critical_alerts #security-alerts urgent delivered',
    'deadline #compliance normal delivered',
    'incident #compliance normal delivered',
    'incident #security-alerts normal delivered',
    'report #compliance-reports normal delivered',
  ])
})

test('its schedule asks it for the deadlines, and each becomes a reminder', async () => {
  await using world = await startWorld()
  await using studio = await havingStudio(world)
  const take = eventTaker(world.ctx)

  const { items: schedules } = await studio.admin.get('/api/schedules')
  await studio.admin.caller.post(`/api/schedules/${schedules[0].id}/run`, {})
  const ran = await runDue(world.ctx, take)

  expect(ran).toBe(1)
  const { items } = (await studio.admin.caller.get('/api/deliveries?type=deadline_reminders')).body
  expect(items.map(({ title }: { title: string }) => title).sort()).toEqual([
    'Access review of production is due tomorrow',
    'Evidence for CC7.2 is due in 9 days',
    'Renewal of policy 4.2 is due in 3 days',
  ])
})

test('its four commands are answered by it, and the app’s manifest names them', async () => {
  await using world = await startWorld()
  await using studio = await havingStudio(world)
  const [person] = await world.slack.people()
  const channelId = await world.slack.channel('general')
  const type = (command: string, text = '') => world.slack.command({ command, text, userId: person?.id, channelId })

  const acknowledged = [
    await type('/compliance', 'soc2'),
    await type('/evidence', 'screenshot "Login page of CC6.7"'),
    await type('/risk', 'high'),
    await type('/audit', 'internal'),
  ]
  await answerDue(world.ctx)

  expect(acknowledged.map(({ status, body }) => [status, body])).toEqual(acknowledged.map(() => [200, '']))
  const messages = (await world.slack.messages(channelId)) as { text: string; ephemeral_to?: string }[]
  expect(messages.map(({ text }) => text).sort()).toEqual([
    '<@U0ADAFERRER> started the audit internal. <https://studio.example.com/audits|Follow it>',
    expect.stringMatching(/^Noted: a screenshot, “Login page of CC6\.7”\./),
    'SOC 2  42 of 44 controls pass',
    '• *high*  Signing key printed in a build',
  ])
  expect(messages.filter((message) => message.ephemeral_to === undefined)).toHaveLength(1)
  const { body } = await studio.admin.caller.get(
    `/api/integrations/manifest?name=Studio&integrationId=${studio.integrationId}`,
  )
  const commands = JSON.parse(body.json).features.slash_commands
  expect(commands.map(({ command }: { command: string }) => command)).toEqual([
    '/switchboard',
    '/audit',
    '/compliance',
    '/evidence',
    '/risk',
  ])
})

test('the platform refuses who can not sign', async () => {
  await using world = await startWorld()
  await using studio = await havingStudio(world)

  const answer = await fetch(studio.url, { method: 'POST', body: '{"type":"schedule.run","data":{}}' })
  const { body } = await studio.admin.caller.post(`/api/integrations/${studio.integrationId}/platform/test`, {})

  expect(answer.status).toBe(401)
  expect(body).toMatchObject({ ok: true, checksSignatures: true })
})

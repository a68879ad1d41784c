import { expect, test } from 'vitest'
import { answerDue } from '../../../server/inbound/commands/worker.ts'
import { startPlatform } from '../../support/platform.ts'
import { startDeclared } from './declared-calls.ts'

test.each([
  ['none', undefined],
  ['no address', 'not an address'],
  ['the metadata of a cloud', 'http://169.254.169.254/latest/meta-data'],
  ['another service of this machine', 'http://127.0.0.1:1/commands/T1/2/3'],
  ['a host that begins like Slack’s', 'https://hooks.slack.com.evil.example/commands/T1/2/3'],
  ['a name before the host', 'https://hooks.slack.com@evil.example/commands/T1/2/3'],
])('a response_url that is %s is never called, and nobody is asked', async (_, responseUrl) => {
  await using world = await startDeclared()

  const answer = await world.command({ command: '/compliance', response_url: responseUrl })
  const answered = await answerDue(world.ctx)

  expect(answer.status).toBe(200)
  expect(JSON.parse(answer.text)).toMatchObject({ response_type: 'ephemeral', text: expect.stringMatching(/^Sorry/) })
  expect(answered).toBe(0)
  expect(world.platform.calls).toEqual([])
  expect(await world.first()).toMatchObject({
    ...{ outcome: 'failed', code: 'response_url_refused', meaning: expect.stringContaining('not one of Slack’s') },
  })
})

test('what was typed can’t call everybody when the platform repeats it; the platform itself may', async () => {
  await using world = await startDeclared()
  world.platform.answer((call, response) =>
    response.end(
      JSON.stringify({
        text: `<!here> No framework ${call.body.data.parameters.framework} (${call.body.data.text})`,
        responseType: 'in_channel',
      }),
    ),
  )

  await world.type('<!channel> <!subteam^S1>')
  await answerDue(world.ctx)

  const [message] = await world.seen()
  expect(message?.text.match(/<!\w+/g)).toEqual(['<!here'])
  expect(message?.text).toContain('&lt;!channel>')
})

test('an apology repeats nothing of what was typed', async () => {
  await using world = await startDeclared({ endpoint: false })

  await world.type('<!channel> <https://evil.example|click>')
  await answerDue(world.ctx)

  const [message] = await world.seen()
  expect(message?.text).not.toMatch(/channel|evil/)
})

test('the same signed request is asked about once', async () => {
  await using world = await startDeclared()
  world.platform.answer((_, response) => response.end('{"text":"Fine."}'))

  await world.type('once')
  const again = await world.slack.command({
    command: '/compliance',
    text: 'once',
    userId: (await world.slack.people())[0]?.id,
    channelId: world.channelId,
    signWith: 'replay',
  })
  await answerDue(world.ctx)

  expect(again.status).toBe(401)
  expect(world.platform.calls).toHaveLength(1)
  expect(await world.refused()).toEqual({ replayed: 1 })
})

test('an endpoint that sends on to another address leads nowhere', async () => {
  await using world = await startDeclared()
  await using other = await startPlatform()
  world.platform.answer((_, response) => response.writeHead(308, { location: other.url }).end())

  await world.type()
  await answerDue(world.ctx)

  expect(other.calls).toEqual([])
  expect(await world.first()).toMatchObject({ outcome: 'failed', code: 'redirected' })
})

test('only admins declare, only what Slack takes, and each change is in the audit trail', async () => {
  await using world = await startDeclared()
  const { admin } = world
  const declared = { description: 'View risk', handler: 'risk' }
  const put = (name: string, body: unknown) => admin.put(`/api/commands/${name}`, body)

  const allowed = await put('%2Frisk', { ...declared, parameters: [{ name: 'level' }] })
  const refused = [
    await put('Risk!', declared),
    await put('switchboard', declared),
    await put('risk', { ...declared, parameters: [{ name: 'a' }, { name: 'a' }] }),
    await put('risk', { ...declared, url: 'https://evil.example' }),
    await put('risk', { handler: 'risk' }),
    await admin.delete('/api/commands/nobody'),
  ]
  const byOthers = [
    await (await world.as('operator')).put('/api/commands/risk', declared),
    await (await world.as('viewer')).delete('/api/commands/risk'),
    await (await world.withKey(['config:read'])).delete('/api/commands/risk'),
    await world.anonymous.put('/api/commands/risk', declared),
  ]
  const dropped = await (await world.withKey(['config:write'])).delete('/api/commands/risk')

  expect(allowed.body).toMatchObject({ command: '/risk', usageHint: '[level]', updatedBy: 'Ada Ferrer' })
  expect(refused.map(({ status, body }) => [status, body.error.field])).toEqual([
    [422, 'command'],
    [422, 'command'],
    [422, 'parameters'],
    [422, 'url'],
    [422, 'description'],
    [404, undefined],
  ])
  expect(byOthers.map(({ status }) => status)).toEqual([403, 403, 403, 401])
  expect(dropped.status).toBe(204)
  const { items } = (await admin.get('/api/audit')).body
  const actions = items.map(({ action }: { action: string }) => action)
  expect(actions.filter((action: string) => action.startsWith('command.'))).toEqual([
    'command.dropped',
    'command.declared',
    'command.declared',
  ])
})

test('no more are declared than Slack takes for an app', async () => {
  await using world = await startDeclared()
  for (let number = 1; number < 49; number += 1) {
    await world.admin.put(`/api/commands/c${number}`, { description: 'x', handler: 'x' })
  }

  const more = await world.admin.put('/api/commands/c50', { description: 'x', handler: 'x' })
  const changed = await world.admin.put('/api/commands/c7', { description: 'y', handler: 'x' })
  const manifest = await world.admin.get(`/api/integrations/manifest?name=X&integrationId=${world.integration.id}`)

  expect(more).toMatchObject({ status: 422, body: { error: { field: 'command' } } })
  expect(changed.status).toBe(200)
  const commands = JSON.parse(manifest.body.json).features.slash_commands
  expect(commands).toHaveLength(50)
  expect(commands).toContainEqual({
    command: '/compliance',
    description: 'Check current compliance status',
    usage_hint: '[framework] [note]',
    url: `${world.url}/slack/${world.integration.id}/commands`,
    should_escape: true,
  })
})

import { expect, test } from 'vitest'
import { deliverDue } from '../../server/deliveries/worker.ts'
import { eventTaker } from '../../server/events/accept-events.ts'
import { composeMessages } from '../../server/events/compose-messages.ts'
import { learnEmails } from '../../server/mentions/learn-emails.ts'
import { currentSnapshot } from '../../server/routing/current-snapshot.ts'
import { decide } from '../../server/routing/decide.ts'
import { runDue } from '../../server/schedules/worker.ts'
import { compileTemplate, renderTemplate } from '../../server/templates/render.ts'
import { startPlatform } from '../support/platform.ts'
import { havingSender } from '../support/sending.ts'
import { startWorld, type World } from '../support/world.ts'

/* What somebody who means harm would try against types, rules, templates and schedules. */

test.each([
  ['what it may not show', '{"events":[{"title":"Due","text":"SECRET-WORD","data":{"who":"SECRET-WORD"}}]}'],
  ['what nobody can read', '{"events":[{"text":"SECRET-WORD"'],
  ['what is no list of events', '{"events":"SECRET-WORD"}'],
])('the log of calls keeps nothing that the type of a schedule hides: %s', async (_, answer) => {
  await using world = await startWorld()
  await using platform = await startPlatform()
  const { integrationId, destinationId } = await havingSender(world)
  const admin = await world.as('admin')
  const type = { destinations: [destinationId], allowedFields: ['title'] }
  await admin.put('/api/notification-types/deadline', type)
  await admin.put(`/api/integrations/${integrationId}/platform`, { url: platform.url })
  const source = { kind: 'platform', integrationId }
  const made = await admin.post('/api/schedules', { name: 'Deadlines', cron: '0 * * * *', type: 'deadline', source })
  platform.answer((_call, response) => response.end(answer))

  await admin.post(`/api/schedules/${made.body.id}/run`)
  await runDue(world.ctx, eventTaker(world.ctx))

  const viewer = await world.as('viewer')
  expect(platform.calls).toHaveLength(1)
  for (const path of [`/api/integrations/${integrationId}/platform/calls`, `/api/schedules/${made.body.id}/runs`]) {
    const seen = await viewer.get(path)
    expect(seen.body.items, path).toHaveLength(1)
    expect(seen.text, path).not.toContain('SECRET-WORD')
  }
})

test.each([
  ['"<{{ data.link }}|Open>"', { link: '!channel' }],
  ['"<{{ data.a }}{{ data.link }}|Open>"', { link: '@U0GRACEHOPP' }],
  ['"<{{ data.link | mrkdwn }}>"', { link: '!here' }],
  ['"<{{ data.a }}{{ data.b }}>"', { a: '!', b: 'channel' }],
  ['"{% capture line %}<{{ data.link }}|Open>{% endcapture %}{{ line }}"', { link: '!subteam^S0COMPLTEAM' }],
])('an address that an event brings calls nobody between the brackets of a template: %s', (text, data) => {
  const source = `{"text": ${text}, "blocks": [{"type": "section", "text": {"type": "mrkdwn", "text": ${text}}}]}`
  const compiled = compileTemplate(source)
  if (compiled.kind === 'refused') throw new Error(JSON.stringify(compiled.problems))

  const rendered = renderTemplate(compiled.template, { data })
  const linked = renderTemplate(compiled.template, { data: { ...data, a: '', b: '', link: 'https://a.example/1' } })

  expect(rendered.kind).toBe('rendered')
  expect(JSON.stringify(rendered)).not.toMatch(/<[!@]/)
  expect(JSON.stringify(linked)).not.toContain('\u2060')
})

test('a trial calls nobody in rich text either', async () => {
  await using world = await startWorld()
  const { destinationId } = await havingSender(world)
  const elements = [
    { type: 'broadcast', range: 'channel' },
    { type: 'user', user_id: 'U0GRACEHOPP' },
    { type: 'usergroup', usergroup_id: 'S0COMPLTEAM' },
    { type: 'link', url: 'https://a.example/1' },
  ]
  const blocks = [{ type: 'rich_text', elements: [{ type: 'rich_text_section', elements }] }]
  const source = JSON.stringify({ text: 'Draft', blocks })
  const data = { kind: 'sample', event: { type: 'a' } }

  const admin = await world.as('admin')
  const { body } = await whileDelivering(
    world,
    admin.post('/api/templates/draft/send', { to: destinationId, source, data }),
  )

  expect(body.message).toMatchObject({
    blocks: [
      {
        elements: [
          {
            elements: [
              { type: 'text', text: '@\u2060channel' },
              { type: 'text', text: '@U0GRACEHOPP' },
              { type: 'text', text: '@\u2060group' },
              { type: 'link' },
            ],
          },
        ],
      },
    ],
  })
})

test('an event that is tried tells nobody whose an e-mail address is who may not ask that', async () => {
  await using world = await startWorld()
  const { destinationId, integrationId } = await havingSender(world)
  const admin = await world.as('admin')
  await learnEmails(world.ctx, integrationId, ['grace@acme.example'])
  const template = { source: '{"text": "For {{ data.owner | mention }}"}', sample: { type: 'a' } }
  await admin.put('/api/templates/owned', template)
  await admin.put('/api/notification-types/a', { destinations: [destinationId], template: 'owned' })
  const event = { type: 'a', data: { owner: 'grace@acme.example' } }
  const texts = async (who: { post: typeof admin.post }) =>
    (await who.post('/api/routing/try', { event })).body.messages[0].message.text

  expect(await texts(await world.as('operator'))).toMatch(/^For <@U/)
  expect(await texts(await world.as('viewer'))).toBe('For grace@acme.example')
  expect(await texts(await world.withKey(['config:read']))).toBe('For grace@acme.example')
})

test('a template that goes through long lists lets others have their turn between the events of a request', async () => {
  await using world = await startWorld()
  const { destinationId, integrationId } = await havingSender(world)
  const admin = await world.as('admin')
  const source = '{"text": "{% for item in data.items %}{{ item }} {% endfor %}"}'
  await admin.put('/api/templates/long', { source, sample: { type: 'a', data: { items: [1] } } })
  await admin.put('/api/notification-types/a', { destinations: [destinationId], template: 'long' })
  const event = { type: 'a', data: { items: Array.from({ length: 9_000 }, () => 1) } }
  const snapshot = await currentSnapshot(world.db)
  const decision = decide(event, snapshot, { trace: false })
  const events = Array.from({ length: 30 }, () => ({ event, decision, reached: [{ integrationId }] }))
  let turns = 0
  const turning = setInterval(() => {
    turns += 1
  }, 1)

  await composeMessages(world.ctx, world.db, events, snapshot)
  clearInterval(turning)

  expect(turns).toBeGreaterThan(3)
})

/** What a request answers that waits for its delivery. */
async function whileDelivering<Answer>(world: World, sending: Promise<Answer>): Promise<Answer> {
  let isDone = false
  const done = sending.finally(() => {
    isDone = true
  })
  while (!isDone) {
    await deliverDue(world.ctx)
    await new Promise((resolve) => setTimeout(resolve, 10))
  }
  return done
}

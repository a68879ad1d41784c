import { type Crowd, TYPES } from './crowd.ts'

/** One of all the things that people do to what is sent, each begun and, as far as it lasts, ended. */
export const steer = (crowd: Crowd): Promise<unknown> => crowd.chance.pick(DEEDS)(crowd)

type Deed = (crowd: Crowd) => Promise<unknown>

const pauses: Deed[] = [
  (crowd) => pauseAndResume(crowd, crowd.destinationPath()),
  (crowd) => pauseAndResume(crowd, crowd.typePath()),
  (crowd) => pauseAndResume(crowd, crowd.integrationPath),
  async ({ ask, destinationPath, world: { admin } }) => {
    const path = destinationPath()
    await ask(path, admin.patch(path, { enabled: false }))
    await ask(path, admin.patch(path, { enabled: true }))
  },
]

const silences: Deed[] = [
  async ({ post, scope, chance, world: { clock } }) => {
    const until = new Date(clock.now + 3_600_000).toISOString()
    const wanted = { scope: scope(), until, reason: 'A deploy', atEnd: chance.pick(['digest', 'send']) }
    const { body } = await post('/api/mutes', wanted)
    await post(`/api/mutes/${body.id}/end`)
  },
  async ({ post, ask, scope, world: { admin } }) => {
    const always = { days: [1, 2, 3, 4, 5, 6, 7], from: '00:00', to: '00:00', timeZone: 'Europe/Berlin' }
    const { body } = await post('/api/quiet-hours', { ...always, scope: scope() })
    const path = `/api/quiet-hours/${body.id}`
    await ask(path, admin.put(path, { ...always, scope: scope(), atEnd: 'send' }))
    await ask(path, admin.delete(path))
  },
]

const settings: Deed[] = [
  async ({ post, ask, chance, destinationIds, world: { admin } }) => {
    const rule = { name: `Rule ${chance.next()}`, condition: "title == 'nothing'", position: chance.between(0, 3) }
    const { body } = await post('/api/routing-rules', { ...rule, destinations: [chance.pick(destinationIds)] })
    const path = `/api/routing-rules/${body.id}`
    await ask(path, admin.patch(path, { position: 0 }))
    await ask(path, admin.delete(path))
  },
  ({ ask, typePath, chance, world: { admin } }) => {
    const path = typePath()
    return ask(path, admin.patch(path, { foldAfter: chance.pick([null, 5]) }))
  },
  async ({ ask, destinationPath, integrationPath, chance, world: { admin } }) => {
    const path = destinationPath()
    await ask(path, admin.patch(path, { name: `Renamed ${chance.between(0, 99)}` }))
    await ask(integrationPath, admin.patch(integrationPath, { name: `Acme ${chance.between(0, 99)}` }))
  },
]

const backlogs: Deed[] = [
  async ({ ask, post, chance, destinationIds, world: { admin } }) => {
    const destinationId = chance.pick(destinationIds)
    const { body } = await ask('purge', admin.get(`/api/queue/purge?destinationId=${destinationId}`))
    await post('/api/queue/purge', { destinationId, expected: body.count ?? 0 })
  },
  async ({ post, chance }) => {
    const which = { filter: { state: ['cancelled'] } }
    const { body } = await post('/api/replays/preview', { which })
    const begun = await post('/api/replays', { which, expected: body.count ?? 0 })
    if (begun.status < 300) await post(`/api/replays/${begun.body.id}/${chance.pick(['pause', 'cancel'])}`)
  },
  async ({ ask, post, world: { admin } }) => {
    const { body } = await ask('list', admin.get('/api/deliveries?state=pending&state=held&limit=5'))
    for (const { id } of body.items ?? []) await post(`/api/deliveries/${id}/cancel`)
  },
  async ({ post, ask, send, event, chance, destinationIds, world: { admin, integration } }) => {
    const channel = chance.pick(['#audit-room', '#risk-watch'])
    const made = await post('/api/destinations', { integrationId: integration.id, kind: 'channel', channel })
    if (made.status !== 201) return
    await send(event([made.body.id, chance.pick(destinationIds)]))
    await ask('delete', admin.delete(`/api/destinations/${made.body.id}`))
  },
]

const messages: Deed[] = [
  async ({ ask, chance, destinationIds, world: { sender, clock } }) => {
    const sendAt = new Date(clock.now + 60_000).toISOString()
    const wanted = { destination: chance.pick(destinationIds), text: 'First', ...chance.pick([{}, { sendAt }]) }
    const { body } = await ask('/api/messages', sender.post('/api/messages', wanted))
    const path = `/api/messages/${body.id}`
    await ask(path, sender.patch(path, { text: 'Second' }))
    await ask(path, sender.delete(path))
  },
  async ({ ask, chance, destinationIds, world: { sender } }) => {
    const destination = chance.pick(destinationIds)
    const asked = await ask('/api/messages', sender.post('/api/messages', { destination, text: 'A question' }))
    const answer = { destination, text: 'An answer', replyTo: asked.body.id }
    await ask('/api/messages', sender.post('/api/messages', answer))
  },
  ({ post, destinationPath }) => post(`${destinationPath()}/test`),
  ({ post, integrationPath }) => post(`${integrationPath}/test`),
]

const troubles: Deed[] = [
  /** What Slack says then pauses a destination, or the integration with all its lines, and opens an incident. */
  ({ chance, world: { slack } }) => {
    const kind = chance.pick(['http_500', 'http_500_after_commit', 'reset', 'rate_limited'])
    const code = chance.pick(['channel_not_found', 'not_in_channel', 'account_inactive', 'invalid_blocks'])
    const fault = chance.next() < 0.5 ? { kind } : { kind: 'error', code }
    return slack.fault({ method: 'chat.postMessage', times: 2, ...fault })
  },
  async ({ post, destinationPath, integrationPath }) => {
    await post(`${destinationPath()}/resume`)
    await post(`${integrationPath}/resume`)
  },
  async ({ ask, world: { admin } }) => {
    for (const path of ['/api/queue', '/api/deliveries', '/api/metrics/overview', '/api/incidents']) {
      await ask(path, admin.get(path))
    }
  },
]

const DEEDS: Deed[] = [...pauses, ...silences, ...settings, ...backlogs, ...messages, ...troubles]

async function pauseAndResume({ post }: Crowd, path: string): Promise<void> {
  await post(`${path}/pause`)
  await post(`${path}/resume`)
}

/** Nothing is held by anybody any more. */
export async function letAllGo({ ask, post, destinationIds, integrationPath, world }: Crowd): Promise<void> {
  await world.slack.clearFaults()
  for (const id of destinationIds) {
    await ask('enable', world.admin.patch(`/api/destinations/${id}`, { enabled: true }))
    await post(`/api/destinations/${id}/resume`)
  }
  for (const type of TYPES) await post(`/api/notification-types/${type}/resume`)
  await post(`${integrationPath}/resume`)
}

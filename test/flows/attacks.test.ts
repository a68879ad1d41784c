import { connect } from 'node:net'
import { describe, expect, test } from 'vitest'
import { startWorld, type World } from '../support/world.ts'

/* What somebody who means harm would try, from outside, against the whole server. */

describe('a body made to hurt', () => {
  const nested = (levels: number) => '['.repeat(levels) + ']'.repeat(levels)

  test.each([
    ['100,000 levels of lists', nested(100_000)],
    ['3,000 levels, which some code survives and other code does not', nested(3_000)],
    ['100,000 levels of objects', `${'{"a":'.repeat(100_000)}1${'}'.repeat(100_000)}`],
  ])('%s is refused before it becomes a message', async (_, deep) => {
    await using world = await startWorld()
    const { admin, destinationId } = await havingDestination(world)
    const body = `{"message":{"text":"x","blocks":[{"type":"section","a":${deep}}]}}`

    const answer = await admin.post(`/api/destinations/${destinationId}/test`, body)

    expect(answer).toMatchObject({ status: 400, body: { error: { code: 'malformed', field: 'body' } } })
    expect((await admin.get('/api/deliveries')).body.items).toEqual([])
  })

  test('brackets inside a text are no levels', async () => {
    await using world = await startWorld()
    const admin = await world.as('admin')

    const answer = await admin.patch('/api/profile', { name: `Ada \\" ${'['.repeat(70)}` })

    expect(answer.status).toBe(200)
  })

  test('a field’s name as long as the body does not come back whole', async () => {
    await using world = await startWorld()
    const admin = await world.as('admin')

    const answer = await admin.patch('/api/profile', { ['x'.repeat(500_000)]: 1 })

    expect(answer.status).toBe(422)
    expect(answer.text.length).toBeLessThan(3_000)
  })

  test('of a stranger is not waited for where only people who are known may write', async () => {
    await using world = await startWorld()
    const begun = 'POST /api/users HTTP/1.1\r\nhost: 127.0.0.1\r\ncontent-type: application/json\r\n'

    const answer = await firstLine(world, `${begun}content-length: 900000\r\n\r\n{"name":"`)

    expect(answer).toContain(' 401 ')
  })
})

async function havingDestination(world: World) {
  const admin = await world.as('admin')
  const integration = await world.havingIntegration()
  const made = await admin.post('/api/destinations', {
    integrationId: integration.id,
    kind: 'channel',
    channel: '#compliance',
  })
  return { admin, integration, destinationId: made.body.id as string }
}

/** The first line of what is answered to these bytes. */
function firstLine(world: World, bytes: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = connect(Number(new URL(world.url).port), '127.0.0.1', () => socket.write(bytes))
    socket.once('data', (chunk) => {
      resolve(chunk.toString('latin1').split('\r\n')[0] ?? '')
      socket.destroy()
    })
    socket.once('error', reject)
  })
}

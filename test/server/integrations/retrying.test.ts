import { expect, test } from 'vitest'
import { startWorld } from '../../support/world.ts'

test('how often and how far apart an integration tries is told, changed, taken back and audited', async () => {
  await using world = await startWorld()
  const made = await world.havingIntegration({ maxAttempts: 5 })
  const admin = await world.as('admin')
  const path = `/api/integrations/${made.id}`

  const changed = await admin.patch(path, { maxAttempts: 12, nextAttemptDelay: 2.5 })
  const trail = await admin.get('/api/audit?limit=1')
  const reset = await admin.patch(path, { maxAttempts: null, nextAttemptDelay: null })

  expect(made).toMatchObject({ maxAttempts: 5, nextAttemptDelay: null })
  expect(changed.body).toMatchObject({ maxAttempts: 12, nextAttemptDelay: 2.5, state: made.state })
  expect(trail.body.items[0].detail).toEqual({
    changed: { maxAttempts: { from: 5, to: 12 }, nextAttemptDelayMs: { from: null, to: 2_500 } },
  })
  expect(reset.body).toMatchObject({ maxAttempts: null, nextAttemptDelay: null })
})

test('a number of attempts or a delay that makes no sense is refused by name', async () => {
  await using world = await startWorld()
  const { id } = await world.havingIntegration()
  const admin = await world.as('admin')

  const refused = await Promise.all(
    [
      { maxAttempts: 0 },
      { maxAttempts: 1.5 },
      { maxAttempts: '9' },
      { nextAttemptDelay: -1 },
      { nextAttemptDelay: 3_601 },
    ].map((change) => admin.patch(`/api/integrations/${id}`, change)),
  )

  expect(refused.map(({ status, body }) => [status, body.error.field])).toEqual([
    [422, 'maxAttempts'],
    [422, 'maxAttempts'],
    [422, 'maxAttempts'],
    [422, 'nextAttemptDelay'],
    [422, 'nextAttemptDelay'],
  ])
})

import { expect, test } from 'vitest'
import { openGate } from '../../../server/deliveries/accept/gate.ts'
import { getDelivery } from '../../../server/deliveries/list-store.ts'
import { deliverDue } from '../../../server/deliveries/worker.ts'
import { ENGINES } from '../../support/each-store.ts'
import { startGateway } from '../../support/gateway.ts'

const HOUR_MS = 3_600_000

test.each(ENGINES)(
  'what waits goes on when the clock is set back, and what was meant for later waits for that (%s)',
  async (engine) => {
    await using gateway = await startGateway({ engine })
    gateway.ctx.pace = 'slack'
    const channel = await gateway.channelAt('compliance')
    const other = await gateway.channelAt('security-alerts')
    const dueAt = gateway.clock.now + 60_000
    const later = await gateway.havingDelivery(other, { dueAt })
    // The bucket of the channel is empty by then, and the second of them waits for it.
    const ids: string[] = []
    for (let number = 0; number < 6; number += 1) ids.push((await gateway.havingDelivery(channel)).id)
    await gateway.slack.fault({ method: 'chat.postMessage', kind: 'http_503_html', channel: 'C0COMPLIANC' })
    await deliverDue(gateway.ctx)

    gateway.clock.now -= HOUR_MS
    ids.push((await gateway.havingDelivery(channel)).id)
    for (let second = 0; second < 90; second += 1) {
      await deliverDue(gateway.ctx)
      gateway.clock.now += 1_000
    }

    for (const id of ids) expect(await getDelivery(gateway.db, id)).toMatchObject({ state: 'delivered' })
    expect(await getDelivery(gateway.db, later.id)).toMatchObject({ state: 'pending' })
    gateway.clock.now = dueAt
    await deliverDue(gateway.ctx)
    expect(await getDelivery(gateway.db, later.id)).toMatchObject({ state: 'delivered' })
  },
)

test('who used up what may come at once is not refused for as long as the clock was set back', async () => {
  await using gateway = await startGateway()
  const enter = openGate(gateway.ctx)
  const come = () => enter({ source: 'key', count: 500, bytes: 10 }, async () => 'in')
  for (;;) if ((await come().catch(() => 'refused')) === 'refused') break

  gateway.clock.now -= HOUR_MS

  expect(await come()).toBe('in')
})

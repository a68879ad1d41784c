import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { getDelivery } from '../../../server/deliveries/list-store.ts'
import { deliverDue } from '../../../server/deliveries/worker.ts'
import { ENGINES } from '../../support/each-store.ts'
import { type Gateway, startGateway } from '../../support/gateway.ts'

const PROGRAM = fileURLToPath(new URL('../../support/worker-process.ts', import.meta.url))

function startWorkerProcess(gateway: Gateway) {
  return spawn(process.execPath, [PROGRAM, gateway.databaseUrl, gateway.slack.apiUrl, gateway.slack.host], {
    stdio: 'inherit',
  })
}

// A process has to start.
const settings = { timeout: 60_000 }

test.each(ENGINES)(
  'a worker killed while it sends loses nothing and doubles nothing, on %s',
  settings,
  async (engine) => {
    await using gateway = await startGateway({ engine })
    const destination = await gateway.channelAt('compliance')
    const sent = await gateway.havingDelivery(destination, { message: { text: 'sent, and never known' } })
    const waiting = await gateway.havingDelivery(destination, { message: { text: 'next' } })
    const elsewhere = await gateway.havingDelivery(await gateway.channelAt('security-alerts'))
    // Slack takes its time over this one, so the worker is still waiting for its answer when it is killed.
    await gateway.slack.fault({ method: 'chat.postMessage', kind: 'slow', delayMs: 60_000, channel: 'C0COMPLIANC' })

    const worker = startWorkerProcess(gateway)
    await expect
      .poll(async () => (await getDelivery(gateway.db, elsewhere.id)).state, { timeout: 30_000 })
      .toBe('delivered')
    await expect.poll(async () => (await getDelivery(gateway.db, sent.id)).state).toBe('sending')
    worker.kill('SIGKILL')
    await once(worker, 'exit')
    gateway.clock.now = Date.now() + 90_000
    await deliverDue(gateway.ctx)
    expect(await getDelivery(gateway.db, sent.id)).toMatchObject({ state: 'unconfirmed', code: 'worker_lost' })
    gateway.clock.now += 3_000
    await deliverDue(gateway.ctx)

    for (const { id } of [sent, waiting]) {
      expect(await getDelivery(gateway.db, id)).toMatchObject({ state: 'delivered', mark: null })
    }
    const standing = (await gateway.slack.messages('C0COMPLIANC')).map((message) => message.text)
    expect(standing.sort()).toEqual(['next', 'sent, and never known'])
    const posted = (await gateway.slack.calls('chat.postMessage')).map((call) => call.args.text)
    expect(posted.filter((text) => text === 'next')).toHaveLength(1)
    expect(posted.filter((text) => text === 'Hello')).toHaveLength(1)
  },
)

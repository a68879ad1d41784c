import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { takePlaces } from '../../../server/deliveries/lanes/places-store.ts'
import { holdQuiet } from '../../../server/deliveries/quiet/hold-quiet.ts'
import { insertWaits } from '../../../server/deliveries/quiet/waits-store.ts'
import { insertDeliveries } from '../../../server/deliveries/store.ts'
import { deliverDue } from '../../../server/deliveries/worker.ts'
import { endDueWaits } from '../../../server/quiet-hours/end-waits.ts'
import { ENGINES } from '../../support/each-store.ts'
import { deliveryRow } from '../../support/factories.ts'
import { type Gateway, startGateway } from '../../support/gateway.ts'

const PROGRAM = fileURLToPath(new URL('../../support/quiet-process.ts', import.meta.url))
const CHANNELS = ['compliance', 'security-alerts', 'audit-room']
const PER_CHANNEL = 120

/** Messages whose quiet was over a minute ago, each with a title of its own. */
async function havingWaited({ db, clock, channelAt }: Gateway): Promise<string[]> {
  const titles: string[] = []
  for (const channel of CHANNELS) {
    const destination = await channelAt(channel)
    const rows = Array.from({ length: PER_CHANNEL }, (_, place) => {
      const title = `${channel}-${place}-.`
      titles.push(title)
      const at = clock.now - 120_000 + place
      return deliveryRow({
        ...{ title, message: JSON.stringify({ text: title }), createdAt: at, dueAt: at, queueAt: at },
        ...{ destinationId: destination.id, destinationName: destination.name },
        ...{ integrationId: destination.integrationId },
      })
    })
    await db.transaction().execute(async (trx) => {
      const { rows: placed } = await takePlaces(trx, rows)
      const held = placed.map((row) => ({ ...row, state: 'held' as const, code: 'quiet_hours', rank: null }))
      const until = clock.now - 60_000
      const quiet = { code: 'quiet_hours', until, reason: 'Night', atEnd: 'digest', by: 'qth_1' } as const
      const waits = holdQuiet({ rows: held, quiet })
      await insertDeliveries(trx, held)
      await insertWaits(trx, waits)
    })
  }
  return titles
}

async function countWaiting({ db }: Gateway): Promise<number> {
  const { count } = await db
    .selectFrom('quietWaits')
    .select((row) => row.fn.countAll().as('count'))
    .where('endedAt', 'is', null)
    .executeTakeFirstOrThrow()
  return Number(count)
}

test.each(ENGINES)(
  'whoever ends quiet hours is killed again and again: each message is told once, on %s',
  {
    timeout: 60_000,
  },
  async (engine) => {
    await using gateway = await startGateway({ engine })
    const titles = await havingWaited(gateway)

    // Killed at whatever moment it has come to: before, during and after its transactions.
    for (const afterMs of [0, 150, 300, 450, 600]) {
      const { databaseUrl, slack } = gateway
      const child = spawn(process.execPath, [PROGRAM, databaseUrl, slack.apiUrl, slack.host], { stdio: 'inherit' })
      await Promise.race([new Promise((resolve) => setTimeout(resolve, afterMs)), once(child, 'exit')])
      child.kill('SIGKILL')
      await once(child, 'exit')
    }
    gateway.clock.now = Date.now() + 60_000
    while (await endDueWaits(gateway.ctx));
    await deliverDue(gateway.ctx)

    expect(await countWaiting(gateway)).toBe(0)
    const posted = (await gateway.slack.calls('chat.postMessage')).map(({ args }) => String(args.text)).join('\n')
    const times = titles.map((title) => posted.split(`  ${title}`).length - 1)
    expect(times.filter((count) => count !== 1)).toEqual([])
    const left = await gateway.db
      .selectFrom('deliveries')
      .select(['id', 'state'])
      .where('origin', '!=', 'summary')
      .where('state', '!=', 'delivered')
      .execute()
    expect(left).toEqual([])
  },
)

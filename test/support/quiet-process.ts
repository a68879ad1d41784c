import { randomBytes, randomUUID } from 'node:crypto'
import { openDatabase } from '../../server/db/open.ts'
import { makeNewId } from '../../server/lib/ids.ts'
import { makeLog } from '../../server/lib/log.ts'
import { makeSlackReach } from '../../server/providers/slack/reach.ts'
import { startQuietHours } from '../../server/quiet-hours/worker.ts'
import { openVault } from '../../server/vault/vault.ts'
import { NO_PLATFORM } from './no-platform.ts'

/* What ends quiet hours, in a process of its own, for tests that kill it: node quiet-process.ts DATABASE API_URL HOST */
const [databaseUrl = '', apiUrl = '', host = ''] = process.argv.slice(2)
const newId = makeNewId(Date.now, randomBytes)
startQuietHours({
  db: await openDatabase(databaseUrl),
  now: Date.now,
  newId,
  random: Math.random,
  log: makeLog('silent'),
  vault: openVault(Buffer.alloc(32, 7), Date.now, newId),
  slack: makeSlackReach({ apiUrl, webhookHosts: [host], uploadHosts: [host], proxyUrl: undefined }),
  publicUrl: 'https://switchboard.example',
  platform: NO_PLATFORM,
  workerId: randomUUID(),
  storeNow: async () => Date.now(),
  pace: 'off',
  nudge: () => {},
})

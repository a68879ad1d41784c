import { randomBytes, randomUUID } from 'node:crypto'
import type { AppContext } from '../../server/context.ts'
import { openDatabase } from '../../server/db/open.ts'
import { makeNewId } from '../../server/lib/ids.ts'
import { makeLog } from '../../server/lib/log.ts'
import { makeSlackReach } from '../../server/providers/slack/reach.ts'
import { openVault } from '../../server/vault/vault.ts'
import { NO_PLATFORM } from './no-platform.ts'

/** What a worker in a process of its own has around it, from the arguments: DATABASE API_URL HOST. */
export async function openProcessContext([databaseUrl = '', apiUrl = '', host = '']: string[]): Promise<AppContext> {
  const newId = makeNewId(Date.now, randomBytes)
  return {
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
  }
}

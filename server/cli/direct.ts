import { randomBytes, randomUUID } from 'node:crypto'
import { readConfig } from '../config.ts'
import type { AppContext } from '../context.ts'
import { makeNewId } from '../lib/ids.ts'
import { makeLog } from '../lib/log.ts'
import { makeSlackReach } from '../providers/slack/reach.ts'

/** What the Slack provider needs to reach Slack from here, without a server and its store. */
export function openDirect(): { ctx: AppContext } & AsyncDisposable {
  const config = readConfig()
  const slack = makeSlackReach({
    apiUrl: config.slackApiUrl,
    webhookHosts: config.slackWebhookHosts,
    uploadHosts: config.slackUploadHosts,
    proxyUrl: config.proxyUrl,
  })
  const ctx = withoutStore({
    now: Date.now,
    newId: makeNewId(Date.now, randomBytes),
    random: Math.random,
    log: makeLog('silent'),
    slack,
    publicUrl: '',
    pace: 'slack',
    workerId: randomUUID(),
    nudge: () => {},
  })
  return { ctx, [Symbol.asyncDispose]: () => slack.close() }
}

/** A provider never touches the database, seals nothing and asks no platform: test/boundaries.test.ts holds them to it. */
function withoutStore(ctx: Omit<AppContext, 'db' | 'storeNow' | 'vault' | 'platform'>): AppContext {
  return ctx as AppContext
}

import { randomBytes, randomUUID } from 'node:crypto'
import { getRequestListener } from '@hono/node-server'
import { type AppOptions, createApp } from './app.ts'
import type { Config } from './config.ts'
import type { AppContext, Loop } from './context.ts'
import { startCheckpoints } from './db/checkpoints.ts'
import { engineOf } from './db/engine.ts'
import { listenForLoops } from './db/listen.ts'
import { migrate } from './db/migrate.ts'
import { checkInBackground, closeDatabase, holdDataDir, openDatabase } from './db/open.ts'
import { startTrouble } from './db/start-trouble.ts'
import { storeClock } from './db/store-clock.ts'
import { startAcceptUpkeep } from './deliveries/accept/worker.ts'
import { endForeignLeases } from './deliveries/lanes/lanes-store.ts'
import { startDeliveryWorker } from './deliveries/worker.ts'
import { startChannelRefresh } from './destinations/worker.ts'
import { recipientsOf } from './events/recipients-of.ts'
import { startProbes } from './health/worker.ts'
import { endForeignClaims } from './inbound/commands/waiting-store.ts'
import { startCommands } from './inbound/commands/worker.ts'
import { closeInterruptedTests } from './integrations/test-connection.ts'
import { drawAhead, makeNewId } from './lib/ids.ts'
import { makeLog } from './lib/log.ts'
import type { Repeating } from './lib/repeat.ts'
import { endSlowRequests } from './lib/slow-requests.ts'
import { listen } from './listen.ts'
import { startMentionRefresh } from './mentions/worker.ts'
import { startRollUp } from './metrics/worker.ts'
import { makePlatformReach } from './platform/reach.ts'
import { startPlatformNotices } from './platform/worker.ts'
import { makeSlackReach } from './providers/slack/reach.ts'
import { startQuietHours } from './quiet-hours/worker.ts'
import { startReplays } from './replays/worker.ts'
import { startRetention } from './retention/worker.ts'
import { findPausedTypes } from './routing/store.ts'
import { startReadySweeps } from './routing/worker.ts'
import { startSchedules } from './schedules/worker.ts'
import { isSetupNeeded } from './users/setup.ts'
import { loadMasterKey } from './vault/master-key.ts'
import { lockedReason, openVault } from './vault/vault.ts'

export type Running = {
  /** Where it listens, for example http://127.0.0.1:3000. */
  url: string
  /** The one-time link that makes the first admin; absent once there is one. */
  setupLink: string | undefined
  /** Why every route but the health checks is refused; absent in normal operation. */
  locked: string | undefined
  /** Requests and sends under way end, loops stop, the write-ahead log is folded in. */
  stop: () => Promise<void>
}

/** Opens the store, starts the roles asked for, and gives back the way to stop them in reverse. */
export async function startServer(config: Config, clientDir: string): Promise<Running> {
  const log = makeLog(config.logLevel)
  const closing: (() => Promise<void> | void)[] = []
  const stop = async () => {
    for (const close of closing.splice(0).reverse()) await close()
  }
  try {
    const isSqlite = config.databaseUrl.startsWith('sqlite:')
    if (isSqlite) closing.push(holdDataDir(config.dataDir))
    const { key, warning } = loadMasterKey(config.masterKey, config.dataDir)
    if (warning) log.warn('master_key.exposed', { warning })

    const db = await openDatabase(config.databaseUrl)
    closing.push(() => closeDatabase(db, (error) => log.warn('database.not_folded', { error })))
    try {
      await (isSqlite ? migrate(db) : migratePatiently(config.databaseUrl))
    } catch (error) {
      throw startTrouble(error, config.databaseUrl)
    }
    if (isSqlite) {
      checkInBackground(config.databaseUrl.slice('sqlite:'.length), (problem) => {
        log.error('database.damaged', { problem: problem.message })
        process.kill(process.pid, 'SIGTERM')
      })
      const path = config.databaseUrl.slice('sqlite:'.length)
      closing.push(startCheckpoints(path, (error) => log.error('database.checkpoints_broke', { error })))
    }

    const { server, url, open, close: closeServer } = await listen(config)
    // Until the app stands; then it is closed before the loops are.
    closing.push(closeServer)
    const slack = makeSlackReach({
      apiUrl: config.slackApiUrl,
      webhookHosts: config.slackWebhookHosts,
      uploadHosts: config.slackUploadHosts,
      proxyUrl: config.proxyUrl,
    })
    closing.push(() => slack.close())
    const platform = makePlatformReach({ hosts: config.platformHosts, proxyUrl: slack.proxyUrl })
    closing.push(() => platform.close())
    const clock = isSqlite ? { now: Date.now, storeNow: async () => Date.now() } : storeClock(Date.now)
    await clock.storeNow(db)
    const newId = makeNewId(clock.now, drawAhead(randomBytes))
    const loops = new Map<Loop | 'probes' | 'accept_upkeep' | 'retention' | 'ready_sweeps', Repeating>()
    const ctx: AppContext = {
      db,
      ...clock,
      pace: config.pace,
      newId,
      random: Math.random,
      log,
      vault: openVault(key, Date.now, newId),
      slack,
      platform,
      publicUrl: config.publicUrl ?? url,
      workerId: randomUUID(),
      nudge: (loop) => loops.get(loop)?.nudge(),
    }
    const locked = await lockedReason(db, ctx.vault)
    const servesApi = config.roles.includes('api')
    const setupNeeded = !locked && servesApi && (await isSetupNeeded(db))
    const setupToken = setupNeeded ? (config.setupToken ?? randomBytes(24).toString('base64url')) : undefined

    if (!locked) {
      await closeInterruptedTests(ctx)
      // Nobody else can have this file open, so whoever held a lane or a command is no more.
      if (isSqlite) {
        await endForeignLeases(db, ctx.workerId, ctx.now())
        await endForeignClaims(db, ctx.workerId, ctx.now())
      }
      if (config.roles.includes('worker')) {
        loops.set('deliveries', startDeliveryWorker(ctx, findPausedTypes))
        loops.set('channels', startChannelRefresh(ctx))
        loops.set('mentions', startMentionRefresh(ctx))
        loops.set('rollups', startRollUp(ctx))
        loops.set('probes', startProbes(ctx))
        loops.set('replays', startReplays(ctx))
        loops.set('schedules', startSchedules(ctx))
        loops.set('commands', startCommands(ctx))
        loops.set('platform_notices', startPlatformNotices(ctx))
        loops.set('quiet_hours', startQuietHours(ctx, recipientsOf))
        loops.set('ready_sweeps', startReadySweeps(ctx))
        loops.set('accept_upkeep', startAcceptUpkeep(ctx))
        loops.set('retention', startRetention(ctx, config.retentionDays))
      }
    }
    closing.push(() => Promise.all([...loops.values()].map((loop) => loop.stop())).then(() => {}))
    if (!isSqlite && loops.size > 0) {
      const nudge = (told?: string) => {
        for (const [name, loop] of loops) if (told === undefined || told === name) loop.nudge()
      }
      const listening = listenForLoops(config.databaseUrl, nudge, log)
      closing.push(() => listening.stop())
    }

    const options: AppOptions = {
      setupToken,
      locked,
      servesApi,
      metricsOpen: config.metricsOpen,
      proxyHops: config.proxyHops,
      clientDir,
    }
    const { fetch, take, endStreams, close } = createApp(ctx, options)
    closing.push(close)
    closing.push(closeServer)
    // A stream has no end of its own that the server could wait for.
    closing.push(endStreams)
    const handle = getRequestListener(fetch, { overrideGlobalObjects: false })
    open()
    endSlowRequests(server)
    server.on('request', (incoming, outgoing) => {
      if (!take(incoming, outgoing)) handle(incoming, outgoing)
    })
    log.info('server.started', { url, roles: config.roles, engine: engineOf(db), locked: Boolean(locked) })
    const setupLink = setupToken && `${ctx.publicUrl}/setup#token=${encodeURIComponent(setupToken)}`
    return { url, setupLink, locked, stop }
  } catch (error) {
    // What kept it from starting is the news; on a full disk, say, closing fails as well.
    await stop().catch((problem) => log.warn('server.not_closed', { problem: String(problem) }))
    throw error
  }
}

/** Building an index takes as long as it takes, which is longer than any other statement may. */
async function migratePatiently(url: string): Promise<void> {
  const db = await openDatabase(url, { isPatient: true })
  try {
    await migrate(db)
  } finally {
    await db.destroy()
  }
}

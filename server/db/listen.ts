import { setTimeout as wait } from 'node:timers/promises'
import pg from 'pg'
import type { Log } from '../lib/log.ts'
import { LOOP_CHANNEL } from './engine.ts'
import { connectionTo } from './postgres.ts'

export type Listening = {
  /** Hears nothing any more, once this resolves. */
  stop: () => Promise<void>
}

/**
 * Hears, on a connection of its own, which loops the processes on this PostgreSQL have found work for. `onLoop` is given
 * the loop's name; without one after the connection was lost, since any of them may have been told meanwhile.
 */
export function listenForLoops(url: string, onLoop: (loop?: string) => void, log: Log): Listening {
  const stopping = new AbortController()
  const stopped = new Promise<void>((resolve) => stopping.signal.addEventListener('abort', () => resolve()))
  const running = listenAgainAndAgain(url, onLoop, log, { signal: stopping.signal, stopped })
  return {
    stop: async () => {
      stopping.abort()
      await running
    },
  }
}

type Stopping = { signal: AbortSignal; stopped: Promise<void> }

async function listenAgainAndAgain(url: string, onLoop: (loop?: string) => void, log: Log, stopping: Stopping) {
  const { signal } = stopping
  let failures = 0
  const onListening = () => {
    if (failures > 0) log.info('listener.reconnected')
    failures = 0
    onLoop()
  }
  while (!signal.aborted) {
    try {
      await listenOnce(url, onLoop, onListening, stopping)
    } catch (error) {
      failures += 1
      // Loops look by themselves too, so nothing but time is lost until it is back.
      if (failures === 1) log.warn('listener.lost', { error })
      const pauseMs = Math.min(FIRST_PAUSE_MS * 2 ** (failures - 1), LONGEST_PAUSE_MS)
      await wait(pauseMs, undefined, { signal }).catch(() => {})
    }
  }
}

/** Until the connection is lost, which is thrown, or it is told to stop. */
async function listenOnce(
  url: string,
  onLoop: (loop?: string) => void,
  onListening: () => void,
  { signal, stopped }: Stopping,
): Promise<void> {
  const client = new pg.Client({ ...connectionTo(url), query_timeout: UNANSWERED_MS })
  const lost = Promise.withResolvers<never>()
  lost.promise.catch(() => {})
  client.on('error', lost.reject)
  client.on('end', () => lost.reject(new Error('The connection ended.')))
  client.on('notification', ({ payload }) => onLoop(payload))
  let isConnected = false
  let check: NodeJS.Timeout | undefined
  try {
    await Promise.race([client.connect(), lost.promise, stopped])
    if (signal.aborted) return
    isConnected = true
    await client.query(`listen ${LOOP_CHANNEL}`)
    onListening()
    // A network that swallows everything ends no connection: it has to be asked whether it is there.
    check = setInterval(() => client.query('select 1').catch(lost.reject), CHECK_EVERY_MS)
    await Promise.race([lost.promise, stopped])
  } finally {
    clearInterval(check)
    const closed = client.end().catch(() => {})
    // One that has not come about yet may take long to find out that it won't.
    if (isConnected) await closed
  }
}

const FIRST_PAUSE_MS = 100
const LONGEST_PAUSE_MS = 10_000
const CHECK_EVERY_MS = 30_000
const UNANSWERED_MS = 10_000

import { setImmediate as nextLoop } from 'node:timers/promises'
import type { AppContext } from '../context.ts'
import { type Repeating, repeat } from '../lib/repeat.ts'
import type { Taken } from './claim.ts'
import { deliver } from './deliver.ts'
import type { PausedTypes } from './lanes/places-store.ts'
import type { Finished } from './settle.ts'
import { type Turn, takeTurn } from './turn.ts'
import { keepUp } from './upkeep.ts'

/** Messages one process has in flight; each goes to another destination. */
const AT_ONCE = 512
const LOOK_EVERY_MS = 1_000
/** How long what is in flight may take once the worker stops; after that it is looked for by whoever comes next. */
const DRAIN_MS = 15_000

/**
 * Sends what is due for as long as it runs. A slow destination holds up one place of many, never the round. Stopping
 * starts nothing new and lets what is in flight end.
 */
export function startDeliveryWorker(ctx: AppContext, pausedTypes?: PausedTypes): Repeating {
  const inFlight = new Set<Promise<void>>()
  const ofEach = new Map<string, number>()
  const blocked = new Map<string, number>()
  const stopping = new AbortController()
  let finished: Finished[] = []
  let turns = 0
  let isFull = false
  let timer: NodeJS.Timeout | undefined
  let looking: Promise<void> | undefined
  let gathering: NodeJS.Timeout | undefined
  const onError = (error: unknown) => ctx.log.error('delivery.worker_broke', { error })

  const turn = async (limit: number): Promise<boolean> => {
    const done = finished
    finished = []
    turns += 1
    clearTimeout(timer)
    clearTimeout(gathering)
    gathering = undefined
    // Others that had no room last time come before those that have just had their turn.
    const request = { limit, blocked, inFlight: ofEach, lanesGoOn: !isFull, pausedTypes }
    const { taken, again, nextLook, ...found } = await takeTurn(ctx, done, request).catch((error) => {
      // The outcomes are written as soon as the database takes them; the claims may be over by then, which it will tell.
      finished = [...done, ...finished]
      throw error
    })
    isFull = found.isFull
    startAll(taken)
    // What came in meanwhile is written by a turn that is about to begin.
    if (again || finished.length > 0) return again
    const before = looking
    looking = lookAgain(nextLook)
      .catch(onError)
      .then(() => before)
    return again
  }
  /** Nobody waits for this: the next turn, which may begin meanwhile, looks by itself. */
  const lookAgain = async (nextLook: Turn['nextLook']) => {
    const ofTurn = turns
    const nextLookInMs = await nextLook()
    if (ofTurn !== turns || nextLookInMs === undefined || nextLookInMs >= LOOK_EVERY_MS) return
    if (inFlight.size < AT_ONCE) timer = setTimeout(sending.nudge, Math.max(nextLookInMs, SHORTEST_PAUSE_MS))
  }
  const count = ({ integration: { id } }: Taken, by: 1 | -1) => ofEach.set(id, (ofEach.get(id) ?? 0) + by)
  /** Some in each turn of the loop, which also leaves room in between for answers and for other people's requests. */
  const startAll = (all: Taken[]) => {
    let ready = Promise.resolve()
    for (const [place, taken] of all.entries()) {
      if (place > 0 && place % STARTED_TOGETHER === 0) ready = ready.then(() => nextLoop())
      start(taken, ready)
    }
  }
  const start = (taken: Taken, ready: Promise<void>) => {
    count(taken, 1)
    const flight = ready
      .then(() => deliverLoudly(ctx, taken, stopping.signal))
      .then((outcome) => {
        if (outcome) finished.push(outcome)
        inFlight.delete(flight)
        count(taken, -1)
        gather()
      })
    inFlight.add(flight)
  }

  /** Outcomes that come close together share a transaction; one that comes alone does not wait. */
  const gather = () => {
    if (inFlight.size === 0 || finished.length >= GATHERED) sending.nudge()
    else gathering ??= setTimeout(() => sending.nudge(), GATHER_MS)
  }

  const sending = repeat(() => turn(AT_ONCE - inFlight.size), LOOK_EVERY_MS, onError)
  const upkeep = repeat(
    async () => {
      const { started, isMore } = await keepUp(ctx)
      if (started > 0 || isMore) sending.nudge()
      return isMore
    },
    LOOK_EVERY_MS,
    onError,
  )

  return {
    nudge: sending.nudge,
    stop: async () => {
      await Promise.all([sending.stop(), upkeep.stop()])
      clearTimeout(timer)
      const cut = setTimeout(() => stopping.abort(), DRAIN_MS)
      await Promise.all(inFlight)
      clearTimeout(cut)
      for (let tries = 0; tries < LAST_TRIES && finished.length > 0; tries += 1) await turn(0).catch(onError)
      await looking
      clearTimeout(timer)
    },
  }
}

const GATHERED = 128
const GATHER_MS = 30

/** What hundreds of requests have in hand when they are made at once is copied by each garbage collection. */
const STARTED_TOGETHER = 16

/** What is known by then must not have to be looked for because the database was busy. */
const LAST_TRIES = 3

/** A lane that is due already is one that has no token, or that somebody else holds. */
const SHORTEST_PAUSE_MS = 5

/** One round to its end: sends whatever is due until nothing is, with upkeep around it. Says how many it took on. */
export async function deliverDue(ctx: AppContext, pausedTypes?: PausedTypes): Promise<number> {
  await keepUp(ctx)
  let finished: Finished[] = []
  let count = 0
  for (;;) {
    const { taken, again } = await takeTurn(ctx, finished, { limit: AT_ONCE, pausedTypes })
    if (taken.length === 0 && !again) break
    const outcomes = await Promise.all(taken.map((each) => deliverLoudly(ctx, each)))
    finished = outcomes.filter((outcome) => outcome !== undefined)
    count += taken.length
  }
  await keepUp(ctx)
  return count
}

/** What is thrown here is a bug of ours: it is logged, and the lease's end says that the outcome is unknown. */
async function deliverLoudly(ctx: AppContext, taken: Taken, stopping?: AbortSignal): Promise<Finished | undefined> {
  try {
    return await deliver(ctx, taken, stopping)
  } catch (error) {
    ctx.log.error('delivery.broke', { deliveryId: taken.delivery.id, error })
    return undefined
  }
}

import { setTimeout as wait } from 'node:timers/promises'
import type { z } from 'zod'
import { AcceptedEvents } from '../../shared/events.ts'
import type { Chance } from './chance.ts'
import type { Place } from './connect.ts'

type Answer = z.infer<typeof AcceptedEvents>

const PRIORITIES = ['normal', 'normal', 'normal', 'urgent', 'low'] as const
const MOST_OF_BATCH = 8
const MOST_PLACES = 3

/** One message to one place that a program was told is kept. */
export type Kept = {
  text: string
  placeId: string
  deliveryId: string
  priority: string
  /** Its place in the request. */
  number: number
  /** When it was first sent, and when the 202 had come: it got its place in line in between. */
  askedAt: number
  keptAt: number
}

type Loading = {
  /** Where the next request goes; asked again for each try. */
  url: () => string
  key: string
  places: Place[]
  chance: Chance
  clients: number
  /** The longest pause between two requests of a client. */
  pauseMs: number
  /** When a request is given up and sent again. */
  patienceMs: number
}

/** Programs that send events, each with a key and again and again until it is told that they are kept. */
export function startLoad(loading: Loading) {
  const kept: Kept[] = []
  const stopping = new AbortController()
  let requests = 0
  let tries = 0
  const client = async (): Promise<void> => {
    const { chance, pauseMs } = loading
    while (!stopping.signal.aborted) {
      requests += 1
      const request = requestOf(loading, requests)
      const askedAt = performance.now()
      const answer = await untilKept(loading, request, () => {
        tries += 1
      })
      note(kept, request, answer, { askedAt, keptAt: performance.now() })
      // Whoever has its answer and asks again must get the same one.
      if (chance.next() < 0.1) expectSame(answer, await untilKept(loading, request, () => {}))
      await wait(chance.between(1, pauseMs), undefined, { signal: stopping.signal }).catch(() => {})
    }
  }
  const clients = Array.from({ length: loading.clients }, client)
  const ended = Promise.all(clients)
  // Told by `stop`, which is always called.
  ended.catch(() => {})
  return {
    kept,
    tries: () => tries,
    requests: () => requests,
    /** Starts nothing new; resolves once everything that was begun is kept. */
    stop: async (): Promise<void> => {
      stopping.abort()
      await ended
    },
  }
}

type Request = { key: string; isBatch: boolean; events: { text: string; priority: string; destinations: string[] }[] }

function requestOf({ chance, places }: Loading, number: number): Request {
  const isBatch = chance.next() < 0.3
  const count = isBatch ? chance.between(2, MOST_OF_BATCH) : 1
  const events = Array.from({ length: count }, (_, place) => {
    const chosen = new Set(Array.from({ length: chance.between(1, MOST_PLACES) }, () => chance.pick(places).id))
    return { text: `message ${number}.${place}`, priority: chance.pick(PRIORITIES), destinations: [...chosen] }
  })
  return { key: `request-${number}`, isBatch, events }
}

/** The answer, after as many tries as it takes; a refusal that time does not heal is thrown. */
async function untilKept(loading: Loading, request: Request, onTry: () => void): Promise<Answer> {
  const events = request.events.map((event) => ({ type: 'faults.load', ...event }))
  const body = JSON.stringify(request.isBatch ? events : events[0])
  for (;;) {
    onTry()
    const answer = await ask(loading, request.key, body)
    if (answer?.status === 202) return AcceptedEvents.parse(JSON.parse(answer.text))
    if (answer && answer.status !== 429 && answer.status !== 503) {
      throw new Error(`${request.key} was answered ${answer.status}: ${answer.text}`)
    }
    await wait(AGAIN_AFTER_MS)
  }
}

const AGAIN_AFTER_MS = 50

/** Undefined: no answer, or not all of it. */
async function ask({ url, key, patienceMs }: Loading, idempotencyKey: string, body: string) {
  try {
    const response = await fetch(`${url()}/api/events`, {
      method: 'POST',
      headers: {
        authorization: `Bearer ${key}`,
        'content-type': 'application/json',
        'idempotency-key': idempotencyKey,
      },
      body,
      signal: AbortSignal.timeout(patienceMs),
    })
    return { status: response.status, text: await response.text() }
  } catch {
    return undefined
  }
}

function note(kept: Kept[], request: Request, answer: Answer, times: Pick<Kept, 'askedAt' | 'keptAt'>): void {
  const items = 'items' in answer ? answer.items : [answer]
  for (const [number, { text, priority }] of request.events.entries()) {
    for (const { id, destination } of items[number]?.deliveries ?? []) {
      kept.push({ text, priority, number, placeId: destination, deliveryId: id, ...times })
    }
  }
}

function expectSame(first: Answer, second: Answer): void {
  const told = [first, second].map((answer) => JSON.stringify(answer))
  if (told[0] !== told[1]) throw new Error(`The same key was answered ${told[0]}, then ${told[1]}.`)
}

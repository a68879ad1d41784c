import { Agent } from 'undici'
import type { SlackReach } from '../../context.ts'
import { CannotStart } from '../../errors.ts'
import { ask } from './request.ts'
import { openRoad, proxyFor } from './road.ts'

export type ReachParts = Omit<SlackReach, 'fetch'>
export type ReachTimes = { requestMs: number; connectMs: number }

/** Long enough for a slow Slack, short enough for a person who waits for the connection test. */
export const REACH_TIMES: ReachTimes = { requestMs: 10_000, connectMs: 5_000 }

/**
 * The one way out to Slack: connections are kept open, no redirect is followed, every request ends within `requestMs`,
 * and an answer is read whole, up to a limit, before it is handed on.
 */
export function makeSlackReach(
  parts: ReachParts,
  times = REACH_TIMES,
  mostConnections = MOST_CONNECTIONS,
): SlackReach & { close: () => Promise<void> } {
  const proxyUrl = checkedProxy(parts.proxyUrl)
  const agent = new Agent({
    connect: ({ protocol, hostname, port }, done) => {
      const host = hostname.includes(':') ? `[${hostname}]` : hostname
      const url = new URL(`${protocol}//${host}${port ? `:${port}` : ''}`)
      openRoad(url, { proxyUrl: proxyFor(url, proxyUrl), connectMs: times.connectMs }).then(
        (socket) => done(null, socket),
        (error: Error) => done(error, null),
      )
    },
    connections: mostConnections,
    // Each request has one timer of its own, and says `timeout` whatever it waited for.
    headersTimeout: 0,
    bodyTimeout: 0,
  })
  const { origin } = new URL(parts.apiUrl)

  const reach: SlackReach['fetch'] = (input, init = {}) => {
    const url = String(input)
    // Nearly every request goes to the API, and taking its address apart anew each time costs more than comparing it.
    const isApi = url.startsWith(parts.apiUrl) && parts.apiUrl.startsWith(`${origin}/`)
    const place = isApi ? { origin, path: url.slice(origin.length) } : placeOf(new URL(url))
    return ask(agent, { ...place, url }, init, times.requestMs)
  }
  return { ...parts, proxyUrl, fetch: reach, close: () => agent.destroy() }
}

/** Above all that a process has in flight: behind the slow answers of one integration no request waits for a connection. */
const MOST_CONNECTIONS = 1_024

function placeOf({ origin, pathname, search }: URL): { origin: string; path: string } {
  return { origin, path: `${pathname}${search}` }
}

function checkedProxy(proxyUrl: string | undefined): string | undefined {
  if (proxyUrl === undefined) return undefined
  const full = proxyUrl.includes('://') ? proxyUrl : `http://${proxyUrl}`
  // The value may carry a password, so it is not quoted.
  if (!URL.canParse(full) || !/^https?:$/.test(new URL(full).protocol)) {
    throw new CannotStart(
      'HTTPS_PROXY is no http or https address. It takes, for example, http://proxy.example.com:3128.',
    )
  }
  return full
}

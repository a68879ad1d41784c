import { slackCode } from '../../../../shared/slack-codes.ts'
import { callSlack, type Heard, heardIn } from '../call.ts'
import { REACH_TIMES } from '../reach.ts'
import { type Leg, type LegName, openRoad, proxyFor, RoadBlocked } from '../road.ts'
import { type CheckStep, type Checkup, failed, type Item, link, type Outcome, took } from './checkup.ts'

/** The road to Slack, leg by leg, then a request that needs no token; and whether our clocks agree. */
export const reachStep: CheckStep = {
  name: 'reach',
  title: 'Reaching Slack',
  async run(checkup, signal) {
    const { ctx } = checkup
    const url = new URL(ctx.slack.apiUrl)
    const proxyUrl = proxyFor(url, ctx.slack.proxyUrl)
    const proxyHost = proxyUrl === undefined ? undefined : new URL(proxyUrl).host
    const legs: Leg[] = []
    try {
      const { connectMs } = REACH_TIMES
      const socket = await openRoad(url, { proxyUrl, connectMs, signal, onLeg: (leg) => legs.push(leg) })
      socket.destroy()
    } catch (error) {
      if (!(error instanceof RoadBlocked)) throw error
      checkup.learned.isUnreachable = true
      return blocked(checkup, url, proxyHost, legs, error)
    }
    return answer(checkup, url, legItems(url, proxyHost, legs), signal)
  },
}

/** A reply Slack signs is refused by either side when it is older than this. */
const CLOCK_FAILS_SECONDS = 300
const CLOCK_WARNS_SECONDS = 60

async function answer(checkup: Checkup, url: URL, road: Item[], signal: AbortSignal): Promise<Outcome> {
  const { ctx, learned } = checkup
  const called = await callSlack(ctx, undefined, 'api.test', {}, { signal })
  if (called.kind === 'failed') {
    const { code } = called.failure
    const isSomebodyElse = code === 'redirected' || code === 'not_json'
    const isBlocked = slackCode(code).from.includes('network') && called.exchange.httpStatus === undefined
    learned.isUnreachable = isSomebodyElse || (isBlocked && called.failure.kind === 'transient' && code !== 'timeout')
    const title = isSomebodyElse ? `Something else answers at ${url.host}` : 'Slack does not answer as it should'
    const http: Item = { label: 'HTTP', state: called.failure.kind === 'rate_limited' ? 'warn' : 'fail', code }
    const outcome = failed(checkup, title, called.failure, called.exchange, { items: [...road, http] })
    return { ...outcome, detail: `${outcome.detail}${whoAnswered(called.exchange.response)}` }
  }
  const http: Item = { label: 'HTTP', state: 'pass', note: took(called.exchange.tookMs) }
  const requestId = called.exchange.requestId
  return {
    ...clock(checkup, heardIn(called), called.exchange.tookMs, [...road, http]),
    ...(requestId && { requestId }),
  }
}

/** The page's own title, or where it wants to send us: enough to recognise a sign-in page or a proxy. */
function whoAnswered(response: unknown): string {
  if (typeof response === 'string') {
    const title = /<title[^>]*>([^<]{1,100})/i.exec(response)?.[1]?.trim()
    return title ? ` The page is titled "${title}".` : ''
  }
  const { error, reason } = response as { error?: unknown; reason?: unknown }
  return error === 'redirected' ? ` It was ${reason}.` : ''
}

function clock(checkup: Checkup, heard: Heard, tookMs: number, items: Item[]): Outcome {
  const title = 'Slack answers'
  if (heard.at === undefined) return { state: 'pass', title, items }
  // Slack's Date has whole seconds; ours is taken in the middle of the request.
  const aheadSeconds = Math.round((checkup.ctx.now() - tookMs / 2 - heard.at - 500) / 1000)
  const off = Math.abs(aheadSeconds)
  const apart = `${spoken(off)} ${aheadSeconds > 0 ? 'ahead of' : 'behind'} Slack`
  if (off <= CLOCK_WARNS_SECONDS) {
    const note = off <= 2 ? 'in step with Slack' : apart
    return { state: 'pass', title, items: [...items, { label: 'Clock', state: 'pass', note }] }
  }
  const state = off > CLOCK_FAILS_SECONDS ? 'fail' : 'warn'
  return {
    state,
    title: `Slack answers, and our clock is ${apart}`,
    detail:
      state === 'fail'
        ? 'Slack stamps what it sends with the time, and stamps more than 5 minutes off are refused, so commands and clicks will fail.'
        : 'From 5 minutes on, commands and clicks will be refused, because Slack stamps what it sends with the time.',
    fix: 'Set the clock of this server by a time server (NTP).',
    items: [...items, { label: 'Clock', state, note: apart }],
  }
}

const LEGS: readonly LegName[] = ['dns', 'tcp', 'proxy', 'tls']

function legItems(url: URL, proxyHost: string | undefined, legs: Leg[], stop?: RoadBlocked): Item[] {
  return LEGS.filter((name) => name !== 'proxy' || proxyHost !== undefined).map((name): Item => {
    const label = legLabel(name, proxyHost !== undefined)
    const walked = legs.find((leg) => leg.name === name)
    if (walked) return { label, state: 'pass', note: [took(walked.tookMs), walked.note].filter(Boolean).join(', ') }
    if (stop?.leg === name) return { label, state: 'fail', note: took(stop.tookMs), code: stop.reason }
    if (name === 'tls' && url.protocol === 'http:') return { label, state: 'skipped', note: 'Not encrypted' }
    return { label, state: 'skipped', note: 'Not reached' }
  })
}

function legLabel(name: LegName, isProxied: boolean): string {
  const labels = { dns: 'DNS', tcp: 'TCP', proxy: 'Proxy', tls: 'TLS' }
  return isProxied && (name === 'dns' || name === 'tcp') ? `${labels[name]} of the proxy` : labels[name]
}

function blocked(checkup: Checkup, url: URL, proxyHost: string | undefined, legs: Leg[], stop: RoadBlocked): Outcome {
  const host = url.hostname
  const toProxy = proxyHost !== undefined && (stop.leg === 'dns' || stop.leg === 'tcp')
  const titles: Record<LegName, string> = {
    dns: `The name ${host} can't be found`,
    tcp: `No connection to ${url.host}`,
    proxy: `The proxy ${proxyHost} lets nothing through to ${host}`,
    tls: `No trusted encryption with ${host}`,
  }
  const outcome = failed(
    checkup,
    toProxy ? `The proxy ${proxyHost} can't be reached` : titles[stop.leg],
    { kind: 'transient', code: stop.reason },
    undefined,
    { items: [...legItems(url, proxyHost, legs, stop), { label: 'HTTP', state: 'skipped', note: 'Not reached' }] },
  )
  if (!toProxy) return { ...outcome, link: link(checkup, 'status') }
  return {
    ...outcome,
    detail: 'HTTPS_PROXY names a proxy, and this server finds no way to it.',
    fix: 'Correct HTTPS_PROXY, or take it away if this server may reach Slack directly.',
  }
}

function spoken(seconds: number): string {
  if (seconds < 120) return `${seconds} s`
  return seconds < 7200 ? `${Math.round(seconds / 60)} min` : `${Math.round(seconds / 3600)} h`
}

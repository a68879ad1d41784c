import type { RefusalReason } from '../../shared/commands.ts'
import type { TestState, TestStep } from '../../shared/connection-tests.ts'
import { slackLink, slackPageLabel } from '../../shared/slack-links.ts'

/** What is known of a request that was refused; the last three tell whether its body was altered on the way. */
export type RefusedRequest = {
  reason: RefusalReason
  /** How far the request's timestamp lay ahead of our clock. */
  skewMs?: number | undefined
  declaredBytes?: number | undefined
  receivedBytes?: number | undefined
  contentEncoding?: string | undefined
}

const step = (appId: string, rest: Omit<TestStep, 'name' | 'tookMs' | 'link' | 'field'>): TestStep => ({
  name: 'signing_secret',
  tookMs: 0,
  field: 'signingSecret',
  link: { label: slackPageLabel('general'), url: slackLink('general', appId) },
  ...rest,
})

/** The step when it can't be told. */
export function skippedSigningStep(appId: string, why: keyof typeof skipped): TestStep {
  return step(appId, { state: 'skipped', title: 'Signing secret not tested', ...skipped[why] })
}

const skipped = {
  unsaved: {
    detail: 'Slack’s signed requests go to this integration’s own address, which exists once it is saved.',
    fix: 'Save first, then test again.',
  },
  changed: {
    detail: 'Slack’s signed requests are checked with the saved signing secret, not with the one on screen.',
    fix: 'Save first, then test again.',
  },
  missing: { detail: 'No signing secret is saved.', fix: 'Enter the signing secret and save.' },
  disabled: {
    detail: 'The integration is disabled, so Slack’s requests are refused.',
    fix: 'Enable it, then test again.',
  },
  deleted: { detail: 'The integration was deleted while it was tested.' },
}

/** Nothing signed has come yet. */
export function waitingSigningStep(appId: string, hasTestMessage: boolean): TestStep {
  return step(appId, {
    state: 'waiting',
    title: 'Waiting for Slack’s first signed request',
    detail: 'Only a request that Slack signed can prove the signing secret. This turns green by itself.',
    fix: hasTestMessage
      ? 'Press the button in the test message, or type /switchboard in Slack.'
      : 'Type /switchboard in Slack.',
  })
}

/** Slack signed a request with this very secret. */
export function provenSigningStep(appId: string, agoMs: number): TestStep {
  return step(appId, { state: 'pass', title: `Slack’s signed request arrived ${ago(agoMs)}` })
}

/** The secret was replaced before anything signed came. */
export function outdatedSigningStep(appId: string): TestStep {
  return step(appId, {
    state: 'skipped',
    title: 'Signing secret not tested',
    detail: 'The signing secret was replaced before a signed request arrived.',
    fix: 'Test again.',
  })
}

/** A request came and was refused: the likeliest cause. Undefined when the refusal says nothing about the secret. */
export function refusedSigningStep(appId: string, request: RefusedRequest): TestStep | undefined {
  const cause = likelyCause(request)
  return cause && step(appId, { state: 'warn', code: request.reason, ...cause })
}

type Cause = Pick<TestStep, 'title' | 'detail' | 'fix'>

function likelyCause(request: RefusedRequest): Cause | undefined {
  switch (request.reason) {
    case 'bad_signature':
      return isAltered(request) ? alteredBody(request) : wrongSecret
    case 'stale':
    case 'future':
      return clock(request)
    case 'unsigned':
      return {
        title: 'A request came without Slack’s signature',
        detail: 'The headers X-Slack-Signature and X-Slack-Request-Timestamp were missing.',
        fix: 'If it was Slack’s, let the proxy in front of this server pass these two headers on.',
      }
    case 'too_large':
    case 'malformed':
      return {
        title: 'A request came that Slack does not send like this',
        detail: 'It was refused before its signature could be checked.',
        fix: 'If it was Slack’s, check that the proxy in front of this server passes bodies on unchanged.',
      }
    case 'replayed':
    case 'disabled':
    case 'unknown_integration':
      return undefined
  }
}

const wrongSecret: Cause = {
  title: 'A request came whose signature does not fit the signing secret',
  detail: 'Its time was right, so the signing secret is most likely not the one of this app.',
  fix: 'Copy the signing secret from Basic Information again, not the client secret, and save.',
}

function alteredBody(request: RefusedRequest): Cause {
  const encoded = isEncoded(request.contentEncoding)
  const how = encoded
    ? `was encoded as ${request.contentEncoding}`
    : `had ${request.receivedBytes} bytes where ${request.declaredBytes} were announced`
  return {
    title: 'A request came whose body was altered on the way',
    detail: `It ${how}, and Slack’s signature covers every byte as Slack sent it.`,
    fix: 'Let the proxy in front of this server pass request bodies on unchanged.',
  }
}

function clock({ reason, skewMs }: RefusedRequest): Cause {
  const late = reason === 'stale'
  const off = skewMs === undefined ? '' : ` by ${duration(Math.abs(skewMs))}`
  return {
    title: late ? 'A request came with a time long past' : 'A request came with a time yet to come',
    detail: `By its timestamp and this server’s clock they differ${off}, and more than 5 minutes is refused.`,
    fix: late
      ? 'Set this server’s clock, which is most likely ahead, or find what holds requests back on their way.'
      : 'Set this server’s clock, which is most likely behind.',
  }
}

const isEncoded = (encoding: string | undefined) => encoding !== undefined && !/^(identity)?$/i.test(encoding.trim())

function isAltered({ declaredBytes, receivedBytes, contentEncoding }: RefusedRequest): boolean {
  if (isEncoded(contentEncoding)) return true
  return declaredBytes !== undefined && receivedBytes !== undefined && declaredBytes !== receivedBytes
}

/** The state of a run, by its steps. One that can still turn green by itself is waiting, hints or not. */
export function stateOf(steps: TestStep[], isAwaiting: boolean): TestState {
  if (steps.some(({ state }) => state === 'fail')) return 'failing'
  if (isAwaiting) return 'waiting'
  return steps.some(({ state }) => state === 'warn') ? 'warning' : 'ok'
}

/** "40 s ago", in the largest unit that fits. */
function ago(ms: number): string {
  return ms < 1_000 ? 'just now' : `${duration(ms)} ago`
}

function duration(ms: number): string {
  const seconds = Math.round(ms / 1_000)
  if (seconds < 120) return `${seconds} s`
  if (seconds < 7_200) return `${Math.round(seconds / 60)} minutes`
  if (seconds < 172_800) return `${Math.round(seconds / 3_600)} hours`
  return `${Math.round(seconds / 86_400)} days`
}

import { Agent, fetch } from 'undici'
import { recordCall } from './calls.ts'
import type { Sandbox } from './sandbox.ts'
import { type Signed, type SignWith, signed } from './signing.ts'
import type { App } from './workspace.ts'

/** What the simulator keeps of its calls to apps: the connection pool, and each URL's last honest request. */
export type Outbox = { agent: Agent; lastSent: Map<string, Signed> }

/** How an app answered. `error` is the word the person in Slack would see. */
export type Answered = {
  status: number | null
  tookMs: number
  body: string
  contentType: string
  error?: 'operation_timeout' | 'dispatch_failed'
}

const DEADLINE_MS = 3_000

export function newOutbox(): Outbox {
  return { agent: new Agent({ keepAliveTimeout: 5_000, connections: 64 }), lastSent: new Map() }
}

/** Posts a signed form to an app and waits three seconds for its answer, as Slack does. */
export async function sendToApp(
  sandbox: Sandbox,
  app: App,
  request: { method: string; url: string; form: Record<string, string>; signWith?: SignWith | undefined },
): Promise<Answered> {
  const { lastSent } = sandbox.outbox
  const body = new URLSearchParams(request.form).toString()
  const fresh = signed(app.signingSecret, sandbox.now(), body, request.signWith)
  if (request.signWith === 'replay' && !lastSent.has(request.url)) await post(sandbox, request.url, fresh)
  const sending = request.signWith === 'replay' ? (lastSent.get(request.url) ?? fresh) : fresh
  if (request.signWith === undefined || request.signWith === 'replay') lastSent.set(request.url, sending)

  const { payload, ...fields } = request.form
  const args = {
    ...(payload ? JSON.parse(payload) : fields),
    ...(request.signWith ? { signWith: request.signWith } : {}),
  }
  const shown = { direction: 'out' as const, method: request.method, appId: app.id, args }
  const call = recordCall(sandbox.calls, sandbox.now(), shown)
  const answered = await post(sandbox, request.url, sending)
  Object.assign(call, { status: answered.status, tookMs: answered.tookMs, ok: answered.error === undefined })
  if (answered.error) call.error = answered.error
  return answered
}

async function post(sandbox: Sandbox, url: string, { body, headers }: Signed): Promise<Answered> {
  const startedAt = performance.now()
  const tookMs = () => Math.round((performance.now() - startedAt) * 10) / 10
  const signal = AbortSignal.any([AbortSignal.timeout(DEADLINE_MS), sandbox.stopping])
  try {
    const dispatcher = sandbox.outbox.agent
    const response = await fetch(url, { method: 'POST', body, headers, redirect: 'manual', signal, dispatcher })
    const text = await response.text()
    const contentType = response.headers.get('content-type') ?? ''
    const answered = { status: response.status, tookMs: tookMs(), body: text, contentType }
    return response.status === 200 ? answered : { ...answered, error: 'dispatch_failed' }
  } catch {
    // A refused connection and a passed deadline look alike to the person; only the word differs.
    const error = signal.aborted ? 'operation_timeout' : 'dispatch_failed'
    return { status: null, tookMs: tookMs(), body: '', contentType: '', error }
  }
}

/** One request that reached the simulator, or that it sent to an app. Secrets are out before it is kept. */
export type Call = {
  id: number
  at: string
  direction: 'in' | 'out'
  method: string
  appId?: string
  args: unknown
  /** null: no answer was given. */
  status: number | null
  ok?: boolean
  error?: string
  fault?: string
  tookMs?: number
}

export type Calls = { kept: Call[]; lastId: number }

const KEPT = 5_000
const LONGEST_TEXT = 20_000
const SECRET_NAMES = new Set(['token', 'client_secret', 'refresh_token', 'code', 'code_verifier'])
const SECRET_TEXT = /\b(?:xox[a-z]|xapp|xoxe\.xox[bp])-[\w.-]+|(\/services\/\w+\/\w+\/)\w+/g

export function noCalls(): Calls {
  return { kept: [], lastId: 0 }
}

/** Opens an entry in the record; the caller fills in how it ended. */
export function recordCall(calls: Calls, at: number, call: Omit<Call, 'id' | 'at' | 'status'>): Call {
  calls.lastId += 1
  const entry: Call = {
    id: calls.lastId,
    at: new Date(at).toISOString(),
    ...call,
    args: withoutSecrets(call.args),
    status: null,
  }
  calls.kept.push(entry)
  // Dropping a tenth at a time keeps a busy record from moving 5,000 entries on every call.
  if (calls.kept.length > KEPT * 1.1) calls.kept.splice(0, calls.kept.length - KEPT)
  return entry
}

/** The newest 5,000 calls, oldest first. */
export function listCalls(calls: Calls, method?: string): Call[] {
  const newest = calls.kept.slice(-KEPT)
  return method === undefined ? newest : newest.filter((call) => call.method === method)
}

export function forgetCalls(calls: Calls): void {
  calls.kept = []
}

function withoutSecrets(value: unknown, name = ''): unknown {
  if (SECRET_NAMES.has(name)) return '[redacted]'
  if (typeof value === 'string') {
    return value.slice(0, LONGEST_TEXT).replace(SECRET_TEXT, (_all, kept) => `${kept ?? ''}[redacted]`)
  }
  if (Array.isArray(value)) return value.map((item) => withoutSecrets(item))
  if (typeof value === 'object' && value !== null) {
    return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, withoutSecrets(item, key)]))
  }
  return value
}

/** One request that reached the simulator, or that it sent to an app. Secrets are out before it is kept. */
export type Call = {
  id: number
  at: number
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

/** As it is listed: its time written out, which nobody needs while calls come in. */
export type ShownCall = Omit<Call, 'at'> & { at: string }

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
  const entry: Call = { id: calls.lastId, at, ...call, args: withoutSecrets(call.args), status: null }
  calls.kept.push(entry)
  // Dropping a tenth at a time keeps a busy record from moving 5,000 entries on every call.
  if (calls.kept.length > KEPT * 1.1) calls.kept.splice(0, calls.kept.length - KEPT)
  return entry
}

/** The newest 5,000 calls, oldest first. */
export function listCalls(calls: Calls, method?: string): ShownCall[] {
  const newest = calls.kept.slice(-KEPT)
  const asked = method === undefined ? newest : newest.filter((call) => call.method === method)
  return asked.map((call) => ({ ...call, at: new Date(call.at).toISOString() }))
}

export function forgetCalls(calls: Calls): void {
  calls.kept = []
}

/** What holds no secret, nearly everything, is kept as it is. */
function withoutSecrets(value: unknown): unknown {
  return isKeepable(value) ? value : redacted(value)
}

function isKeepable(value: unknown): boolean {
  if (typeof value === 'string') return value.length <= LONGEST_TEXT && value.search(SECRET_TEXT) === -1
  if (Array.isArray(value)) return value.every(isKeepable)
  if (typeof value !== 'object' || value === null) return true
  // A file in a form is only heard of: the record would hold all its bytes.
  if (value instanceof Blob) return false
  return Object.entries(value).every(([name, item]) => !SECRET_NAMES.has(name) && isKeepable(item))
}

function redacted(value: unknown, name = ''): unknown {
  if (SECRET_NAMES.has(name)) return '[redacted]'
  if (typeof value === 'string') {
    return value.slice(0, LONGEST_TEXT).replace(SECRET_TEXT, (_all, kept) => `${kept ?? ''}[redacted]`)
  }
  if (Array.isArray(value)) return value.map((item) => redacted(item))
  if (typeof value === 'object' && value !== null) {
    return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, redacted(item, key)]))
  }
  return value
}

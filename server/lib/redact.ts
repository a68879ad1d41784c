/** Shapes that are secrets wherever they turn up; whoever knows the very values hands them in besides. */
const SECRET_SHAPES: [RegExp, string][] = [
  [/\bxox[a-z](?:\.xox[a-z])?-[A-Za-z0-9+/=_-]{6,}/g, 'xox-[removed]'],
  [/\bxapp-[A-Za-z0-9-]{6,}/gi, 'xapp-[removed]'],
  [
    /(\/(?:services|workflows|triggers|commands|actions|app|app-actions)\/T[A-Z0-9]+\/[A-Z0-9]+)\/[A-Za-z0-9_/-]{8,}/g,
    '$1/[removed]',
  ],
  // Whoever knows the address that Slack gives out for a file may send its bytes. Slack writes a slash as \/ in JSON.
  [/(\bupload\\*\/v1)\\*\/[A-Za-z0-9_-]{8,}/g, '$1/[removed]'],
  [/\bsk_[A-Za-z0-9_-]{20,}/g, 'sk_[removed]'],
  [/\bwhsec_[A-Za-z0-9+/]{16,}=*/g, 'whsec_[removed]'],
  [/\b(Bearer)\s+[A-Za-z0-9+/=._-]{8,}/gi, '$1 [removed]'],
  // A plain word after it is no credential: "Basic Information" is a page of Slack's app settings.
  [/\b(Basic|basic|BASIC)\s+(?![A-Za-z]?[a-z]{1,14}(?![\w+/=-]))[A-Za-z0-9+/=._-]{8,}/g, '$1 [removed]'],
]

/** Fields whose value is a secret whatever it looks like. */
const SECRET_FIELDS =
  /^(authorization|cookie|set-cookie|token|password|secret|client_?secret|signing_?secret|bot_?token|app_?token|user_?token|refresh_?token|access_?token|api_?key|master_?key|upload_?url|x-slack-signature)$/i

const MOST_DEPTH = 12

/**
 * The value without secrets: known values, secret-looking text and secret fields are replaced, at any depth, in a copy.
 * A value that holds nothing of the kind is given back as it is, since one look over its JSON costs far less than a copy.
 * Whoever has that JSON already hands it in.
 */
export function redactSecrets(value: unknown, known: string[] = [], json = jsonOf(value)): unknown {
  if (json !== undefined && !mayHoldSecret(json, known)) return value
  const exact = known.filter((secret) => secret.length >= 6)
  const clean = (part: unknown, depth: number): unknown => {
    if (typeof part === 'string') return redactText(part, exact)
    if (typeof part !== 'object' || part === null) return part
    if (depth > MOST_DEPTH) return '[too deep]'
    if (Array.isArray(part)) return part.map((item) => clean(item, depth + 1))
    return Object.fromEntries(
      Object.entries(part).map(([key, item]) => [
        key,
        SECRET_FIELDS.test(key) && typeof item === 'string' ? '[removed]' : clean(item, depth + 1),
      ]),
    )
  }
  return clean(value, 0)
}

/** The same for one text. */
export function redactText(text: string, known: string[] = []): string {
  let clean = text
  for (const secret of known) if (secret.length >= 6) clean = clean.replaceAll(secret, '[removed]')
  for (const [shape, instead] of SECRET_SHAPES) clean = clean.replace(shape, instead)
  return clean
}

/** Wider than the shapes and fields above, whose word boundaries an escaped line break would hide in JSON. */
const TRACE =
  /xox[a-z]|xapp-|upload\\*\/v1|\/(?:services|workflows|triggers|commands|actions|app|app-actions)\/T|sk_|whsec_|bearer|basic|"(?:authorization|(?:set-)?cookie|password|upload_?url|x-slack-signature|(?:\w+_?)?(?:token|secret|key))"\s*:/i

function mayHoldSecret(json: string, known: string[]): boolean {
  // A secret stands in JSON as JSON writes it.
  const isThere = (secret: string) => secret.length >= 6 && json.includes(JSON.stringify(secret).slice(1, -1))
  return TRACE.test(json) || known.some(isThere)
}

/** Undefined for what has no JSON, such as a circle. */
function jsonOf(value: unknown): string | undefined {
  try {
    return JSON.stringify(value)
  } catch {
    return undefined
  }
}

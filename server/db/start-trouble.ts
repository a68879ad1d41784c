import { DatabaseProblem } from './open.ts'

/**
 * What a driver's error means to whoever starts the server: the same error where it is a bug of ours, else the line that
 * says what to do. Migrations are what a start asks first, so nothing is lost by it.
 */
export function startTrouble(error: unknown, url: string): unknown {
  if (!(error instanceof Error)) return error
  const code = 'code' in error ? String(error.code) : ''
  const found = BY_CODE.find(([form]) => form.test(code || error.message))
  if (!found) return error
  const [, what, fix] = found
  const isFile = url.startsWith('sqlite:')
  const name = isFile ? `The database ${url.slice('sqlite:'.length)}` : `The database${placeOf(url)}`
  return new DatabaseProblem(`${name} ${what} (${redacted(error, url)}). Nothing was lost: ${fix}, then start again.`)
}

const ADDRESS = 'check that it runs, and host and port in SWITCHBOARD_DATABASE_URL'

/** By code, or in the words of pg where it gives none: what is so, and what to do. */
const BY_CODE: [RegExp, what: string, fix: string][] = [
  [/^(SQLITE_FULL|ENOSPC|EDQUOT|53100)$/, 'has no room left on its disk', 'free some space'],
  [/^(SQLITE_IOERR.*|EIO|58030)$/, 'is on a disk that answers with errors', 'look at that disk'],
  [/^(SQLITE_READONLY.*|SQLITE_CANTOPEN.*|EROFS|25006)$/, 'takes no changes', 'let this user write to it'],
  [/^(SQLITE_BUSY.*|SQLITE_LOCKED.*)$/, 'is held by another program', 'end that one'],
  [/^(28...)$/, 'lets nobody in with that user and password', 'put them right in SWITCHBOARD_DATABASE_URL'],
  [/^3D000$/, 'does not exist', 'create it, or put its name right in SWITCHBOARD_DATABASE_URL'],
  [/^(42501|3F000)$/, 'lets its user make no tables', 'grant that user CREATE on the schema'],
  [/^(53300|55P03|57014)$/, 'is too busy', 'end what holds it'],
  [
    /^(ERR_INVALID_URL|URIError|URI malformed)$/,
    'can’t be found by SWITCHBOARD_DATABASE_URL',
    'write it as postgres://user:password@host:5432/name, with % codes for special characters in the password',
  ],
  [/^(08...|57P0.|E(CONN|TIMED|HOST|NET|PIPE|AI_).*|ENOTFOUND|ENOENT)$/, 'can’t be reached', ADDRESS],
  [/^(timeout exc|Connection termin|The server does not support SSL|SASL|.*certificate)/i, 'can’t be reached', ADDRESS],
]

/** Host and name, never user and password. */
function placeOf(url: string): string {
  if (!URL.canParse(url)) return ''
  const { host, pathname } = new URL(url)
  return ` ${host}${pathname}`
}

/** What the driver said, without the password, should it quote its address. Of several failed roads the first. */
function redacted(error: Error, url: string): string {
  const said = error instanceof AggregateError ? String(error.errors[0]?.message) : error.message
  const password = URL.canParse(url) ? new URL(url).password : ''
  return password ? said.replaceAll(password, '…').replaceAll(plain(password), '…') : said
}

function plain(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}

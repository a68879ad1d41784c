import type { HonoRequest } from 'hono'
import { type Args, isJson } from './args.ts'

/** A Web API request as it came, whichever of Slack's encodings it used. */
export type Asked = {
  args: Args
  isJson: boolean
  token?: string
  /** Client id and secret from HTTP Basic, the form that oauth.v2.access prefers. */
  basic: Args
  warnings: string[]
}

/** Reads the arguments and the token. A token in the query string is not seen, as for apps made since 2021. */
export async function readAsked(request: HonoRequest): Promise<Asked> {
  const type = (request.header('content-type') ?? '').toLowerCase()
  const isJsonBody = request.method === 'POST' && type.startsWith('application/json')
  const { token: inQuery, ...query } = request.query()
  const body = request.method === 'POST' ? await readBody(request, isJsonBody) : {}
  const { token: inBody, ...args } = body
  const token = bearer(request.header('authorization')) ?? (isJsonBody ? undefined : inBody)
  const hasCharset = type.includes('charset=')
  const isForm = type.startsWith('application/x-www-form-urlencoded')
  return {
    args: { ...query, ...args },
    isJson: isJsonBody,
    ...(typeof token === 'string' && token !== '' ? { token } : {}),
    basic: readBasic(request.header('authorization')),
    warnings: isJsonBody && !hasCharset ? ['missing_charset'] : isForm && hasCharset ? ['superfluous_charset'] : [],
  }
}

async function readBody(request: HonoRequest, isJsonBody: boolean): Promise<Args> {
  if (!isJsonBody) return await request.parseBody().catch(() => ({}))
  const parsed: unknown = await request.json().catch(() => undefined)
  return isJson(parsed) ? parsed : {}
}

function bearer(header: string | undefined): string | undefined {
  return header?.startsWith('Bearer ') ? header.slice('Bearer '.length).trim() : undefined
}

function readBasic(header: string | undefined): Args {
  if (!header?.startsWith('Basic ')) return {}
  const [id, secret] = Buffer.from(header.slice('Basic '.length), 'base64').toString('utf8').split(':')
  return { client_id: decodeURIComponent(id ?? ''), client_secret: decodeURIComponent(secret ?? '') }
}

import type { HonoRequest } from 'hono'
import { type Args, isJson } from './args.ts'

/** A Web API request as it came, whichever of Slack's encodings it used. */
export type Asked = {
  args: Args
  isJson: boolean
  token: string | undefined
  /** Client id and secret from HTTP Basic, the form that oauth.v2.access prefers. */
  basic: Args
  warnings: string[]
  /** Slack's word for a JSON body it cannot read. */
  problem: 'invalid_json' | 'json_not_object' | undefined
}

/** Reads the arguments and the token. A token in the query string is not seen, as for apps made since 2021. */
export async function readAsked(request: HonoRequest): Promise<Asked> {
  const type = (request.header('content-type') ?? '').toLowerCase()
  const authorization = request.header('authorization')
  const isJsonBody = request.method === 'POST' && type.startsWith('application/json')
  const body = request.method === 'POST' ? await readBody(request, type, isJsonBody) : {}
  const said = typeof body === 'string' ? {} : body
  const token = bearer(authorization) ?? (isJsonBody ? undefined : said.token)
  const hasCharset = type.includes('charset=')
  const isForm = type.startsWith('application/x-www-form-urlencoded')
  return {
    args: withoutToken({ ...request.query(), ...said }),
    isJson: isJsonBody,
    token: typeof token === 'string' && token !== '' ? token : undefined,
    basic: readBasic(authorization),
    problem: typeof body === 'string' ? body : undefined,
    warnings: isJsonBody && !hasCharset ? ['missing_charset'] : isForm && hasCharset ? ['superfluous_charset'] : [],
  }
}

async function readBody(
  request: HonoRequest,
  type: string,
  isJsonBody: boolean,
): Promise<Args | 'invalid_json' | 'json_not_object'> {
  // Nearly every request is a form, and reading one through FormData costs as much as answering it.
  if (type.startsWith('application/x-www-form-urlencoded')) return fields(await request.text())
  if (!isJsonBody) return request.parseBody().catch(() => ({}))
  const text = await request.text()
  if (text === '') return {}
  try {
    const parsed: unknown = JSON.parse(text)
    return isJson(parsed) ? parsed : 'json_not_object'
  } catch {
    return 'invalid_json'
  }
}

function fields(form: string): Args {
  const read: Args = {}
  // Without the & a ? in front would be dropped, as that of an address; in a form it is part of the name.
  new URLSearchParams(`&${form}`).forEach((value, name) => {
    read[name] = value
  })
  return read
}

/** Most callers send their token in a header, and then there is nothing to copy. */
function withoutToken(args: Args): Args {
  if (args.token === undefined) return args
  const { token: _, ...others } = args
  return others
}

function bearer(header: string | undefined): string | undefined {
  return header?.startsWith('Bearer ') ? header.slice('Bearer '.length).trim() : undefined
}

function readBasic(header: string | undefined): Args {
  if (!header?.startsWith('Basic ')) return {}
  const [id, secret] = Buffer.from(header.slice('Basic '.length), 'base64').toString('utf8').split(':')
  return { client_id: id, client_secret: secret }
}

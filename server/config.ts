import { readFileSync } from 'node:fs'
import { isIP } from 'node:net'
import { resolve } from 'node:path'
import { z } from 'zod'
import { CannotStart } from './errors.ts'

const url = z.url({ protocol: /^https?$/ })
const hostList = z
  .string()
  .transform((text) => text.split(',').map((host) => host.trim().toLowerCase()))
  .pipe(z.array(z.string().regex(/^[a-z0-9.-]+(:\d{1,5})?$|^\[[0-9a-f:]+\](:\d{1,5})?$/)).min(1))
const masterKey = z
  .string()
  .trim()
  .refine((text) => /^[A-Za-z0-9+/]{43}=?$/.test(text) && Buffer.from(text, 'base64').length === 32)

/** Every setting, with the sentence shown when its value can't be used. */
const settings = {
  SWITCHBOARD_HOST: {
    schema: z.string().min(1).default('127.0.0.1'),
    wants: 'the address to listen on, for example 127.0.0.1 or 0.0.0.0',
  },
  SWITCHBOARD_PORT: {
    schema: z.coerce.number().int().min(0).max(65_535).default(3000),
    wants: 'a port from 0 (any free one) to 65535, for example 3000',
  },
  SWITCHBOARD_PUBLIC_URL: {
    // Nothing is served under a path, and one that is left off without a word would be missing in every link.
    schema: url
      .regex(/^\w+:\/\/[^/?#]+\/?$/)
      .transform((text) => new URL(text).origin)
      .optional(),
    wants:
      'the address people and Slack reach this server at, without a path, for example https://switchboard.example.com',
  },
  SWITCHBOARD_DATA_DIR: { schema: z.string().min(1).default('./data'), wants: 'a folder, for example ./data' },
  SWITCHBOARD_DATABASE_URL: {
    schema: z
      .string()
      .regex(/^(postgres|postgresql):\/\/|^sqlite:./)
      .optional(),
    wants: 'postgres://user:password@host:5432/name, or sqlite:path/to/file.db',
  },
  SWITCHBOARD_ROLES: {
    schema: z
      .string()
      .default('api,worker')
      .transform((text) => text.split(',').map((role) => role.trim()))
      .pipe(z.array(z.enum(['api', 'worker'])).min(1)),
    wants: 'api, worker, or both: api,worker',
  },
  SWITCHBOARD_MASTER_KEY: {
    schema: masterKey.optional(),
    wants: '32 bytes as base64, for example the output of: openssl rand -base64 32',
  },
  SWITCHBOARD_MASTER_KEY_FILE: {
    schema: z.string().min(1).optional(),
    wants: 'the path of a file that holds 32 bytes as base64',
  },
  SWITCHBOARD_SETUP_TOKEN: {
    schema: z.string().min(16).max(200).optional(),
    wants: 'at least 16 characters, for example the output of: openssl rand -hex 24',
  },
  SWITCHBOARD_LOG_LEVEL: {
    schema: z.enum(['trace', 'debug', 'info', 'warn', 'error', 'silent']).default('info'),
    wants: 'trace, debug, info, warn, error or silent',
  },
  SWITCHBOARD_METRICS_OPEN: {
    schema: z.stringbool().default(false),
    wants: 'true to answer GET /metrics without an API key, else false',
  },
  SWITCHBOARD_PACE: {
    schema: z.enum(['slack', 'off']).default('slack'),
    wants: 'slack (its limits), or off, which is only for a simulator without limits',
  },
  SWITCHBOARD_RETENTION_DAYS: {
    schema: z.coerce.number().int().min(1).max(3_650).optional(),
    wants: 'how many days deliveries and events are kept, from 1 to 3650, for example 90; for good when it is not set',
  },
  SWITCHBOARD_PROXY_HOPS: {
    schema: z.coerce.number().int().min(0).max(10).default(0),
    wants:
      'how many reverse proxies of yours stand in front, for example 1; X-Forwarded-For is read that deep and no deeper',
  },
  SWITCHBOARD_PLATFORM_HOSTS: {
    schema: hostList.default([]),
    wants: 'host names separated by commas, each with or without a port, for example platform.internal,127.0.0.1:8080',
  },
  SLACK_API_URL: {
    schema: url.transform((text) => (text.endsWith('/') ? text : `${text}/`)).default('https://slack.com/api/'),
    wants: 'an http(s) address, for example https://slack.com/api/',
  },
  SLACK_WEBHOOK_HOSTS: {
    schema: hostList.default(['hooks.slack.com', 'hooks.slack-gov.com']),
    wants: 'host names separated by commas, for example hooks.slack.com,hooks.slack-gov.com',
  },
  SLACK_UPLOAD_HOSTS: {
    schema: hostList.default(['files.slack.com']),
    wants: 'host names separated by commas, for example files.slack.com',
  },
} as const

type Settings = { [Name in keyof typeof settings]: z.output<(typeof settings)[Name]['schema']> }

export type Config = {
  host: string
  port: number
  /** What people and Slack reach us at; guessed from host and port when not set. */
  publicUrl: string | undefined
  dataDir: string
  databaseUrl: string
  roles: ('api' | 'worker')[]
  masterKey: Buffer | undefined
  masterKeyFile: string | undefined
  setupToken: string | undefined
  logLevel: Settings['SWITCHBOARD_LOG_LEVEL']
  metricsOpen: boolean
  pace: 'slack' | 'off'
  /** Of what no notification type says otherwise of; null: for good. */
  retentionDays: number | null
  proxyHops: number
  platformHosts: string[]
  slackApiUrl: string
  slackWebhookHosts: string[]
  slackUploadHosts: string[]
  proxyUrl: string | undefined
}

/** A setting that stops the start. The message names the variable, says what was wrong and gives an example. */
export class BadSetting extends CannotStart {
  constructor(name: string, problem: string, wants: string) {
    super(`${name} ${problem}. It takes ${wants}.`)
    this.name = 'BadSetting'
  }
}

/** Reads the settings out of the environment; unknown SWITCHBOARD_ names are refused, since they are typing mistakes. */
export function readConfig(env: Record<string, string | undefined> = process.env): Config {
  const read = Object.fromEntries(
    Object.entries(settings).map(([name, { schema, wants }]) => {
      const given = env[name] === '' ? undefined : env[name]
      const parsed = schema.safeParse(given)
      if (!parsed.success) throw new BadSetting(name, `can't be ${describe(name, given)}`, wants)
      return [name, parsed.data]
    }),
  ) as Settings
  for (const name of Object.keys(env)) {
    const known = name in settings || CLIENT_SETTINGS.includes(name)
    if (name.startsWith('SWITCHBOARD_') && !known) {
      throw new BadSetting(name, 'is no setting of Switchboard', `a known name: ${Object.keys(settings).join(', ')}`)
    }
  }
  const dataDir = resolve(read.SWITCHBOARD_DATA_DIR)
  return {
    host: read.SWITCHBOARD_HOST,
    port: read.SWITCHBOARD_PORT,
    publicUrl: read.SWITCHBOARD_PUBLIC_URL,
    dataDir,
    databaseUrl: read.SWITCHBOARD_DATABASE_URL ?? `sqlite:${resolve(dataDir, 'switchboard.db')}`,
    roles: read.SWITCHBOARD_ROLES,
    masterKey: masterKeyFrom(read),
    masterKeyFile: read.SWITCHBOARD_MASTER_KEY_FILE,
    setupToken: read.SWITCHBOARD_SETUP_TOKEN,
    logLevel: read.SWITCHBOARD_LOG_LEVEL,
    metricsOpen: read.SWITCHBOARD_METRICS_OPEN,
    pace: read.SWITCHBOARD_PACE,
    retentionDays: read.SWITCHBOARD_RETENTION_DAYS ?? null,
    proxyHops: read.SWITCHBOARD_PROXY_HOPS,
    platformHosts: read.SWITCHBOARD_PLATFORM_HOSTS,
    slackApiUrl: checkedSlackUrl(read.SLACK_API_URL),
    slackWebhookHosts: read.SLACK_WEBHOOK_HOSTS,
    slackUploadHosts: read.SLACK_UPLOAD_HOSTS,
    proxyUrl: env.HTTPS_PROXY || env.https_proxy || undefined,
  }
}

/** Settings of the command line that talks to a server; not read here. */
const CLIENT_SETTINGS = ['SWITCHBOARD_URL', 'SWITCHBOARD_API_KEY']

function masterKeyFrom(read: Settings): Buffer | undefined {
  if (read.SWITCHBOARD_MASTER_KEY) return Buffer.from(read.SWITCHBOARD_MASTER_KEY, 'base64')
  const path = read.SWITCHBOARD_MASTER_KEY_FILE
  if (!path) return undefined
  const wants = settings.SWITCHBOARD_MASTER_KEY_FILE.wants
  let text: string
  try {
    text = readFileSync(path, 'utf8')
  } catch (error) {
    throw new BadSetting('SWITCHBOARD_MASTER_KEY_FILE', `can't be read (${(error as Error).message})`, wants)
  }
  const parsed = masterKey.safeParse(text)
  if (!parsed.success) throw new BadSetting('SWITCHBOARD_MASTER_KEY_FILE', 'does not hold a key', wants)
  return Buffer.from(parsed.data, 'base64')
}

/** Plain http carries the bot token in the open, so it is taken only where it can't leave a private network. */
function checkedSlackUrl(text: string): string {
  const { protocol, hostname } = new URL(text)
  if (protocol === 'https:' || hostname === 'localhost' || isPrivateAddress(hostname)) return text
  throw new BadSetting(
    'SLACK_API_URL',
    'sends the bot token over plain http to another network',
    settings.SLACK_API_URL.wants,
  )
}

function isPrivateAddress(hostname: string): boolean {
  const address = hostname.replace(/^\[|\]$/g, '')
  if (isIP(address) === 6) return address === '::1' || /^f[cd]/i.test(address)
  return isIP(address) === 4 && /^(127|10)\.|^192\.168\.|^172\.(1[6-9]|2\d|3[01])\./.test(address)
}

/** The value for a person, unless it may be a secret. */
function describe(name: string, given: string | undefined): string {
  const secret = /KEY$|TOKEN$|DATABASE_URL$/.test(name)
  return given === undefined ? 'left out' : secret ? 'that value' : `"${given.slice(0, 80)}"`
}

import { appIdInToken, type CredentialField, credentialInfo, type TokenKind, tokenKind } from './credentials.ts'
import { slackWebhookHosts } from './webhook-url.ts'

export type PasteField = CredentialField | 'name' | 'testChannel'

export type Pasted = {
  values: Partial<Record<PasteField, string>>
  /** Every webhook URL in the text; the first one is `values.webhookUrl` too. */
  webhooks: string[]
  /** What was seen and not taken, each in a sentence or two. No note quotes a secret. */
  notes: string[]
  /** How many different things were taken. */
  found: number
}

/** More than any settings page holds; the rest is not read. */
export const LONGEST_PASTE = 65_536

/** Sorts what somebody pasted into the fields it belongs to: tokens, URLs, env files, JSON, curl lines, Slack's pages. */
export function sortPaste(text: string): Pasted {
  const sorting: Sorting = { values: {}, webhooks: [], notes: new Set() }
  if (text.length > LONGEST_PASTE) sorting.notes.add('The text is very long; only its first 64 kB were read.')
  const start = text.slice(0, LONGEST_PASTE)
  const json = readJson(start)
  // In JSON a slash may be escaped, and quotes end a value; the leaves have neither problem.
  const plain = json ? json.map((leaf) => leaf.value).join('\n') : start.replaceAll('\\/', '/')

  const named = json ?? [...labelledLines(plain), ...namedValues(plain), ...manifestName(plain)]
  for (const { key, value } of named) takeNamed(sorting, key, value)
  for (const match of plain.matchAll(TOKEN)) takeToken(sorting, match[0].replace(/[.=/-]+$/, ''))
  for (const match of plain.matchAll(URL_LIKE)) takeUrl(sorting, match[0].replace(/[),.;:!?\]}]+$/, ''))
  if (!json) for (const line of plain.split('\n')) takeBare(sorting, line.trim())

  return finished(sorting)
}

type Sorting = { values: Pasted['values']; webhooks: string[]; notes: Set<string> }
type Named = { key: string; value: string }

function finished({ values, webhooks, notes }: Sorting): Pasted {
  const fromToken = values.appToken && appIdInToken(values.appToken)
  if (fromToken && !values.appId) values.appId = fromToken
  if (webhooks[0]) values.webhookUrl = webhooks[0]
  const found = Object.keys(values).filter((field) => field !== 'webhookUrl').length + webhooks.length
  return { values, webhooks, notes: [...notes], found }
}

/** The strings inside a JSON text, each with its path; undefined when the text is no JSON object or list. */
function readJson(text: string): Named[] | undefined {
  if (!/^\s*[{[]/.test(text)) return undefined
  const leaves: Named[] = []
  try {
    const waiting: { key: string; value: unknown }[] = [{ key: '', value: JSON.parse(text) }]
    for (let next = waiting.pop(); next; next = waiting.pop()) {
      const { key, value } = next
      if (typeof value === 'string') leaves.push({ key, value })
      // Last in, first out: reversed, so that what stands first in the text is seen first.
      else if (typeof value === 'object' && value) {
        // Only the last names of a path are ever asked for, and a long path times many leaves would be a lot of text.
        const inside = Object.entries(value).map(([name, item]) => ({ key: `${key.slice(-60)}.${name}`, value: item }))
        waiting.push(...inside.reverse())
      }
    }
  } catch {
    return undefined // not JSON after all: it is read as lines
  }
  return leaves
}

/** A label on one line and its value on the next, or after a tab, as when a page of Slack's settings is copied. */
function* labelledLines(text: string): Generator<Named> {
  let label: string | undefined
  let linesSince = 0
  for (const line of text.split('\n')) {
    const trimmed = line.trim()
    if (trimmed === '') continue
    const [first, second] = trimmed.split('\t', 2)
    if (first && second && PAGE_LABELS.has(keyOf(first))) {
      yield { key: first, value: second.trim() }
    } else if (trimmed.length <= 60 && PAGE_LABELS.has(keyOf(trimmed))) {
      label = trimmed
      linesSince = 0
    } else if (label) {
      linesSince += 1
      const isButton = /^(show|hide|copy|regenerate|revoke|reinstall.*)$/i.test(trimmed)
      if (!isButton && !/\s/.test(trimmed)) yield { key: label, value: trimmed }
      if (!isButton || linesSince > 3) label = undefined
    }
  }
}

/** `KEY=value`, `key: value` and `"key": "value"`, wherever they stand. Every repetition is bounded: time is linear. */
function* namedValues(text: string): Generator<Named> {
  for (const [, key = '', value = ''] of text.matchAll(NAMED)) yield { key, value }
}

const NAMED =
  /(?<![\w.-])([A-Za-z][\w.-]{0,60}(?: [A-Za-z][\w.-]{0,30}){0,3})["'`]?[ \t]{0,8}[:=][ \t]{0,8}["'`]?([^\s"'`,;&{}?]{1,400})/g

/** The name in a manifest written as YAML. */
function* manifestName(text: string): Generator<Named> {
  const lines = text.split('\n')
  const from = lines.findIndex((line) => /^display_information:\s*$/.test(line))
  if (from < 0) return
  for (const line of lines.slice(from + 1)) {
    if (!/^\s/.test(line)) return
    const name = /^\s{1,20}name:[ \t]{1,8}(\S.{0,200})$/.exec(line.trimEnd())?.[1]
    if (name) yield { key: 'display_information.name', value: name.replace(/^(["'])(.*)\1$/, '$2') }
  }
}

function takeNamed(sorting: Sorting, key: string, typed: string): void {
  const value = typed.trim()
  const name = keyOf(key)
  if (name.endsWith('displayinformationname')) {
    sorting.notes.add('This is a manifest: it names the app and carries no credentials.')
    put(sorting, 'name', value.slice(0, 80).trim())
    return
  }
  if (name === 'appname' || name.endsWith('slackappname')) {
    put(sorting, 'name', value.slice(0, 80).trim())
    return
  }
  if (name.endsWith('verificationtoken')) {
    sorting.notes.add('The verification token is not needed: Switchboard checks signatures with the signing secret.')
    return
  }
  const field = fieldsByKey.find(([ending]) => name.endsWith(ending))?.[1]
  if (!field || value === '') return
  const { label } = field === 'testChannel' ? { label: 'Test channel' } : credentialInfo[field]
  if (/[•●]|\*{4}/.test(value)) {
    sorting.notes.add(`${label}: it was hidden when it was copied. Press Show in Slack, then copy it again.`)
    return
  }
  if (isPlaceholder(value)) {
    sorting.notes.add(`${label}: the text holds a placeholder, not a value.`)
    return
  }
  // Tokens and URLs are known by their form, wherever they stand, and are taken on their own.
  if (tokenKind(value) || /^https?:/i.test(value)) return
  if (field === 'testChannel') {
    takeChannel(sorting, value)
  } else if (field === 'botToken' || field === 'appToken') {
    sorting.notes.add(`${label}: what stands there does not begin like a token of Slack.`)
  } else if (field !== 'webhookUrl' && !/\s/.test(value) && value.length <= 400) {
    put(sorting, field, value)
  }
}

/** Endings of usual names, longest meaning first: SLACK_SIGNING_SECRET, appClientId and signingSecret all end so. */
const fieldsByKey: readonly (readonly [ending: string, Exclude<PasteField, 'name'>])[] = [
  ['clientsecret', 'clientSecret'],
  ['signingsecret', 'signingSecret'],
  ['signingkey', 'signingSecret'],
  ['clientid', 'clientId'],
  ['appid', 'appId'],
  ['bottoken', 'botToken'],
  ['botuseroauthtoken', 'botToken'],
  ['botuseroauthaccesstoken', 'botToken'],
  ['apptoken', 'appToken'],
  ['appleveltoken', 'appToken'],
  ['webhookurl', 'webhookUrl'],
  ['channel', 'testChannel'],
  ['channelid', 'testChannel'],
]

const PAGE_LABELS = new Set([
  ...['appid', 'clientid', 'clientsecret', 'signingsecret', 'verificationtoken', 'botuseroauthtoken', 'webhookurl'],
  ...['botuseroauthaccesstoken', 'appleveltoken', 'channelid'],
])

function takeToken(sorting: Sorting, token: string): void {
  const kind = tokenKind(token)
  if (!kind) return
  // A token always has digits in it; `xoxb-your-token-here` has none.
  if (isPlaceholder(token) || !/\d/.test(token)) {
    sorting.notes.add('A token in the text is a placeholder, not a value.')
  } else if (kind === 'bot' || kind === 'rotating_bot') {
    put(sorting, 'botToken', token)
  } else if (kind === 'app') {
    put(sorting, 'appToken', token)
  } else {
    sorting.notes.add(notTaken[kind])
  }
}

const notTaken: Readonly<Record<Exclude<TokenKind, 'bot' | 'rotating_bot' | 'app'>, string>> = {
  user: 'This is a user token (xoxp): Switchboard needs the bot token (xoxb).',
  rotating_user: 'This is a configuration or user token (xoxe.xoxp): Switchboard needs the bot token (xoxb).',
  refresh: 'This is a refresh token (xoxe): Switchboard needs the bot token (xoxb).',
  workflow: 'This is a workflow token (xwfp), which lives for 15 minutes: Switchboard needs the bot token (xoxb).',
  browser: 'This is a token of somebody’s browser session: Switchboard needs the bot token of an app (xoxb).',
  legacy: 'This is a token of a kind that Slack has retired: Switchboard needs the bot token (xoxb).',
}

function takeUrl(sorting: Sorting, text: string): void {
  if (!URL.canParse(text)) return
  const url = new URL(text)
  if (url.host === 'api.slack.com' || url.host === 'api.slack-gov.com') {
    const appId = /^\/apps\/(A[A-Z0-9]{5,14})(\/|$)/.exec(url.pathname)?.[1]
    if (appId) put(sorting, 'appId', appId)
    return
  }
  const channel = /^\/archives\/([CG][A-Z0-9]{5,14})(\/|$)/.exec(url.pathname)?.[1]
  if (channel && url.host.endsWith('.slack.com')) {
    takeChannel(sorting, channel)
    return
  }
  const isHook = /^\/services\/T\w+\/B\w+\/\w+/.test(url.pathname)
  const isSlack = slackWebhookHosts.includes(url.host)
  if (isHook || (isSlack && /^\/(services|workflows|triggers)\/[^/]/.test(url.pathname))) {
    if (isPlaceholder(text) || /\/X{6,}/.test(url.pathname)) {
      sorting.notes.add('A webhook URL in the text is a placeholder, not a value.')
      return
    }
    if (!sorting.webhooks.includes(text)) sorting.webhooks.push(text)
    if (!isSlack) sorting.notes.add(`The webhook host ${url.host} is not one of Slack’s own.`)
  } else if (url.host.endsWith('.slack.com') && url.pathname.startsWith('/webhooks/')) {
    sorting.notes.add('This is not a webhook URL: real ones begin with https://hooks.slack.com/services/.')
  }
}

/** A line that holds one value and nothing else. */
function takeBare(sorting: Sorting, line: string): void {
  if (/^A[A-Z0-9]{8,12}$/.test(line) && /\d/.test(line)) put(sorting, 'appId', line)
  // The second number of a message's timestamp has six digits, that of a client ID has more.
  else if (/^\d{6,14}\.\d{8,16}$/.test(line)) put(sorting, 'clientId', line)
  else if (/^[CG][A-Z0-9]{8,12}$/.test(line) && /\d/.test(line)) takeChannel(sorting, line)
  else if (/^[0-9a-f]{32}$/.test(line) && !Object.values(sorting.values).includes(line)) {
    sorting.notes.add(
      'A client secret and a signing secret look alike: paste this one into the field it was shown beside in Slack.',
    )
  }
}

/** Prefers an ID to a name: ids stay when channels are renamed. */
function takeChannel(sorting: Sorting, value: string): void {
  const isId = /^[CG][A-Z0-9]{5,14}$/.test(value)
  if (!isId && !/^#[^\s#<>&]{1,80}$/.test(value)) return
  const before = sorting.values.testChannel
  if (!before || (isId && before.startsWith('#'))) sorting.values.testChannel = value
}

/** The first value wins; a different second one is told about and left. */
function put(sorting: Sorting, field: Exclude<PasteField, 'testChannel' | 'webhookUrl'>, value: string): void {
  if (value === '') return
  const before = sorting.values[field]
  if (before === undefined) sorting.values[field] = value
  else if (before !== value && field !== 'name') {
    sorting.notes.add(`${credentialInfo[field].label}: the text holds more than one; the first was taken.`)
  }
}

function isPlaceholder(value: string): boolean {
  return /[<>$…]|\{\{|\.\.\.|x{6,}|^(?:your|change|replace|insert|todo)|[-_]your[-_]|[-_]here$/i.test(value)
}

function keyOf(key: string): string {
  return key.toLowerCase().replace(/[^a-z0-9]/g, '')
}

const TOKEN = /(?<![A-Za-z0-9])(?:xoxe\.xox[bp]|xox[a-z]|xapp|xwfp)-[A-Za-z0-9.+/=_-]{6,600}/g
const URL_LIKE = /https?:\/\/[^\s"'`<>\\|]{4,1900}/gi

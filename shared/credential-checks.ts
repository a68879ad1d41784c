import { appIdInToken, type CredentialField, credentialInfo, SECRET, tokenKind, tokenKindNames } from './credentials.ts'
import { isWorkflowWebhook, slackWebhookHosts, webhookUrlProblem } from './webhook-url.ts'

/** `error` only for a mix-up that is certain; Slack promises no form, so a form that looks odd is a `warn`. */
export type CredentialNotice = { level: 'warn' | 'error'; message: string }
export type CredentialValues = Partial<Record<CredentialField, string>>

/** What the form of the values, and a look at their neighbours, says about them. Empty fields get no notice. */
export function checkCredentials(
  values: CredentialValues,
  webhookHosts: readonly string[] = slackWebhookHosts,
): Partial<Record<CredentialField, CredentialNotice>> {
  const notices: Partial<Record<CredentialField, CredentialNotice>> = {}
  for (const field of Object.keys(checks) as CredentialField[]) {
    const typed = values[field]
    if (typed === undefined || typed.trim() === '') continue
    const notice = wrapped(typed) ?? checks[field](typed.trim(), values, webhookHosts) ?? spaced(typed)
    if (notice) notices[field] = notice
  }
  return notices
}

type Check = (
  value: string,
  neighbours: CredentialValues,
  webhookHosts: readonly string[],
) => CredentialNotice | undefined

const checks: Record<CredentialField, Check> = {
  appId(value) {
    const mixUp = tokenOrUrl(value, 'appId')
    if (mixUp) return mixUp
    if (CLIENT_ID.test(value)) return error('This is a client ID. The app ID begins with A and stands above it.')
    if (SECRET.test(value)) return error('This looks like a secret. The app ID begins with A.')
    const kind = /^([TEUWBCGD])[A-Z0-9]{6,14}$/.exec(value)?.[1]
    if (kind) return warn(`An ID that begins with ${kind} is the ID of ${idNames[kind]}. App IDs begin with A.`)
    if (!/^A[A-Z0-9]{5,14}$/.test(value)) return unusual('appId')
    return undefined
  },

  clientId(value) {
    const mixUp = tokenOrUrl(value, 'clientId')
    if (mixUp) return mixUp
    if (/^A[A-Z0-9]{8,14}$/.test(value)) return error('This is an app ID. The client ID stands below it.')
    if (SECRET.test(value)) return error('This looks like a secret. The client ID is two numbers with a point between.')
    if (!CLIENT_ID.test(value)) return unusual('clientId')
    return undefined
  },

  clientSecret(value, neighbours) {
    return tokenOrUrl(value, 'clientSecret') ?? idAsSecret(value, neighbours) ?? secretForm(value)
  },

  signingSecret(value, neighbours) {
    const mixUp = tokenOrUrl(value, 'signingSecret') ?? idAsSecret(value, neighbours)
    if (mixUp) return mixUp
    if (value === neighbours.clientSecret?.trim()) {
      return error('This is the same as the client secret. The signing secret stands below it on the same page.')
    }
    if (/^[A-Za-z0-9]{24}$/.test(value) && /[G-Zg-z]/.test(value)) {
      return warn('This looks like the old verification token. The signing secret stands above it.')
    }
    return secretForm(value)
  },

  botToken(value, neighbours) {
    const kind = tokenKind(value)
    if (kind === 'rotating_bot') {
      return warn('This token runs out after 12 hours, because token rotation is on for the app.')
    }
    if (kind !== 'bot') return tokenOrUrl(value, 'botToken') ?? notAToken(value, 'xoxb-')
    if (!BOT_TOKEN.test(value)) return warn('This bot token looks cut or changed. Copy it again with the Copy button.')
    const team = /^xoxb-(\d+)-/.exec(value)?.[1]
    const owner = CLIENT_ID.exec(neighbours.clientId?.trim() ?? '')?.[1]
    if (team && owner && team !== owner) {
      return warn('The token and the client ID come from different workspaces, which only distributed apps do.')
    }
    return undefined
  },

  appToken(value, neighbours) {
    if (tokenKind(value) !== 'app') return tokenOrUrl(value, 'appToken') ?? notAToken(value, 'xapp-')
    const appId = appIdInToken(value)
    const entered = neighbours.appId?.trim()
    // The neighbour is not quoted: somebody may have put a secret there.
    if (appId && entered && appId !== entered)
      return warn(`This token belongs to the app ${appId}, and another app ID is entered.`)
    if (!APP_TOKEN.test(value)) return warn('This app-level token looks cut or changed. Copy it again.')
    return undefined
  },

  webhookUrl(value, _neighbours, webhookHosts) {
    const kind = tokenKind(value)
    if (kind) return error(`This is ${tokenKindNames[kind]}, not a webhook URL.`)
    const problem = webhookUrlProblem(value, webhookHosts)
    if (problem) return error(problem)
    if (isWorkflowWebhook(value)) {
      return warn('This starts a workflow. It takes other content than messages, ten times a minute.')
    }
    if (/^\/services\//.test(new URL(value).pathname) && !/^\/services\/T\w+\/B\w+\/\w{16,}\/?$/.test(pathOf(value))) {
      return warn('This webhook URL looks cut. Copy it again with the Copy button.')
    }
    return undefined
  },
}

/** What came along from the place it was copied from, and certainly is not part of the value. */
function wrapped(typed: string): CredentialNotice | undefined {
  const value = typed.trim()
  if (/[•●…]|\*{4}|\.{3}/.test(value)) {
    return error('This was copied while Slack was hiding it. Press Show in Slack, then copy again.')
  }
  if (/^bearer\s/i.test(value)) return error('Leave out the word Bearer: only the token belongs here.')
  if (/^["'`“‘<]|["'`”’>]$/.test(value)) return error('Remove the quotation marks or brackets around it.')
  if (/^(?:export\s)?[a-z]\w{0,40}(?:token|secret|id|url)=/i.test(value)) {
    return error('Leave out the name and the equals sign: only the value belongs here.')
  }
  return undefined
}

function spaced(typed: string): CredentialNotice | undefined {
  if (/\s/.test(typed.trim())) return warn('There is a space or a line break inside. Copy it again in one piece.')
  if (typed !== typed.trim()) return warn('There are spaces around it; they will be left out.')
  return undefined
}

/** A token that begins like another kind, or a URL, in a field that takes neither. */
function tokenOrUrl(value: string, field: CredentialField): CredentialNotice | undefined {
  const { label } = credentialInfo[field]
  const kind = tokenKind(value)
  if (kind) return error(`This is ${tokenKindNames[kind]}. ${wanted(field)}`)
  if (/^https?:\/\//i.test(value)) {
    const what = /^https?:\/\/[^/]*\/(services|workflows|triggers)\//i.test(value) ? 'a webhook URL' : 'a web address'
    return error(`This is ${what}, not the ${inSentence(label)}.`)
  }
  return undefined
}

function wanted(field: CredentialField): string {
  if (field === 'botToken') return 'This field takes the bot token, which begins with xoxb-.'
  if (field === 'appToken') return 'This field takes the app-level token, which begins with xapp-.'
  return `This field takes the ${inSentence(credentialInfo[field].label)}, which stands under Basic Information.`
}

function idAsSecret(value: string, neighbours: CredentialValues): CredentialNotice | undefined {
  if (CLIENT_ID.test(value)) return error('This is a client ID. Press Show beside the secret, then copy it.')
  if (value === neighbours.appId?.trim())
    return error('This is the app ID. Press Show beside the secret, then copy it.')
  return undefined
}

function secretForm(value: string): CredentialNotice | undefined {
  if (/^[0-9a-f]{16,31}$/.test(value)) {
    return warn(`${value.length} of 32 characters: the end is missing. Show it in Slack, copy again.`)
  }
  if (/^[0-9a-f]{33,}$/.test(value)) {
    return warn(`${value.length} characters where Slack gives 32: something was pasted twice or added.`)
  }
  if (/\s/.test(value) || SECRET.test(value)) return undefined
  return warn('Slack’s secrets are usually 32 digits and letters from a to f. Check that all of it was copied.')
}

function notAToken(value: string, prefix: string): CredentialNotice | undefined {
  if (SECRET.test(value)) return error(`This looks like a secret of the app. The token begins with ${prefix}.`)
  return warn(`This token usually begins with ${prefix}.`)
}

function unusual(field: CredentialField): CredentialNotice {
  const { label, example } = credentialInfo[field]
  return warn(
    `This is not the usual form of ${/^[aeiou]/i.test(label) ? 'an' : 'a'} ${inSentence(label)}, like ${example}.`,
  )
}

const error = (message: string): CredentialNotice => ({ level: 'error', message })
const warn = (message: string): CredentialNotice => ({ level: 'warn', message })
const inSentence = (label: string) => label.charAt(0).toLowerCase() + label.slice(1)
const pathOf = (url: string) => new URL(url).pathname

const idNames: Readonly<Record<string, string>> = {
  T: 'a workspace',
  E: 'an organisation',
  U: 'a person',
  W: 'a person',
  B: 'a bot',
  C: 'a channel',
  G: 'a private channel',
  D: 'a direct message',
}

const CLIENT_ID = /^(\d{6,14})\.\d{6,16}$/
const BOT_TOKEN = /^xoxb-\d{8,14}-(?:\d{8,14}-)?[A-Za-z0-9]{18,34}$/
const APP_TOKEN = /^xapp-\d-[A-Z0-9]{8,14}-\d{8,16}-[0-9a-f]{40,80}$/i

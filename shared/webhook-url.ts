/** The hosts that Slack serves incoming webhooks from. */
export const slackWebhookHosts: readonly string[] = ['hooks.slack.com', 'hooks.slack-gov.com']

/** True when messages may be posted to the address: an allowed host, and a path that Slack uses for webhooks. */
export function isWebhookUrl(value: string, allowedHosts: readonly string[] = slackWebhookHosts): boolean {
  return webhookUrlProblem(value, allowedHosts) === undefined
}

/** Why the address cannot be a webhook, in one sentence; undefined when it can. */
export function webhookUrlProblem(
  value: string,
  allowedHosts: readonly string[] = slackWebhookHosts,
): string | undefined {
  if (value.length > LONGEST) return 'This is too long for a webhook URL.'
  const url = parsed(value.trim())
  if (!url) return `This is not a web address; a webhook URL begins with ${EXAMPLE}.`
  if (url.protocol !== 'https:' && url.protocol !== 'http:') return `A webhook URL begins with ${EXAMPLE}.`
  if (url.username || url.password) return 'A webhook URL carries no user name and no password.'
  if (!allowedHosts.some((allowed) => parsed(`${url.protocol}//${allowed.trim()}`)?.host === url.host)) {
    return `The host ${url.host} is not one that Slack serves webhooks from; the URL begins with ${EXAMPLE}.`
  }
  // Naming a loopback host is how the simulator is allowed, and it speaks plain HTTP.
  if (url.protocol === 'http:' && !isLoopback(url.hostname)) return 'A webhook URL begins with https, not http.'
  // Nothing encoded either: whoever decodes it might walk out of the path.
  if (!/^\/(services|workflows|triggers)(\/[\w-]+)+\/?$/.test(url.pathname)) {
    return 'The path of a webhook URL begins with /services/, /workflows/ or /triggers/.'
  }
  return undefined
}

/** True for the webhooks of a workflow, which take other bodies than messages, ten times a minute. */
export function isWorkflowWebhook(value: string): boolean {
  return /^\/(workflows|triggers)\//.test(parsed(value.trim())?.pathname ?? '')
}

/** True for names and addresses that always mean this very machine; `hostname` as `URL` gives it. */
export function isLoopback(hostname: string): boolean {
  const host = hostname.toLowerCase()
  return (
    host === 'localhost' ||
    host.endsWith('.localhost') ||
    host === '[::1]' ||
    /^127\.\d{1,3}\.\d{1,3}\.\d{1,3}$/.test(host)
  )
}

function parsed(value: string): URL | undefined {
  return URL.canParse(value) ? new URL(value) : undefined
}

const EXAMPLE = 'https://hooks.slack.com/services/'
const LONGEST = 2_000

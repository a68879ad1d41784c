import { type CredentialNotice, checkCredentials } from '../../shared/credential-checks.ts'
import { isLoopback, slackWebhookHosts } from '../../shared/webhook-url.ts'

/** What the form of a webhook URL says. A simulator on this machine counts: the server decides whether it may. */
export function webhookNotice(typed: string): CredentialNotice | undefined {
  const value = typed.trim()
  const url = URL.canParse(value) ? new URL(value) : undefined
  const hosts = url && isLoopback(url.hostname) ? [...slackWebhookHosts, url.host] : slackWebhookHosts
  return checkCredentials({ webhookUrl: typed }, hosts).webhookUrl
}

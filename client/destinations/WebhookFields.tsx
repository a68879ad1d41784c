import { PasswordInput, TextInput } from '@mantine/core'
import { credentialInfo } from '../../shared/credentials.ts'
import { slackLink, slackPageLabel } from '../../shared/slack-links.ts'
import { ExternalLink } from '../ui/ExternalLink.tsx'
import { StatePill } from '../ui/StatePill.tsx'
import { webhookNotice } from './webhook-notice.ts'

type Webhook = { url: string; name: string }
type Props = { appId: string; value: Webhook; onChange: (value: Webhook) => void }

/** The address of an incoming webhook, which is a secret, and what to call it. */
export function WebhookFields({ appId, value, onChange }: Props) {
  const notice = webhookNotice(value.url)
  return (
    <>
      <PasswordInput
        label="Webhook URL"
        description={
          <>
            {credentialInfo.webhookUrl.steps.join(' ')}{' '}
            <ExternalLink href={slackLink('webhooks', appId)}>{slackPageLabel('webhooks')}</ExternalLink>
          </>
        }
        placeholder="https://hooks.slack.com/services/…"
        value={value.url}
        autoComplete="new-password"
        spellCheck={false}
        error={notice?.level === 'error' ? notice.message : null}
        onChange={(event) => onChange({ ...value, url: event.currentTarget.value })}
        data-autofocus
      />
      {value.url.trim() && notice?.level !== 'error' && (
        <span role="status">
          <StatePill tone={notice ? 'warn' : 'ok'} size="sm">
            {notice?.message ?? 'Looks right. It is sealed when you add it.'}
          </StatePill>
        </span>
      )}
      <TextInput
        label="Name"
        placeholder="#audit of the finance workspace"
        maxLength={120}
        value={value.name}
        onChange={(event) => onChange({ ...value, name: event.currentTarget.value })}
      />
    </>
  )
}

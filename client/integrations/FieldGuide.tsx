import type { ReactNode } from 'react'
import { type CredentialField, credentialInfo } from '../../shared/credentials.ts'
import { slackLink, slackPageLabel } from '../../shared/slack-links.ts'
import { ExternalLink } from '../ui/ExternalLink.tsx'
import classes from './guide.module.css'

type Props = {
  field: CredentialField
  appId: string | undefined
  /** What is entered in the fields that are no secret, for the picture of Slack's page. */
  shown?: Partial<Record<CredentialField, string>>
}

/** Where one value stands in Slack's pages, and what Switchboard does with it. */
export function FieldGuide({ field, appId, shown = {} }: Props) {
  const { label, steps, page, use, example } = credentialInfo[field]
  const href = slackLink(page, appId)
  return (
    <div className={classes.guide}>
      <SlackPicture field={field} shown={shown} />
      <ol className={classes.steps}>
        {href.endsWith('/apps') && (
          <li>
            Open <ExternalLink href={href}>your apps in Slack</ExternalLink> and choose the app.
          </li>
        )}
        {steps
          .filter((step) => !step.startsWith('Open the app'))
          .map((step) => (
            <li key={step}>{linked(step, slackPageLabel(page).split(',')[0], href)}</li>
          ))}
      </ol>
      <Part title="What is it for?">
        {use}
        {field === 'signingSecret' && ' Without it a stranger could pass for Slack.'}
      </Part>
      <p className={classes.example}>
        {label} usually looks like {/\s/.test(example) ? example : <code>{example}</code>}.
      </p>
    </div>
  )
}

/** The name of Slack's page at the start of a step leads there, once it is known whose page it is. */
function linked(step: string, page: string | undefined, href: string): ReactNode {
  if (!page || href.endsWith('/apps') || !step.startsWith(page)) return step
  return (
    <>
      <ExternalLink href={href}>{page}</ExternalLink>
      {step.slice(page.length)}
    </>
  )
}

export function Part({ title, children }: { title: string; children: ReactNode }) {
  return (
    <div className={classes.part}>
      <h3>{title}</h3>
      <p>{children}</p>
    </div>
  )
}

type Row = { field?: CredentialField; label: string; value: string; action?: string }
type Picture = { page: string; section: string; rows: Row[] }

const DOTS = '••••••••'

const BASIC_INFORMATION: Picture = {
  page: 'Basic Information',
  section: 'App Credentials',
  rows: [
    { field: 'appId', label: 'App ID', value: 'A0123456789' },
    { field: 'clientId', label: 'Client ID', value: '1234567890.123…' },
    { field: 'clientSecret', label: 'Client Secret', value: DOTS, action: 'Show' },
    { field: 'signingSecret', label: 'Signing Secret', value: DOTS, action: 'Show' },
  ],
}

const PICTURES: Record<CredentialField, Picture> = {
  appId: BASIC_INFORMATION,
  clientId: BASIC_INFORMATION,
  clientSecret: BASIC_INFORMATION,
  signingSecret: BASIC_INFORMATION,
  botToken: {
    page: 'OAuth & Permissions',
    section: 'OAuth Tokens',
    rows: [{ field: 'botToken', label: 'Bot User OAuth Token', value: 'xoxb-…', action: 'Copy' }],
  },
  appToken: {
    page: 'Basic Information',
    section: 'App-Level Tokens',
    rows: [{ field: 'appToken', label: 'Token', value: 'xapp-1-…', action: 'Copy' }],
  },
  webhookUrl: {
    page: 'Incoming Webhooks',
    section: 'Webhook URLs for Your Workspace',
    rows: [{ field: 'webhookUrl', label: 'Webhook URL', value: 'https://hooks…', action: 'Copy' }],
  },
}

/** A small likeness of the place, with the right row marked; the steps below say the same in words. */
function SlackPicture({ field, shown }: { field: CredentialField; shown: NonNullable<Props['shown']> }) {
  const { page, section, rows } = PICTURES[field]
  return (
    <div className={classes.picture} aria-hidden="true">
      <div className={classes.path}>
        Your app <span>›</span> {page}
      </div>
      <div className={classes.rows}>
        <div className={classes.section}>{section}</div>
        {rows.map((row) => (
          <div key={row.label} className={classes.row} data-marked={row.field === field || undefined}>
            <span>{row.label}</span>
            <span>{(row.field && shown[row.field]?.trim()) || row.value}</span>
            <span>{row.action}</span>
          </div>
        ))}
      </div>
    </div>
  )
}

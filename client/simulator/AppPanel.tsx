import { Button, Checkbox, NativeSelect, TextInput } from '@mantine/core'
import { type FormEvent, useState } from 'react'
import { CopyButton } from '../ui/CopyButton.tsx'
import { ErrorNotice } from '../ui/ErrorNotice.tsx'
import { type App, TOKEN_STATES } from './control.ts'
import { PanelSection } from './PanelSection.tsx'
import { useChange } from './queries.ts'
import classes from './simulator.module.css'

type Props = { apps: App[]; appId: string; onAppId: (id: string) => void }

/** One app's credentials, to be copied into Switchboard, and what can happen to them. */
export function AppPanel({ apps, appId, onAppId }: Props) {
  const app = apps.find((each) => each.appId === appId) ?? apps[0]
  const change = useChange()
  if (!app) return null
  return (
    <>
      {apps.length > 1 && (
        <PanelSection title="App">
          <NativeSelect
            aria-label="App"
            data={apps.map((each) => ({ value: each.appId, label: `${each.name} (${each.appId})` }))}
            value={app.appId}
            onChange={(event) => onAppId(event.currentTarget.value)}
          />
        </PanelSection>
      )}
      <Credentials app={app} />
      <Tokens app={app} />
      <Webhooks app={app} />
      <Addresses key={`${app.appId} ${app.commandsUrl} ${app.interactivityUrl}`} app={app} />
      <Scopes app={app} />
      {change.error && <ErrorNotice error={change.error} />}
    </>
  )
}

function Credentials({ app }: { app: App }) {
  const credentials = [
    { name: 'App ID', key: 'SLACK_APP_ID', value: app.appId },
    { name: 'Client ID', key: 'SLACK_CLIENT_ID', value: app.clientId },
    { name: 'Client secret', key: 'SLACK_CLIENT_SECRET', value: app.clientSecret },
    { name: 'Signing secret', key: 'SLACK_SIGNING_SECRET', value: app.signingSecret },
    { name: 'Bot token', key: 'SLACK_BOT_TOKEN', value: app.botToken ?? '' },
    { name: 'App-level token', key: 'SLACK_APP_TOKEN', value: app.appToken ?? '' },
  ]
  const block = credentials.map(({ key, value }) => `${key}=${value}`).join('\n')
  return (
    <PanelSection
      title="App credentials"
      actions={
        <CopyButton value={block} label="Copy all credentials">
          Copy all
        </CopyButton>
      }
    >
      <ul className={classes.rows}>
        {credentials.map(({ name, value }) => (
          <Copyable key={name} name={name} value={value} />
        ))}
      </ul>
    </PanelSection>
  )
}

function Copyable({ name, value }: { name: string; value: string }) {
  return (
    <li className={classes.rowLine}>
      <div className={classes.grow}>
        <p className={classes.meta}>{name}</p>
        <code className={classes.cut} title={value}>
          {value}
        </code>
      </div>
      <CopyButton value={value} label={`Copy ${name.toLowerCase()}`} />
    </li>
  )
}

const TOKEN_NAMES = { bot: 'Bot token', user: 'User token', app: 'App-level token' }

function Tokens({ app }: { app: App }) {
  const change = useChange()
  return (
    <PanelSection title="Tokens">
      <div className={classes.form}>
        {app.tokens.map(({ kind, state }) => (
          <NativeSelect
            key={kind}
            label={TOKEN_NAMES[kind]}
            data={[...TOKEN_STATES]}
            value={state}
            onChange={(event) =>
              change.mutate({
                method: 'PATCH',
                path: `/apps/${app.appId}/tokens/${kind}`,
                body: { state: event.currentTarget.value },
              })
            }
          />
        ))}
      </div>
    </PanelSection>
  )
}

function Webhooks({ app }: { app: App }) {
  const change = useChange()
  return (
    <PanelSection title="Incoming webhooks">
      {app.webhooks.length === 0 && <p className={classes.meta}>None.</p>}
      <ul className={classes.rows}>
        {app.webhooks.map((webhook) => (
          <li key={webhook.id} className={classes.rowLine}>
            <div className={classes.grow}>
              <p>
                {webhook.channel ?? 'a deleted channel'}{' '}
                {webhook.removed && <span className={classes.bad}>removed</span>}
              </p>
              <code className={classes.cut} title={webhook.url}>
                {webhook.url}
              </code>
            </div>
            <Button
              variant="subtle"
              color="gray"
              size="xs"
              aria-label={`${webhook.removed ? 'Restore' : 'Remove'} webhook to ${webhook.channel ?? webhook.id}`}
              onClick={() =>
                change.mutate({
                  method: 'PATCH',
                  path: `/webhooks/${webhook.id}`,
                  body: { removed: !webhook.removed },
                })
              }
            >
              {webhook.removed ? 'Restore' : 'Remove'}
            </Button>
            <CopyButton value={webhook.url} label={`Copy webhook to ${webhook.channel ?? webhook.id}`} />
          </li>
        ))}
      </ul>
    </PanelSection>
  )
}

function Addresses({ app }: { app: App }) {
  const change = useChange()
  const [commandsUrl, setCommandsUrl] = useState(app.commandsUrl ?? '')
  const [interactivityUrl, setInteractivityUrl] = useState(app.interactivityUrl ?? '')
  const save = (event: FormEvent) => {
    event.preventDefault()
    const body = { commandsUrl: commandsUrl.trim() || null, interactivityUrl: interactivityUrl.trim() || null }
    change.mutate({ method: 'PATCH', path: `/apps/${app.appId}`, body })
  }
  return (
    <PanelSection title="Request URLs" note="where commands and clicks are sent">
      <form className={classes.form} onSubmit={save}>
        <TextInput
          label="Slash commands"
          placeholder="http://127.0.0.1:3000/slack/int_…/commands"
          value={commandsUrl}
          onChange={(event) => setCommandsUrl(event.currentTarget.value)}
        />
        <TextInput
          label="Interactivity"
          placeholder="http://127.0.0.1:3000/slack/int_…/interactions"
          value={interactivityUrl}
          onChange={(event) => setInteractivityUrl(event.currentTarget.value)}
        />
        {change.error && <ErrorNotice error={change.error} what="The addresses were not saved" />}
        <Button type="submit" variant="default" loading={change.isPending}>
          Save addresses
        </Button>
      </form>
    </PanelSection>
  )
}

function Scopes({ app }: { app: App }) {
  const change = useChange()
  const stored = app.tokens.find(({ kind }) => kind === 'bot')?.scopes ?? []
  const [wanted, setWanted] = useState(stored)
  const granted = change.isPending ? wanted : stored
  // A scope taken away stays in the list while the page is open, so that it can be given back.
  const [seen] = useState(() => new Set([...app.scopes, ...stored]))
  const toggle = (scope: string) => {
    const scopes = granted.includes(scope) ? granted.filter((each) => each !== scope) : [...granted, scope]
    setWanted(scopes)
    change.mutate({ method: 'PATCH', path: `/apps/${app.appId}`, body: { scopes } })
  }
  return (
    <PanelSection title="Bot scopes">
      <div className={classes.scopes}>
        {[...seen].map((scope) => (
          <Checkbox
            key={scope}
            label={<code>{scope}</code>}
            checked={granted.includes(scope)}
            onChange={() => toggle(scope)}
          />
        ))}
      </div>
    </PanelSection>
  )
}

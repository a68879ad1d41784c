import { Button, TextInput } from '@mantine/core'
import { type FormEvent, useState } from 'react'
import { formatDuration } from '../lib/format.ts'
import { ErrorNotice } from '../ui/ErrorNotice.tsx'
import { IconSend } from '../ui/icons.ts'
import { StatePill } from '../ui/StatePill.tsx'
import type { App, Channel, Person } from './control.ts'
import { useAct, useChange } from './queries.ts'
import classes from './simulator.module.css'

type Props = { channel: Channel; person: Person; apps: App[]; signWith: string }

/** Where a person types: a slash command goes to the app that declared it, anything else is said in the channel. */
export function Composer({ channel, person, apps, signWith }: Props) {
  const [draft, setDraft] = useState('')
  const command = useAct('/commands')
  const saying = useChange()
  const known = apps.flatMap((app) => app.commands.map((each) => ({ ...each, appId: app.appId })))
  const isBusy = command.isPending || saying.isPending

  const submit = (event: FormEvent) => {
    event.preventDefault()
    const typed = draft.trim()
    if (typed === '' || isBusy) return
    setDraft('')
    command.reset()
    saying.reset()
    if (!typed.startsWith('/')) {
      saying.mutate({
        method: 'POST',
        path: `/channels/${channel.id}/messages`,
        body: { userId: person.id, text: typed },
      })
      return
    }
    const [name = '', ...words] = typed.split(/\s+/)
    const appId = known.find((each) => each.command === name)?.appId ?? apps[0]?.appId
    command.mutate({
      appId,
      userId: person.id,
      channelId: channel.id,
      command: name,
      text: words.join(' '),
      ...(signWith === 'properly' ? {} : { signWith }),
    })
  }

  const suggested = draft.startsWith('/') ? known.filter((each) => each.command.startsWith(draft)) : []
  return (
    <form className={classes.composer} onSubmit={submit}>
      {(command.error ?? saying.error) && (
        <ErrorNotice error={command.error ?? saying.error} what="That did not reach the app" />
      )}
      {command.data && <Outcome {...command.data} />}
      {suggested.map((each) => (
        <Button
          key={each.command}
          variant="subtle"
          size="xs"
          justify="flex-start"
          onClick={() => setDraft(`${each.command} `)}
        >
          {each.command} · {each.description}
        </Button>
      ))}
      <div className={classes.composerLine}>
        <TextInput
          className={classes.grow ?? ''}
          aria-label={`Message #${channel.name} as ${person.realName}`}
          placeholder={`Message #${channel.name}, or type a command such as ${known[0]?.command ?? '/help'} help`}
          value={draft}
          disabled={channel.archived}
          onChange={(event) => setDraft(event.currentTarget.value)}
          autoComplete="off"
        />
        <Button type="submit" leftSection={<IconSend />} loading={isBusy} disabled={channel.archived}>
          Send
        </Button>
      </div>
      {signWith !== 'properly' && (
        <p className={classes.meta}>
          Commands and clicks are sent signed wrongly: <code>{signWith}</code>. Change it under Faults.
        </p>
      )}
    </form>
  )
}

/** How the app's last answer went, in the words that Slack would use. */
function Outcome({ status, tookMs, error }: { status: number | null; tookMs: number; error?: string | undefined }) {
  return (
    <p className={classes.outcome} role="status">
      <StatePill tone={error ? 'bad' : 'ok'} size="sm">
        {error ?? 'Answered'}
      </StatePill>
      <span className={classes.meta}>
        {status === null ? 'no answer' : `HTTP ${status}`} after {formatDuration(tookMs)}
      </span>
    </p>
  )
}

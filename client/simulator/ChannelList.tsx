import { TextInput } from '@mantine/core'
import { useDebouncedValue } from '@mantine/hooks'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { IconHash, IconLock, IconSearch, IconUser } from '../ui/icons.ts'
import type { Channel } from './control.ts'
import { CHANNELS_SHOWN, channelsQuery } from './queries.ts'
import classes from './simulator.module.css'

type Props = { current: string | undefined; onChoose: (id: string) => void }

/** The channels of the workspace, found by name: there may be 20,000. */
export function ChannelList({ current, onChoose }: Props) {
  const [typed, setTyped] = useState('')
  const [search] = useDebouncedValue(typed.trim().toLowerCase().replace(/^#/, ''), 150)
  const { data: channels = [] } = useQuery(channelsQuery(search))
  return (
    <nav className={classes.list} aria-label="Channels">
      <TextInput
        aria-label="Find a channel"
        placeholder="Find a channel"
        leftSection={<IconSearch />}
        value={typed}
        onChange={(event) => setTyped(event.currentTarget.value)}
      />
      <ul>
        {channels.map((channel) => (
          <li key={channel.id}>
            <button
              type="button"
              className={classes.channelLink}
              aria-current={channel.id === current ? 'page' : undefined}
              data-archived={channel.archived || undefined}
              onClick={() => onChoose(channel.id)}
            >
              <KindIcon kind={channel.kind} />
              <span className={classes.channelName}>{channel.name}</span>
              {channel.archived && <span className={classes.meta}>archived</span>}
              {!channel.archived && channel.messages > 0 && <span className={classes.meta}>{channel.messages}</span>}
            </button>
          </li>
        ))}
      </ul>
      {channels.length === CHANNELS_SHOWN && (
        <p className={classes.meta}>The first {CHANNELS_SHOWN} are shown. Search for the others.</p>
      )}
      {channels.length === 0 && <p className={classes.meta}>No channel has such a name.</p>}
    </nav>
  )
}

function KindIcon({ kind }: { kind: Channel['kind'] }) {
  if (kind === 'im') return <IconUser aria-label="direct message" />
  return kind === 'private' ? <IconLock aria-label="private" /> : <IconHash aria-hidden="true" />
}

import { Button, Combobox } from '@mantine/core'
import { useDebouncedValue } from '@mantine/hooks'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { parseChannel } from '../../shared/channel-input.ts'
import { deliveryCode } from '../../shared/delivery-codes.ts'
import type { Channel, ChannelList } from '../../shared/destinations.ts'
import { formatCount, plural } from '../lib/format.ts'
import { ErrorNotice } from '../ui/ErrorNotice.tsx'
import { IconHash, IconLock, IconSearch } from '../ui/icons.ts'
import { Picker, PickerOption } from '../ui/Picker.tsx'
import { RelativeTime } from '../ui/RelativeTime.tsx'
import { StateIcon, StatePill } from '../ui/StatePill.tsx'
import { useCan } from '../users/queries.ts'
import classes from './destinations.module.css'
import { channelsQuery, useRefreshChannels } from './queries.ts'

/** `value` is what the server is told: an id from the list, or an id, name or link as typed. */
export type Chosen = { value: string; channel?: Channel }

type Props = {
  integrationId: string
  chosen: Chosen | undefined
  onChoose: (chosen: Chosen | undefined) => void
}

const TYPE_AHEAD_MS = 150

/** Finds a channel among all that the workspace has, as one types; takes a link or an ID too. */
export function ChannelPicker({ integrationId, chosen, onChoose }: Props) {
  const [typed, setTyped] = useState(chosen?.channel?.name ?? chosen?.value ?? '')
  const [settled] = useDebouncedValue(typed.trim().replace(/^#/, ''), TYPE_AHEAD_MS)
  const channels = useQuery(channelsQuery(integrationId, chosen ? '' : settled, false))
  const items = channels.data?.items ?? []
  const direct = !chosen && isDirect(typed) && !items.some(({ id, name }) => id === typed.trim() || name === settled)
  const choose = (value: string) => {
    const channel = items.find(({ id }) => id === value)
    setTyped(channel?.name ?? value)
    onChoose(channel ? { value, channel } : { value })
  }
  const type = (text: string) => {
    setTyped(text)
    onChoose(undefined)
  }
  return (
    <div>
      <Picker
        label="Channel"
        listLabel="Channels"
        placeholder="Part of its name, a link or an ID"
        icon={chosen?.channel?.isPrivate ? <IconLock /> : chosen ? <IconHash /> : <IconSearch />}
        typed={typed}
        onType={type}
        onPick={choose}
        more={channels.data && items.length < channels.data.matched && formatCount(channels.data.matched)}
      >
        {items.map((channel) => (
          <Combobox.Option key={channel.id} value={channel.id}>
            <ChannelOption channel={channel} />
          </Combobox.Option>
        ))}
        {direct && (
          <Combobox.Option value={typed.trim()}>
            Use <code>{typed.trim()}</code> as typed
          </Combobox.Option>
        )}
        {channels.data && items.length === 0 && !direct && (
          <Combobox.Empty>{emptyWords(channels.data, settled)}</Combobox.Empty>
        )}
        {channels.isPending && <Combobox.Empty>Looking…</Combobox.Empty>}
      </Picker>
      {channels.error && (
        <ErrorNotice error={channels.error} what="The channels could not be read" onRetry={channels.refetch} />
      )}
      {chosen?.channel && <ChosenNote channel={chosen.channel} />}
      {channels.data && <Freshness integrationId={integrationId} list={channels.data} />}
    </div>
  )
}

function ChannelOption({ channel }: { channel: Channel }) {
  const notes = [
    channel.isArchived && 'archived',
    !channel.isMember && 'bot not in it',
    channel.members !== undefined && plural(channel.members, 'member'),
  ]
  return (
    <PickerOption
      icon={channel.isPrivate ? <IconLock aria-label="private" /> : <IconHash aria-hidden="true" />}
      name={channel.name}
      note={notes.filter(Boolean).join(' · ')}
    />
  )
}

/** What will stand in the way of the chosen channel, said before it is added. */
function ChosenNote({ channel }: { channel: Channel }) {
  const words = channel.isArchived
    ? 'It is archived: Slack refuses messages until somebody unarchives it.'
    : channel.isMember
      ? undefined
      : channel.isPrivate
        ? 'It is private and the bot is not in it: write /invite @the bot’s name in the channel first.'
        : 'The bot is not in it. It can post there if the app has chat:write.public; otherwise invite it first.'
  if (!words) return null
  return (
    <p className={classes.line} data-tone="warn">
      <StateIcon tone="warn" />
      {words}
    </p>
  )
}

/** How many channels are known and how fresh that is; a way to read them again. */
function Freshness({ integrationId, list }: { integrationId: string; list: ChannelList }) {
  const refresh = useRefreshChannels(integrationId)
  const canRefresh = useCan('operator')
  const { state, at, pages, code } = list.refresh
  const isRunning = state === 'running' || refresh.isPending
  return (
    <div className={classes.freshness}>
      <span role="status">
        {plural(list.total, 'channel')} known
        {isRunning && `, reading them from Slack${pages ? ` (page ${formatCount(pages)})` : ''}…`}
        {!isRunning && state === 'complete' && at && (
          <>
            , read <RelativeTime at={at} />
          </>
        )}
        {!isRunning && state === 'never' && ', not read yet'}
      </span>
      {canRefresh && !isRunning && (
        <Button variant="subtle" size="xs" px={4} h={20} onClick={() => refresh.mutate()}>
          Read again
        </Button>
      )}
      {!isRunning && state === 'failed' && (
        <StatePill tone="warn" size="sm">
          {code ? deliveryCode(code).meaning : 'The last reading failed.'} A channel can still be given by ID or link.
        </StatePill>
      )}
    </div>
  )
}

/** An ID or a link names a channel by itself, and so does a name while the list is not complete. */
function isDirect(typed: string): boolean {
  return parseChannel(typed).kind === 'id' || /^#\S+$/.test(typed.trim())
}

function emptyWords({ refresh, total }: ChannelList, query: string): string {
  if (refresh.state === 'running') return 'Still reading the channels from Slack…'
  if (total === 0) return 'No channel is known yet. Paste a link or an ID, or read the channels from Slack.'
  return query
    ? `No channel has “${query}” in its name. A private one is listed once the bot is in it.`
    : 'No channel is listed.'
}

import { ActionIcon, Menu } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { type ReactNode, useEffect, useRef } from 'react'
import { EmptyState } from '../ui/EmptyState.tsx'
import { ErrorNotice } from '../ui/ErrorNotice.tsx'
import { IconDots, IconHash, IconLock, IconMessage } from '../ui/icons.ts'
import { StatePill } from '../ui/StatePill.tsx'
import { Composer } from './Composer.tsx'
import type { App, Channel, Message, Person } from './control.ts'
import { MessageRow } from './MessageRow.tsx'
import { messagesQuery, useAct, useChange } from './queries.ts'
import classes from './simulator.module.css'

type Props = {
  channel: Channel
  channels: Channel[]
  people: Person[]
  person: Person
  apps: App[]
  signWith: string
}

/** One channel: its state, what was said in it, and a line to type on. */
export function ChannelView(props: Props) {
  const { channel, channels, people, person, signWith } = props
  const messages = useQuery(messagesQuery(channel.id))
  const click = useAct('/clicks')
  const shown = threaded(messages.data ?? [], person)

  const act = (message: Message) => (actionId: string, value?: string) =>
    click.mutate({
      channelId: channel.id,
      ts: message.ts,
      actionId,
      userId: person.id,
      ...(value === undefined ? {} : { value }),
      ...(signWith === 'properly' ? {} : { signWith }),
    })

  return (
    <main className={classes.channel} aria-label={`Channel ${channel.name}`}>
      <ChannelHead channel={channel} />
      <Scroller>
        {messages.error && <ErrorNotice error={messages.error} onRetry={() => messages.refetch()} />}
        {messages.isSuccess && shown.length === 0 && (
          <EmptyState icon={<IconMessage />} title="Nothing has been said here yet">
            Send a message from Switchboard, or type a slash command below.
          </EmptyState>
        )}
        <ol aria-label="Messages">
          {shown.map(({ message, isReply }) => (
            <MessageRow
              key={message.ts}
              message={message}
              people={people}
              channels={channels}
              isReply={isReply}
              isBusy={click.isPending}
              onAct={act(message)}
            />
          ))}
        </ol>
      </Scroller>
      {click.error && <ErrorNotice error={click.error} what="The click did not reach the app" banner />}
      <Composer {...props} />
    </main>
  )
}

function ChannelHead({ channel }: { channel: Channel }) {
  const change = useChange()
  const set = (body: Record<string, boolean>) =>
    change.mutate({ method: 'PATCH', path: `/channels/${channel.id}`, body })
  const states = [
    channel.archived && 'archived',
    channel.readOnly && 'restricted',
    !channel.member && channel.kind !== 'im' && 'app is not in',
  ].filter((state) => typeof state === 'string')
  return (
    <div className={classes.channelHead}>
      {channel.kind === 'private' ? <IconLock /> : <IconHash />}
      <h1>{channel.name}</h1>
      {states.map((state) => (
        <StatePill key={state} tone="warn" size="sm">
          {state}
        </StatePill>
      ))}
      <span className={classes.purpose}>{channel.purpose}</span>
      <Menu>
        <Menu.Target>
          <ActionIcon aria-label={`Change #${channel.name}`}>
            <IconDots />
          </ActionIcon>
        </Menu.Target>
        <Menu.Dropdown>
          <Menu.Item onClick={() => set({ archived: !channel.archived })}>
            {channel.archived ? 'Unarchive' : 'Archive'}
          </Menu.Item>
          <Menu.Item onClick={() => set({ private: !channel.private })}>
            {channel.private ? 'Make public' : 'Make private'}
          </Menu.Item>
          <Menu.Item onClick={() => set({ member: !channel.member })}>
            {channel.member ? 'Remove the app' : 'Invite the app'}
          </Menu.Item>
          <Menu.Item onClick={() => set({ readOnly: !channel.readOnly })}>
            {channel.readOnly ? 'Let everyone post' : 'Restrict posting'}
          </Menu.Item>
        </Menu.Dropdown>
      </Menu>
    </div>
  )
}

/** Stays at the newest message unless the reader has scrolled away from it. */
function Scroller({ children }: { children: ReactNode }) {
  const box = useRef<HTMLElement>(null)
  const content = useRef<HTMLDivElement>(null)
  const isAtEnd = useRef(true)

  useEffect(() => {
    // Blocks are drawn a moment after their row, so the height is followed rather than the count.
    const observer = new ResizeObserver(() => {
      if (isAtEnd.current && box.current) box.current.scrollTop = box.current.scrollHeight
    })
    if (content.current) observer.observe(content.current)
    return () => observer.disconnect()
  }, [])

  const onScroll = () => {
    const element = box.current
    if (element) isAtEnd.current = element.scrollHeight - element.scrollTop - element.clientHeight < 40
  }
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls, so a keyboard must reach it
    <section ref={box} className={classes.messages} onScroll={onScroll} tabIndex={0} aria-label="What was said">
      <div ref={content}>{children}</div>
    </section>
  )
}

/** Each message followed by its replies; what is for other eyes is left out. */
function threaded(messages: Message[], person: Person): { message: Message; isReply: boolean }[] {
  const visible = messages.filter((message) => !message.ephemeral_to || message.ephemeral_to === person.id)
  const stamps = new Set(visible.map(({ ts }) => ts))
  const isReply = ({ ts, thread_ts }: Message) => thread_ts !== undefined && thread_ts !== ts && stamps.has(thread_ts)
  return visible
    .filter((message) => !isReply(message))
    .flatMap((message) => [
      { message, isReply: false },
      ...visible
        .filter((reply) => isReply(reply) && reply.thread_ts === message.ts)
        .map((reply) => ({ message: reply, isReply: true })),
    ])
}

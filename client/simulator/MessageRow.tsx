import { useComputedColorScheme } from '@mantine/core'
import { lazy, Suspense } from 'react'
import { formatExact, formatTime } from '../lib/format.ts'
import { BlockParts } from '../ui/BlockParts.tsx'
import { ActionElement } from './ActionElement.tsx'
import type { Channel, Message, Person } from './control.ts'
import classes from './message.module.css'

const BlockView = lazy(() => import('../ui/BlockView.tsx'))

type Props = {
  message: Message
  people: Person[]
  channels: Channel[]
  isReply: boolean
  isBusy: boolean
  onAct: (actionId: string, value?: string) => void
}

/** One message as Slack would show it, with what an app's author wants to know beside it. */
export function MessageRow({ message, people, channels, isReply, isBusy, onAct }: Props) {
  const author = authorOf(message, people)
  const at = Number(message.ts) * 1000
  const state = [message.ephemeral_to && 'Only visible to you', message.edited && 'edited'].filter(Boolean).join(', ')
  const blocks = message.blocks ?? (message.text ? [sectionOf(message.text)] : [])
  const named = { people: people.map(({ id, realName }) => ({ id, name: realName })), channels }
  return (
    <li className={classes.row} data-reply={isReply || undefined} data-ephemeral={message.ephemeral_to || undefined}>
      <span className={classes.avatar} data-app={message.bot_id ? true : undefined} aria-hidden="true">
        {author.slice(0, 1).toUpperCase()}
      </span>
      <div className={classes.body}>
        <p className={classes.head}>
          <strong>{author}</strong>
          {message.bot_id && <span className={classes.badge}>APP</span>}
          <time dateTime={new Date(at).toISOString()} title={`${formatExact(at)}, ts ${message.ts}`}>
            {formatTime(at)}
          </time>
          {state && <span className={classes.state}>{state}</span>}
        </p>
        <Parts blocks={blocks} named={named} isBusy={isBusy} onAct={onAct} />
        {message.attachments?.map((attachment, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: attachments of one message never change places
          <div key={index} className={classes.attachment}>
            <Parts blocks={blocksOfAttachment(attachment)} named={named} isBusy={isBusy} onAct={onAct} />
          </div>
        ))}
        {message.reactions && (
          <p className={classes.reactions}>
            {message.reactions.map(({ name, count }) => (
              <span key={name}>
                :{name}: {count}
              </span>
            ))}
          </p>
        )}
      </div>
    </li>
  )
}

type PartsProps = {
  blocks: Record<string, unknown>[]
  named: { people: { id: string; name: string }[]; channels: { id: string; name: string }[] }
  isBusy: boolean
  onAct: Props['onAct']
}

function Parts({ blocks, named, isBusy, onAct }: PartsProps) {
  const scheme = useComputedColorScheme('light')
  return (
    <BlockParts
      blocks={blocks}
      scheme={scheme}
      draw={(shown) => (
        <Suspense fallback={<p className={classes.waiting}>…</p>}>
          <BlockView blocks={shown} scheme={scheme} {...named} />
        </Suspense>
      )}
      act={(elements) => (
        <div className={classes.actions}>
          {elements.map((element, place) => (
            <ActionElement key={String(element.action_id ?? place)} element={element} disabled={isBusy} onAct={onAct} />
          ))}
        </div>
      )}
    />
  )
}

function authorOf(message: Message, people: Person[]): string {
  const person = people.find(({ id }) => id === message.user)
  return message.username ?? message.bot_profile?.name ?? person?.realName ?? message.user ?? 'Unknown'
}

function sectionOf(text: string): Record<string, unknown> {
  return { type: 'section', text: { type: 'mrkdwn', text } }
}

function blocksOfAttachment(attachment: Record<string, unknown>): Record<string, unknown>[] {
  if (Array.isArray(attachment.blocks)) return attachment.blocks
  const lines = [attachment.pretext, attachment.title, attachment.text ?? attachment.fallback]
  const text = lines.filter((line) => typeof line === 'string' && line !== '').join('\n')
  return text ? [sectionOf(text)] : []
}

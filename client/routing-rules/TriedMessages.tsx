import { SegmentedControl, useComputedColorScheme } from '@mantine/core'
import { useState } from 'react'
import type { TriedEvent } from '../../shared/routing-trials.ts'
import { useCalled } from '../notification-types/queries.ts'
import { TargetLabel } from '../targets/TargetLabel.tsx'
import { Notice } from '../ui/Notice.tsx'
import { Section } from '../ui/Section.tsx'
import { SlackMessage, type SlackScheme } from '../ui/SlackMessage.tsx'
import classes from './trials.module.css'

/** Each message as it would stand in Slack. */
export function TriedMessages({ messages }: { messages: TriedEvent['messages'] }) {
  const scheme = useComputedColorScheme('light')
  const [look = scheme, setLook] = useState<'light' | 'dark'>()
  if (messages.length === 0) return null
  const choose = (
    <SegmentedControl
      aria-label="Show the messages as"
      data={[
        { value: 'light', label: 'Light' },
        { value: 'dark', label: 'Dark' },
      ]}
      value={look}
      onChange={(value) => setLook(value === 'dark' ? 'dark' : 'light')}
    />
  )
  return (
    <Section title="As it would look in Slack" actions={choose}>
      <ul className={classes.messages}>
        {messages.map((tried) => (
          <li key={`${tried.destination.id} ${tried.destination.integrationId}`}>
            <Tried tried={tried} look={look} />
          </li>
        ))}
      </ul>
    </Section>
  )
}

type TriedProps = { tried: TriedEvent['messages'][number]; look: SlackScheme }

function Tried({ tried: { destination, integrationName, message, note }, look }: TriedProps) {
  const called = useCalled(destination.integrationId, message)
  return (
    <>
      <p className={classes.messageHead}>
        <span className={classes.place}>
          <TargetLabel destination={destination} />
        </span>
      </p>
      {note && <Notice tone="warn">{note}</Notice>}
      <SlackMessage message={message} scheme={look} from={integrationName} when="not posted" called={called} />
    </>
  )
}

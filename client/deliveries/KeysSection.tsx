import type { ReactNode } from 'react'
import { Link } from 'react-router'
import type { Delivery } from '../../shared/deliveries.ts'
import { isSafeUrl } from '../../shared/slack-blocks.ts'
import { CopyButton } from '../ui/CopyButton.tsx'
import { ExternalLink } from '../ui/ExternalLink.tsx'
import { KeyValue, KeyValues } from '../ui/KeyValues.tsx'
import { Section } from '../ui/Section.tsx'
import classes from './parts.module.css'

/** Who asked for it, by which keys it hangs together with others, and where it stands in Slack. */
export function KeysSection({ delivery }: { delivery: Delivery }) {
  const { createdBy, recipient, threadKey, updateKey, dedupeKey, replayOf, messageTs, permalink } = delivery
  return (
    <Section title="Details">
      <KeyValues>
        <KeyValue name="From">{createdBy}</KeyValue>
        {recipient && <KeyValue name="Recipient">{recipient}</KeyValue>}
        {replayOf && (
          <KeyValue name="Replay of">
            <Link to={`/deliveries/${replayOf}`}>{replayOf}</Link>
          </KeyValue>
        )}
        <Key name="Thread key" help="Messages with the same key share a thread." value={threadKey} />
        <Key name="Update key" help="A later event with it changes this message." value={updateKey} />
        <Key
          name="Dedupe key"
          help="A second event with it, within the window of its type, is not sent."
          value={dedupeKey}
        />
        {messageTs && (
          <KeyValue
            name="In Slack"
            action={<CopyButton value={messageTs} label="Copy message timestamp" />}
            meta={isSafeUrl(permalink) && <ExternalLink href={permalink}>Open the message</ExternalLink>}
          >
            <code>{messageTs}</code>
          </KeyValue>
        )}
      </KeyValues>
    </Section>
  )
}

type KeyProps = { name: string; help: string; value: ReactNode | undefined }

function Key({ name, help, value }: KeyProps) {
  if (value === undefined) return null
  return (
    <KeyValue name={name} help={help}>
      <code className={classes.value}>{value}</code>
    </KeyValue>
  )
}

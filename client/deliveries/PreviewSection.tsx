import { SegmentedControl, useComputedColorScheme } from '@mantine/core'
import type { Delivery } from '../../shared/deliveries.ts'
import { isSafeUrl } from '../../shared/slack-blocks.ts'
import { formatBytes, formatExact, formatTime } from '../lib/format.ts'
import { useCalled } from '../notification-types/queries.ts'
import { ExternalLink } from '../ui/ExternalLink.tsx'
import { IconFileText } from '../ui/icons.ts'
import { Notice } from '../ui/Notice.tsx'
import { Section } from '../ui/Section.tsx'
import { SlackMessage } from '../ui/SlackMessage.tsx'
import { useParamChoice } from '../ui/Tabs.tsx'
import classes from './preview.module.css'

const LOOKS = [
  { value: 'light', label: 'Light' },
  { value: 'dark', label: 'Dark' },
  { value: 'text', label: 'Text' },
] as const
type Look = (typeof LOOKS)[number]['value']

/** The message as people see it: in Slack's two schemes, and as the text that notifications show. */
export function PreviewSection({ delivery }: { delivery: Delivery }) {
  const scheme = useComputedColorScheme('light')
  const first: readonly Look[] = scheme === 'dark' ? ['dark', 'light', 'text'] : ['light', 'dark', 'text']
  const [look = scheme, setLook] = useParamChoice('preview', first)
  const { message, permalink, file, faultyBlock } = delivery
  const called = useCalled(delivery.integrationId, message)
  const choose = (
    <SegmentedControl
      aria-label="Show the message as"
      data={LOOKS.map((each) => ({ ...each }))}
      value={look}
      onChange={(next) => setLook(next as Look)}
    />
  )
  return (
    <Section title="As it looks in Slack" note={ACTION_NOTES[delivery.action]} actions={choose}>
      <Refused delivery={delivery} />
      {look === 'text' ? (
        <p className={classes.plain}>{message.text}</p>
      ) : (
        <SlackMessage
          message={message}
          scheme={look}
          from={delivery.integrationName}
          when={<Sent delivery={delivery} />}
          called={called}
          faultyBlock={faultyBlock}
        >
          {file && <File file={file} />}
        </SlackMessage>
      )}
      <p className={classes.foot}>
        {look === 'text' && 'What notifications show and screen readers say. '}
        {isSafeUrl(permalink) && <ExternalLink href={permalink}>Open in Slack</ExternalLink>}
      </p>
    </Section>
  )
}

const ACTION_NOTES: Record<Delivery['action'], string | undefined> = {
  post: undefined,
  update: 'Takes the place of an earlier message',
  delete: 'Takes an earlier message away',
}

/** What Slack said about the message itself, over the message it is about. */
function Refused({ delivery: { detail, code, faultyBlock } }: { delivery: Delivery }) {
  if (!detail) return null
  return (
    <div className={classes.said}>
      <Notice tone="bad" title={faultyBlock === undefined ? 'Slack said' : `Slack said of block ${faultyBlock + 1}`}>
        <p>
          {detail} {code && <code>{code}</code>}
        </p>
      </Notice>
    </div>
  )
}

function Sent({ delivery: { deliveredAt } }: { delivery: Delivery }) {
  if (!deliveredAt) return 'not posted'
  return (
    <time dateTime={deliveredAt} title={formatExact(deliveredAt)}>
      {formatTime(deliveredAt)}
    </time>
  )
}

function File({ file: { name, sizeBytes, altText } }: { file: NonNullable<Delivery['file']> }) {
  return (
    <div className={classes.file}>
      <IconFileText aria-hidden="true" />
      <span className={classes.fileName}>
        {name}
        <span className={classes.fileMeta}>{[formatBytes(sizeBytes), altText].filter(Boolean).join(', ')}</span>
      </span>
    </div>
  )
}

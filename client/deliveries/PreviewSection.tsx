import { SegmentedControl, useComputedColorScheme } from '@mantine/core'
import { lazy, Suspense } from 'react'
import type { Delivery } from '../../shared/deliveries.ts'
import { isSafeUrl, partsOf, wordsOf } from '../../shared/slack-blocks.ts'
import { formatExact, formatTime } from '../lib/format.ts'
import { ExternalLink } from '../ui/ExternalLink.tsx'
import { Fallback } from '../ui/Fallback.tsx'
import { Mark } from '../ui/Mark.tsx'
import { Section } from '../ui/Section.tsx'
import { useParamChoice } from '../ui/Tabs.tsx'
import classes from './preview.module.css'

const BlockView = lazy(() => import('../ui/BlockView.tsx'))

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
  const { message, permalink } = delivery
  const choose = (
    <SegmentedControl
      aria-label="Show the message as"
      data={LOOKS.map((each) => ({ ...each }))}
      value={look}
      onChange={(next) => setLook(next as Look)}
    />
  )
  return (
    <Section title="As it looks in Slack" actions={choose}>
      {look === 'text' ? (
        <p className={classes.plain}>{message.text}</p>
      ) : (
        <div className={classes.message} data-scheme={look}>
          <Mark size={36} />
          <div className={classes.body}>
            <p className={classes.head}>
              <strong>{delivery.integrationName}</strong>
              <span className={classes.badge}>APP</span>
              <Sent delivery={delivery} />
            </p>
            <Blocks delivery={delivery} scheme={look} />
          </div>
        </div>
      )}
      <p className={classes.foot}>
        {look === 'text' && 'What notifications show and screen readers say. '}
        {isSafeUrl(permalink) && <ExternalLink href={permalink}>Open in Slack</ExternalLink>}
      </p>
    </Section>
  )
}

function Sent({ delivery: { deliveredAt } }: { delivery: Delivery }) {
  if (!deliveredAt) return <span className={classes.meta}>not posted</span>
  return (
    <time className={classes.meta} dateTime={deliveredAt} title={formatExact(deliveredAt)}>
      {formatTime(deliveredAt)}
    </time>
  )
}

function Blocks({ delivery: { message }, scheme }: { delivery: Delivery; scheme: 'light' | 'dark' }) {
  const text = <p className={classes.text}>{message.text}</p>
  if (!message.blocks?.length) {
    const section = { type: 'section', text: { type: 'mrkdwn', text: message.text } }
    return <Drawn blocks={[section]} scheme={scheme} instead={text} />
  }
  return partsOf(message.blocks).map((part, index) =>
    part.kind === 'shown' ? (
      // biome-ignore lint/suspicious/noArrayIndexKey: the parts of one message never change places
      <Drawn key={index} blocks={part.blocks} scheme={scheme} instead={text} />
    ) : (
      // biome-ignore lint/suspicious/noArrayIndexKey: the parts of one message never change places
      <p key={index} className={classes.actions}>
        {part.elements.map((element, place) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: nor do its buttons
          <span key={place} className={classes.button} data-look={element.style}>
            {wordsOf(element.text) || wordsOf(element.placeholder) || String(element.type)}
          </span>
        ))}
      </p>
    ),
  )
}

type DrawnProps = { blocks: Record<string, unknown>[]; scheme: 'light' | 'dark'; instead: React.ReactNode }

/** A message that Slack refused may be one that cannot be drawn: then its text stands there. */
function Drawn({ blocks, scheme, instead }: DrawnProps) {
  return (
    <Fallback instead={instead}>
      <Suspense fallback={instead}>
        <BlockView blocks={blocks} scheme={scheme} />
      </Suspense>
    </Fallback>
  )
}

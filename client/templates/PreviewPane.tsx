import { SegmentedControl, useComputedColorScheme } from '@mantine/core'
import { useState } from 'react'
import type { Rendered } from '../../shared/templates.ts'
import { useCalled } from '../notification-types/queries.ts'
import { EmptyState } from '../ui/EmptyState.tsx'
import { ErrorNotice } from '../ui/ErrorNotice.tsx'
import { Notice } from '../ui/Notice.tsx'
import { Section } from '../ui/Section.tsx'
import { RowsSkeleton } from '../ui/Skeletons.tsx'
import { SlackMessage, type SlackScheme } from '../ui/SlackMessage.tsx'
import type { DataKind } from './draft.ts'
import { notificationText } from './notification-text.ts'
import classes from './templates.module.css'

const SCHEMES = [
  { value: 'light', label: 'Light' },
  { value: 'dark', label: 'Dark' },
]
const WIDTHS = [
  { value: 'desktop', label: 'Desktop' },
  { value: 'phone', label: 'Phone' },
]

type Props = {
  data: Rendered | undefined
  error: unknown
  kind: DataKind
  /** Something newer is on its way. */
  isStale: boolean
  onRetry: () => void
}

/** The message as people see it: in both of Slack's schemes, wide and narrow, and as a notification. */
export function PreviewPane({ data, error, kind, isStale, onRetry }: Props) {
  const own = useComputedColorScheme('light')
  const [chosen, setScheme] = useState<SlackScheme>()
  const scheme = chosen ?? own
  const [width, setWidth] = useState('desktop')
  const choices = (
    <div className={classes.choices}>
      <SegmentedControl
        aria-label="Scheme"
        data={SCHEMES}
        value={scheme}
        onChange={(next) => setScheme(next as SlackScheme)}
      />
      <SegmentedControl aria-label="Width" data={WIDTHS} value={width} onChange={setWidth} />
    </div>
  )
  return (
    <div className={classes.pane} data-name="preview">
      <Section title="Preview" actions={choices}>
        {error ? (
          <ErrorNotice error={error} what="It could not be shown" onRetry={onRetry} />
        ) : data ? (
          <div className={classes.preview} data-width={width} aria-busy={isStale}>
            <Shown rendered={data} scheme={scheme} />
          </div>
        ) : kind === 'event' ? (
          <p className={classes.hint}>Choose an event to see what comes of it.</p>
        ) : (
          <RowsSkeleton rows={5} />
        )}
      </Section>
    </div>
  )
}

function Shown({ rendered, scheme }: { rendered: Rendered; scheme: SlackScheme }) {
  const { message, unresolved, problems, integrationId } = rendered
  const called = useCalled(integrationId, message ?? {})
  if (!message) {
    const [first] = problems
    return (
      <EmptyState title="It makes no message yet">
        {first
          ? `Line ${first.line}: ${first.message} ${first.fix ?? ''}`
          : 'The problems below say what is in the way.'}
      </EmptyState>
    )
  }
  const error = problems.find(({ severity }) => severity === 'error')
  return (
    <>
      {error && (
        <Notice tone="bad" title="Slack would refuse this message">
          <p>
            Line {error.line}: {error.message}
          </p>
        </Notice>
      )}
      <SlackMessage message={message} scheme={scheme} from="Switchboard" when="not posted" called={called} />
      <div className={classes.notification}>
        <h3>Notification</h3>
        <p>{notificationText(message.text, called)}</p>
      </div>
      {unresolved.length > 0 && (
        <Notice tone="warn" title="Nobody in the workspace answers to">
          <p>{unresolved.join(', ')}. They stand in the message as text.</p>
        </Notice>
      )}
    </>
  )
}

import { VisuallyHidden } from '@mantine/core'
import { type ReactNode, useState } from 'react'
import { type StepName, stepLabels, stepNames, type TestStep } from '../../shared/connection-tests.ts'
import { formatDuration } from '../lib/format.ts'
import { CopyButton } from '../ui/CopyButton.tsx'
import { ExternalLink } from '../ui/ExternalLink.tsx'
import { IconChevronDown } from '../ui/icons.ts'
import { useElapsedMs } from '../ui/RelativeTime.tsx'
import { StateIcon } from '../ui/StatePill.tsx'
import classes from './steps.module.css'
import { stepLooks } from './test-words.ts'

type Props = {
  steps: TestStep[]
  /** Draws the steps that have not begun, while the others run. */
  withPending?: boolean
  /** When the run began to wait, for the clock beside the step that does. */
  waitingSince?: string | undefined
  /** Leads to the field at fault on this page. */
  onField?: ((field: string) => void) | undefined
}

/** The steps of a connection test in order, each with what was found; read out as they end. */
export function TestSteps({ steps, withPending, waitingSince, onField }: Props) {
  const shown = withPending ? stepNames.map((name) => steps.find((step) => step.name === name) ?? name) : steps
  return (
    <ol className={classes.steps} aria-live="polite" aria-relevant="additions text">
      {shown.map((step) =>
        typeof step === 'string' ? (
          <PendingStep key={step} name={step} />
        ) : (
          // A step opens by itself when it fails, so its state is part of what it is.
          <Step key={`${step.name} ${step.state}`} step={step} waitingSince={waitingSince} onField={onField} />
        ),
      )}
    </ol>
  )
}

function PendingStep({ name }: { name: StepName }) {
  return (
    <li className={classes.step} data-state="pending">
      <Rail state="pending" />
      <div className={classes.head}>
        <span className={classes.title}>{stepLabels[name]}</span>
      </div>
    </li>
  )
}

type StepProps = {
  step: TestStep
  waitingSince: string | undefined
  onField: ((field: string) => void) | undefined
}

function Step({ step, waitingSince, onField }: StepProps) {
  const isTrouble = step.state === 'fail' || step.state === 'warn'
  const [open, setOpen] = useState(isTrouble)
  const isShort = step.state === 'waiting' || step.state === 'skipped'
  const hasMore = !isShort && Boolean(step.items?.length || step.detail || step.requestId || step.code)
  const title = (
    <>
      <VisuallyHidden>{stepLooks[step.state].word}: </VisuallyHidden>
      {step.title}
    </>
  )
  return (
    <li className={classes.step} data-state={step.state}>
      <Rail state={step.state} />
      <div className={classes.head}>
        {hasMore ? (
          <button type="button" className={classes.toggle} aria-expanded={open} onClick={() => setOpen(!open)}>
            <span className={classes.title}>{title}</span>
            <IconChevronDown style={{ '--icon': '14px' }} />
          </button>
        ) : (
          <span className={classes.title}>{title}</span>
        )}
        <span className={classes.took}>
          <Took step={step} waitingSince={waitingSince} />
        </span>
      </div>
      {isShort && (step.detail || step.fix) && <ShortNote step={step} />}
      {hasMore && open && <Details step={step} onField={onField} />}
    </li>
  )
}

function Rail({ state }: { state: TestStep['state'] | 'pending' }) {
  const { tone, shape } = stepLooks[state]
  return (
    <span className={classes.rail} aria-hidden="true">
      <StateIcon tone={tone} shape={shape} />
    </span>
  )
}

function Took({ step, waitingSince }: { step: TestStep; waitingSince: string | undefined }) {
  if (step.state === 'running') return <Elapsed />
  if (step.state === 'waiting') return waitingSince ? <WaitClock since={waitingSince} /> : null
  return step.state === 'skipped' || step.tookMs === 0 ? null : formatDuration(step.tookMs)
}

/** Seconds since the step began, which is when this first stood on the page. */
function Elapsed() {
  const ms = useElapsedMs(100)
  return `${(ms / 1000).toFixed(1)} s`
}

function WaitClock({ since }: { since: string }) {
  const seconds = Math.floor(useElapsedMs(1000, since) / 1000)
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}`
}

function ShortNote({ step }: { step: TestStep }) {
  return (
    <p className={classes.note}>
      {[step.detail, step.fix].filter(Boolean).join(' ')}
      {step.link && (
        <>
          {' '}
          <ExternalLink href={step.link.url}>{step.link.label}</ExternalLink>
        </>
      )}
    </p>
  )
}

function Details({ step, onField }: { step: TestStep; onField: StepProps['onField'] }) {
  const { items, link, fix, detail, code, requestId, state, field } = step
  const isWarned = state === 'warn' && Boolean(items?.length)
  return (
    <div className={classes.body}>
      {items && items.length > 0 && <Items items={items} />}
      {isWarned && detail && <p className={classes.detail}>{detail}</p>}
      {isWarned && fix && <p>{link ? <ExternalLink href={link.url}>{fix}</ExternalLink> : fix}</p>}
      {!isWarned && (
        <dl className={classes.facts}>
          {code && (
            <Fact name="Code">
              <code className={state === 'fail' ? classes.bad : undefined}>{code}</code>
            </Fact>
          )}
          {detail && <Fact name="Meaning">{detail}</Fact>}
          {(fix || link) && (
            <Fact name={fix ? 'Fix' : 'In Slack'}>
              {fix} {link && <ExternalLink href={link.url}>{link.label}</ExternalLink>}
              {field && onField && state === 'fail' && (
                <>
                  {' '}
                  <button type="button" className={classes.jump} onClick={() => onField(field)}>
                    Go to the field
                  </button>
                </>
              )}
            </Fact>
          )}
          {requestId && (
            <Fact name="Request ID">
              <code>{requestId}</code> <CopyButton value={requestId} label="Copy request ID" inline />
            </Fact>
          )}
        </dl>
      )}
    </div>
  )
}

/** Parts of a step: scopes, webhooks, the way to Slack. A part that failed says its own code and fix. */
function Items({ items }: { items: NonNullable<TestStep['items']> }) {
  return (
    <ul className={classes.items}>
      {items.map((item) => (
        <li key={item.label}>
          <span className={classes.itemLabel}>
            <StateIcon tone={stepLooks[item.state].tone} shape={stepLooks[item.state].shape} />
            <VisuallyHidden>{stepLooks[item.state].word}: </VisuallyHidden>
            <code>{item.label}</code>
          </span>
          <span className={classes.itemNote}>
            {item.note}
            {item.code && item.state === 'fail' && (
              <>
                {item.note && ' '}
                <code className={classes.bad}>{item.code}</code>
              </>
            )}
            {item.fix && <span className={classes.itemFix}>{item.fix}</span>}
          </span>
        </li>
      ))}
    </ul>
  )
}

function Fact({ name, children }: { name: string; children: ReactNode }) {
  return (
    <div className={classes.fact}>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </div>
  )
}

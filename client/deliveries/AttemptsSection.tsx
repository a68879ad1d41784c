import { useSearchParams } from 'react-router'
import type { Attempt, Delivery } from '../../shared/deliveries.ts'
import { deliveryCode } from '../../shared/delivery-codes.ts'
import { formatClock, formatDuration, formatExact } from '../lib/format.ts'
import { CodeBlock } from '../ui/CodeBlock.tsx'
import { type Column, DataTable } from '../ui/DataTable.tsx'
import { Section } from '../ui/Section.tsx'
import { StatePill } from '../ui/StatePill.tsx'
import classes from './attempts.module.css'
import { isMoving } from './delivery-states.ts'
import { answerText, requestText } from './exchange.ts'

type Row = Attempt & { place: number }

/** Every request made for a delivery; the chosen one stands below as it went out and came back. */
export function AttemptsSection({ delivery }: { delivery: Delivery }) {
  const [params] = useSearchParams()
  const rows = delivery.attempts.map((attempt, index): Row => ({ ...attempt, place: index + 1 }))
  const chosen = rows.find(({ place }) => String(place) === params.get('attempt')) ?? rows.at(-1)
  if (!chosen) {
    const isWaiting = isMoving(delivery)
    return (
      <Section title="Attempts">
        <p className={classes.none}>{isWaiting ? 'Slack was not asked yet.' : 'Slack was never asked.'}</p>
      </Section>
    )
  }
  const to = ({ place }: Row) => `?${withAttempt(params, place)}`
  return (
    <>
      <Section title="Attempts" flush>
        <DataTable
          label="Attempts"
          columns={columns}
          rows={rows}
          rowKey={({ place }) => String(place)}
          to={to}
          isCurrent={({ place }) => place === chosen.place}
          lineAbove
        />
      </Section>
      <Section title="Request and answer" note="Secrets removed before storing">
        <div className={classes.exchange}>
          <CodeBlock label="Request" code={requestText(chosen)} />
          <CodeBlock label="Answer" code={answerText(chosen)} />
        </div>
      </Section>
    </>
  )
}

const columns: Column<Row>[] = [
  { key: 'number', head: 'No.', width: '64px', card: 'hide', cell: ({ number }) => number ?? '–' },
  {
    key: 'started',
    head: 'Started',
    lead: true,
    card: 'start',
    nowrap: true,
    cell: ({ startedAt }) => <span title={formatExact(startedAt)}>{formatClock(startedAt)}</span>,
  },
  { key: 'outcome', head: 'Outcome', card: 'end', cell: (row) => <Outcome attempt={row} /> },
  { key: 'request', head: 'Request ID', cell: ({ requestId }) => requestId && <RequestId id={requestId} /> },
  {
    key: 'took',
    head: 'Took',
    align: 'end',
    nowrap: true,
    cell: ({ tookMs }) => <span title={`${tookMs} ms`}>{formatDuration(tookMs)}</span>,
  },
]

function Outcome({ attempt: { outcome, code, retryAfterMs } }: { attempt: Attempt }) {
  const shown = code && (
    <code className={classes.code} title={deliveryCode(code).meaning}>
      {code}
    </code>
  )
  switch (outcome) {
    case 'sent':
      return <StatePill tone="ok">Delivered</StatePill>
    case 'rate_limited':
      return <StatePill tone="warn">Wait {formatDuration(retryAfterMs ?? 0)}</StatePill>
    case 'transient':
      return <StatePill tone="warn">{shown ?? 'Failed'}</StatePill>
    case 'ambiguous':
      return <StatePill tone="warn">{shown ?? 'No clear answer'}</StatePill>
    case 'permanent':
      return <StatePill tone="bad">{shown ?? 'Refused'}</StatePill>
    case 'found':
      return <StatePill tone="ok">Looked: it is there</StatePill>
    case 'not_found':
      return (
        <StatePill tone="neutral" shape="minus">
          Looked: not there
        </StatePill>
      )
    case 'can_not_look':
      return <StatePill tone="warn">{shown ?? 'Could not look'}</StatePill>
  }
}

function withAttempt(before: URLSearchParams, place: number): URLSearchParams {
  const after = new URLSearchParams(before)
  after.set('attempt', String(place))
  return after
}

const SHOWN_OF_ID = 12

/** Enough to tell two apart; the whole one stands under the answer and goes with the copy button. */
function RequestId({ id }: { id: string }) {
  return <code title={id}>{id.length > SHOWN_OF_ID ? `${id.slice(0, SHOWN_OF_ID)}…` : id}</code>
}

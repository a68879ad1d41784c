import { Button } from '@mantine/core'
import type { ReactNode } from 'react'
import { Link, useNavigate } from 'react-router'
import type { Delivery } from '../../shared/deliveries.ts'
import { slackCode } from '../../shared/slack-codes.ts'
import { formatDuration, plural } from '../lib/format.ts'
import { ErrorNotice } from '../ui/ErrorNotice.tsx'
import { IconBan, IconRefresh } from '../ui/icons.ts'
import { FactStrip } from '../ui/KeyValues.tsx'
import { RelativeTime } from '../ui/RelativeTime.tsx'
import { PageHead } from '../ui/Section.tsx'
import { StatePill } from '../ui/StatePill.tsx'
import { toast } from '../ui/toast.ts'
import { useCan } from '../users/queries.ts'
import { DeliveryStatePill } from './DeliveryStatePill.tsx'
import { deliveryStateLooks, markLabels, originLabels } from './delivery-states.ts'
import classes from './head.module.css'
import { useCancelDelivery, useReplayDelivery } from './queries.ts'

/** What was sent where, how it stands, the facts about it, and what may still be done. */
export function DeliveryHead({ delivery }: { delivery: Delivery }) {
  const { title, state, mark, destination, integrationId, integrationName } = delivery
  const pills = (
    <>
      <DeliveryStatePill state={state} />
      {mark && <StatePill tone="warn">{markLabels[mark]}</StatePill>}
    </>
  )
  return (
    <PageHead title={title} state={pills} actions={<Actions delivery={delivery} />}>
      <p className={classes.where}>
        to <strong>{destination.name}</strong> in <Link to={`/integrations/${integrationId}`}>{integrationName}</Link>
      </p>
      <FactStrip facts={factsOf(delivery)} />
    </PageHead>
  )
}

function factsOf(delivery: Delivery): { name: string; value: ReactNode }[] {
  const { origin, createdBy, priority, createdAt, tookMs, dueAt, eventId, replayOf } = delivery
  const facts: { name: string; value: ReactNode }[] = [
    { name: 'Origin', value: originLabels[origin] },
    { name: 'From', value: createdBy },
    { name: 'Priority', value: priority.slice(0, 1).toUpperCase() + priority.slice(1) },
    { name: 'Accepted', value: <RelativeTime at={createdAt} /> },
  ]
  if (tookMs !== undefined) facts.push({ name: 'Ended after', value: formatDuration(tookMs) })
  else if (dueAt) facts.push({ name: 'Due', value: <RelativeTime at={dueAt} /> })
  facts.push({ name: 'Attempts', value: attemptsInWords(delivery) })
  if (eventId) facts.push({ name: 'Event', value: <code>{eventId}</code> })
  if (replayOf) {
    facts.push({ name: 'Replay of', value: <Link to={`/deliveries/${replayOf}`}>{replayOf}</Link> })
  }
  return facts
}

function attemptsInWords({ tries, attempts }: Delivery): string {
  const waits = attempts.filter(({ outcome }) => outcome === 'rate_limited').length
  return waits ? `${tries}, after ${plural(waits, 'wait')}` : String(tries)
}

function Actions({ delivery }: { delivery: Delivery }) {
  const navigate = useNavigate()
  const replay = useReplayDelivery()
  const cancel = useCancelDelivery()
  const mayAct = useCan('operator')
  const can = deliveryStateLooks[delivery.state].can
  if (!mayAct || !can) return null
  const onReplay = () =>
    replay.mutate(delivery.id, {
      onSuccess: (made) => {
        void toast('ok', 'Replayed: this is the new delivery.')
        navigate(`/deliveries/${made.id}`)
      },
    })
  const onCancel = () =>
    cancel.mutate(delivery.id, { onSuccess: () => void toast('ok', 'Cancelled: it will not be sent.') })
  return (
    <div className={classes.actions}>
      {can === 'replay' ? (
        <Button
          variant={helpsByItself(delivery) ? 'filled' : 'default'}
          leftSection={<IconRefresh />}
          loading={replay.isPending}
          onClick={onReplay}
        >
          Replay
        </Button>
      ) : (
        <Button variant="default" leftSection={<IconBan />} loading={cancel.isPending} onClick={onCancel}>
          Cancel delivery
        </Button>
      )}
      {replay.error && <ErrorNotice error={replay.error} what="It was not replayed" />}
      {cancel.error && <ErrorNotice error={cancel.error} what="It was not cancelled" />}
    </div>
  )
}

/** Whether another try may work with nothing changed: only then is it the page's first button. */
function helpsByItself({ state, code }: Delivery): boolean {
  return state === 'cancelled' || (state === 'failed' && code !== undefined && slackCode(code).retry !== 'never')
}

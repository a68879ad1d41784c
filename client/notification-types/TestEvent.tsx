import { Button } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { Link } from 'react-router'
import type { DeliveryState } from '../../shared/deliveries.ts'
import { deliveryCode } from '../../shared/delivery-codes.ts'
import type { AcceptedEvent } from '../../shared/events.ts'
import { deliveryQuery } from '../deliveries/queries.ts'
import { ErrorNotice } from '../ui/ErrorNotice.tsx'
import { ExternalLink } from '../ui/ExternalLink.tsx'
import { IconSend } from '../ui/icons.ts'
import { Notice } from '../ui/Notice.tsx'
import { RowsSkeleton } from '../ui/Skeletons.tsx'
import { StatePill, type Tone } from '../ui/StatePill.tsx'
import { sessionQuery, useCan } from '../users/queries.ts'
import classes from './notification-types.module.css'
import { useSendEvent } from './queries.ts'

/** Sends an event of the type, as the platform would, and follows its messages until they have arrived. */
export function TestEvent({ type }: { type: string }) {
  const { send, isPending, error, event } = useTestEvent(type)
  const mayAct = useCan('operator')
  return (
    <div className={classes.stack}>
      <p>Takes the way of a real event: what is saved decides where it goes and what it looks like.</p>
      {mayAct && (
        <div>
          <Button variant="default" leftSection={<IconSend />} loading={isPending} onClick={() => send()}>
            Send a test event
          </Button>
        </div>
      )}
      {error && <ErrorNotice error={error} what="The test event was not taken" />}
      {event && <TestOutcome event={event} />}
    </div>
  )
}

/** An event that says what it is, about whoever sends it: their own Slack is where a recipient’s message goes. */
export function useTestEvent(type: string) {
  const session = useQuery(sessionQuery)
  const post = useSendEvent()
  const person = session.data?.user
  return {
    send: (done?: () => void) =>
      post.mutate(
        {
          type,
          title: `Test of ${type}`,
          text: `Sent from the console${person ? ` by ${plain(person.name)}` : ''}, to see where this type of event arrives.`,
          ...(person && { recipient: person.email }),
        },
        { onSuccess: () => done?.() },
      ),
    isPending: post.isPending,
    error: post.error,
    event: post.data,
  }
}

/** The text of an event is Slack’s markup, which a name must not be taken for. */
const plain = (name: string): string => name.replaceAll(/[&<>*_~`@]/g, '')

/** How each message of an event stands, asked again until nothing more will happen. */
export function TestOutcome({ event }: { event: AcceptedEvent }) {
  if (event.deliveries.length === 0) {
    return (
      <Notice tone="warn" title="The event was taken, and nothing was sent of it">
        The type is off, or neither it nor a rule names a destination.
      </Notice>
    )
  }
  return (
    <ul className={classes.outcomes} aria-label="Messages of the test event" aria-live="polite">
      {event.deliveries.map(({ id }) => (
        <li key={id}>
          <Outcome id={id} />
        </li>
      ))}
    </ul>
  )
}

function Outcome({ id }: { id: string }) {
  const { data, error } = useQuery(deliveryQuery(id))
  if (error) return <ErrorNotice error={error} what="The message could not be followed" />
  if (!data) return <RowsSkeleton rows={1} />
  const { tone, label } = LOOKS[data.state]
  const trouble = data.state === 'delivered' || !data.code ? undefined : deliveryCode(data.code)
  return (
    <>
      <span className={classes.outcome}>
        <StatePill tone={tone}>{label}</StatePill>
        <span className={classes.type}>{data.destination.name}</span>
        {data.permalink && <ExternalLink href={data.permalink}>See it in Slack</ExternalLink>}
        <Link to={`/deliveries/${id}`}>See the delivery</Link>
      </span>
      {trouble && (
        <p className={classes.meta}>
          {trouble.meaning} {trouble.fix}
        </p>
      )}
    </>
  )
}

const LOOKS: Record<DeliveryState, { tone: Tone; label: string }> = {
  pending: { tone: 'info', label: 'On its way' },
  sending: { tone: 'info', label: 'On its way' },
  retrying: { tone: 'warn', label: 'Tried again soon' },
  unconfirmed: { tone: 'warn', label: 'Not confirmed yet' },
  held: { tone: 'warn', label: 'Held' },
  delivered: { tone: 'ok', label: 'Delivered' },
  failed: { tone: 'bad', label: 'Failed' },
  suppressed: { tone: 'neutral', label: 'Suppressed' },
  cancelled: { tone: 'neutral', label: 'Cancelled' },
}

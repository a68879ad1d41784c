import { Select } from '@mantine/core'
import { useDebouncedValue } from '@mantine/hooks'
import { useQuery } from '@tanstack/react-query'
import { type ReactNode, useState } from 'react'
import { Link } from 'react-router'
import type { WhatIf, WhatIfAnswer, WhatIfEvent } from '../../shared/routing-trials.ts'
import { plural } from '../lib/format.ts'
import { TargetLabel } from '../targets/TargetLabel.tsx'
import { EmptyState } from '../ui/EmptyState.tsx'
import { ErrorNotice } from '../ui/ErrorNotice.tsx'
import { RelativeTime } from '../ui/RelativeTime.tsx'
import { Section } from '../ui/Section.tsx'
import { RowsSkeleton } from '../ui/Skeletons.tsx'
import { whatIfQuery } from './queries.ts'
import classes from './trials.module.css'

type Props = {
  /** The rule or type as it stands in the form; undefined while it can't be tried. */
  draft: Omit<WhatIf, 'events'> | undefined
  /** What is said until then. */
  waiting: string
}

const PAUSE_MS = 600
const COUNTS = ['20', '50', '200']

/** What a rule or type as it stands in its form would have done to the latest events: nothing is sent or kept. */
export function WhatIfSection({ draft, waiting }: Props) {
  const [count, setCount] = useState('50')
  // By what it says: the object is a new one each time that the form is drawn.
  const [text] = useDebouncedValue(draft && JSON.stringify(draft), PAUSE_MS)
  const asked: Props['draft'] = text === undefined ? undefined : JSON.parse(text)
  const isReady = draft !== undefined && asked !== undefined
  const { data, error, isFetching, refetch } = useQuery({
    ...whatIfQuery({ ...asked, events: Number(count) }),
    enabled: isReady,
  })
  const choose = (
    <Select
      aria-label="How many events"
      size="xs"
      w={96}
      data={COUNTS.map((value) => ({ value, label: `Last ${value}` }))}
      value={count}
      allowDeselect={false}
      onChange={(value) => setCount(value ?? '50')}
    />
  )
  return (
    <Section title="What would change" note={isFetching && isReady && 'Trying…'} actions={choose}>
      {!isReady ? (
        <p className={classes.quiet}>{waiting}</p>
      ) : error ? (
        <ErrorNotice error={error} what="The latest events could not be tried" onRetry={refetch} />
      ) : data === undefined ? (
        <RowsSkeleton rows={5} />
      ) : (
        <Answer answer={data} isOfType={draft.type !== undefined} />
      )}
    </Section>
  )
}

function Answer({ answer, isOfType }: { answer: WhatIfAnswer; isOfType: boolean }) {
  const { tried, matched, changed, items } = answer
  const [showsAll, setShowsAll] = useState(false)
  if (tried === 0) {
    return (
      <EmptyState title="No event came yet">
        Send one from your platform, or <Link to="/notifications/tester">try one in the tester</Link>.
      </EmptyState>
    )
  }
  const different = items.filter(isDifferent)
  const matching = items.filter((each) => each.matches && !isDifferent(each))
  return (
    <>
      <p className={classes.sum} role="status">
        <strong>
          {isOfType
            ? `${matched === 0 ? 'None' : matched} of the last ${plural(tried, 'event')} ${matched === 1 ? 'is' : 'are'} of this type`
            : `It matches ${matched === 0 ? 'none' : matched} of the last ${plural(tried, 'event')}`}
        </strong>
        {`; ${changed === 0 ? 'nothing would be different' : `${plural(changed, 'event')} would be sent differently`}.`}
      </p>
      <ul className={classes.events} aria-label="Events that would be different">
        {different.map((each) => (
          <Changed key={each.event.id} change={each} />
        ))}
      </ul>
      {matching.length > 0 && (
        <>
          <button
            type="button"
            className={classes.reveal}
            aria-expanded={showsAll}
            onClick={() => setShowsAll(!showsAll)}
          >
            {showsAll ? 'Hide' : 'Show'} {plural(matching.length, 'event')} {isOfType ? 'of it' : 'that it matches'}{' '}
            without a difference
          </button>
          {showsAll && (
            <ul className={classes.events} aria-label="Events that stay as they are">
              {matching.map((each) => (
                <Changed key={each.event.id} change={each} />
              ))}
            </ul>
          )}
        </>
      )}
    </>
  )
}

function isDifferent({ appear, vanish, notes }: WhatIfEvent): boolean {
  return appear.length + vanish.length + notes.length > 0
}

function Changed({ change: { event, appear, vanish, stay, notes } }: { change: WhatIfEvent }): ReactNode {
  return (
    <li className={classes.event}>
      <div className={classes.eventHead}>
        <Link to={`/events/${event.id}`}>{event.title}</Link>
        <span className={classes.meta}>
          {event.type}, <RelativeTime at={event.acceptedAt} />
        </span>
      </div>
      <ul className={classes.moves}>
        {appear.map((destination) => (
          <li key={`+ ${destination.id} ${destination.name}`} className={classes.move} data-tone="ok">
            <span className={classes.sign}>+ also</span> <TargetLabel destination={destination} />
          </li>
        ))}
        {vanish.map((destination) => (
          <li key={`- ${destination.id} ${destination.name}`} className={classes.move} data-tone="bad">
            <span className={classes.sign}>− no longer</span> <TargetLabel destination={destination} />
          </li>
        ))}
        {stay.map((destination) => (
          <li key={`= ${destination.id} ${destination.name}`} className={classes.move}>
            <span className={classes.sign}>= still</span> <TargetLabel destination={destination} />
          </li>
        ))}
        {notes.map((note) => (
          <li key={note} className={classes.meta}>
            {note}
          </li>
        ))}
      </ul>
    </li>
  )
}

import { Skeleton } from '@mantine/core'
import type { ReactNode } from 'react'
import { Link } from 'react-router'
import { type DeliveryState, deliveryStates } from '../../shared/deliveries.ts'
import type { Queue } from '../../shared/queue.ts'
import { formatCount, formatDayTime, formatDuration, formatExact, formatShort, toMs } from '../lib/format.ts'
import { Figure } from '../ui/Figure.tsx'
import { useNow } from '../ui/RelativeTime.tsx'
import { Columns } from '../ui/Section.tsx'
import classes from './queue.module.css'

/** How much waits, since when, and until when at the pace of Slack. Grey until it is read. */
export function QueueTiles({ queue }: { queue: Queue | undefined }) {
  return (
    <Columns widths="repeat(4, minmax(0, 1fr))" pairsWhenNarrow>
      <Tile label="Waiting" note={queue && <States byState={queue.byState} />}>
        {queue && <Figure size="tile" shown={formatShort(queue.waiting)} exact={formatCount(queue.waiting)} />}
      </Tile>
      <Tile label="Oldest" note={queue?.oldestAt && `accepted ${formatDayTime(queue.oldestAt)}`}>
        {queue && <Age at={queue.oldestAt} />}
      </Tile>
      <Tile label="All sent in" note={queue && drainWords(queue)}>
        {queue && <Left at={queue.drainedAt} />}
      </Tile>
      <Tile label="Lines" note={queue && stoppedWords(queue)}>
        {queue && <Figure size="tile" shown={formatShort(queue.laneCount)} exact={formatCount(queue.laneCount)} />}
      </Tile>
    </Columns>
  )
}

function Tile({ label, note, children }: { label: string; note: ReactNode; children: ReactNode }) {
  return (
    <div className={classes.tile}>
      <p className={classes.label}>{label}</p>
      <p className={classes.figure}>{children ?? <Skeleton height={20} width={72} my={6} />}</p>
      <p className={classes.meta}>{note}</p>
    </div>
  )
}

/** Each leads to what it counts. */
function States({ byState }: { byState: Queue['byState'] }) {
  const standing = deliveryStates.flatMap((state): [DeliveryState, number][] => {
    const count = byState[state] ?? 0
    return count > 0 ? [[state, count]] : []
  })
  return (
    <span className={classes.states}>
      {standing.map(([state, count]) => (
        <Link key={state} to={`/deliveries?state=${state}`}>
          {formatCount(count)} {state}
        </Link>
      ))}
    </span>
  )
}

function Age({ at }: { at: string | undefined }) {
  const now = useNow()
  if (!at) return <Figure size="tile" shown="–" exact="Nothing stands in line" />
  return <Figure size="tile" shown={roughly(now - toMs(at))} exact={formatExact(at)} />
}

function Left({ at }: { at: string | undefined }) {
  const now = useNow()
  if (!at) return <Figure size="tile" shown="–" exact="Nothing is sent before a line is resumed" />
  return <Figure size="tile" shown={roughly(toMs(at) - now)} exact={formatExact(at)} />
}

/** To the second while it is seconds, with two units from a minute on. */
function roughly(ms: number): string {
  return formatDuration(Math.max(1_000, Math.round(ms / 1_000) * 1_000))
}

function drainWords({ drainedAt, byState, quiet }: Queue): string {
  if (!drainedAt) return quiet.length > 0 ? 'not before it is no longer quiet' : 'not before a line is resumed'
  return byState.held ? 'at Slack’s pace, without what is held' : 'at Slack’s pace, if nothing is added'
}

function stoppedWords({ lanes }: Queue): string {
  const stopped = lanes.filter((lane) => lane.stopped).length
  return stopped > 0 ? `${formatCount(stopped)} stopped` : 'none stopped'
}

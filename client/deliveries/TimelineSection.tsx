import type { ReactNode } from 'react'
import { Link } from 'react-router'
import type { Delivery, TimelineEntry } from '../../shared/deliveries.ts'
import { isSafeUrl } from '../../shared/slack-blocks.ts'
import { formatDay, formatExact, formatSecond, viewerZone } from '../lib/format.ts'
import { ExternalLink } from '../ui/ExternalLink.tsx'
import { Section } from '../ui/Section.tsx'
import { type Shape, StateIcon } from '../ui/StatePill.tsx'
import { Standing } from './Standing.tsx'
import { splitIds } from './split-ids.ts'
import classes from './timeline.module.css'
import { type ShownTime, shownTimes } from './timeline-times.ts'

/** The life of a delivery, moment by moment: what happened, what it means and what to do about it. */
export function TimelineSection({ delivery }: { delivery: Delivery }) {
  const { timeline, createdAt } = delivery
  const times = shownTimes(timeline.map(({ at }) => at))
  return (
    <Section title="What happened" note={`${formatDay(createdAt)}, times in ${viewerZone()}`}>
      <ol className={classes.line}>
        {timeline.map((entry, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: what happened stays in its order
          <Moment key={index} entry={explained(entry, timeline.slice(index + 1))} time={times[index]} />
        ))}
        <Standing delivery={delivery}>
          {(shape, title, note) => (
            <li className={classes.moment} data-now>
              <span className={classes.time}>{delivery.expectedAt ? formatSecond(delivery.expectedAt) : 'now'}</span>
              <Rail tone="neutral" shape={shape} />
              <div className={classes.text}>
                <p className={classes.title}>{title}</p>
                <p className={classes.note}>{note}</p>
              </div>
            </li>
          )}
        </Standing>
      </ol>
    </Section>
  )
}

type MomentProps = { entry: TimelineEntry; time: ShownTime | undefined }

function Moment({ entry: { at, tone, title, code, note, fix, link }, time }: MomentProps) {
  return (
    <li className={classes.moment}>
      <time className={classes.time} dateTime={at} title={formatExact(at)}>
        <span className={classes.same}>{time?.same}</span>
        {time?.fresh}
      </time>
      <Rail tone={tone} />
      <div className={classes.text}>
        <p className={classes.title}>
          <WithLinks text={title} /> {code && <code data-tone={tone}>{code}</code>}
        </p>
        {note && (
          <p className={fix ? classes.meaning : classes.note}>
            <WithLinks text={note} />
          </p>
        )}
        {(fix || link) && (
          <p className={classes.meaning}>
            {fix} {link && isSafeUrl(link.url) && <ExternalLink href={link.url}>{link.label}</ExternalLink>}
          </p>
        )}
      </div>
    </li>
  )
}

/** Ids of deliveries and events lead to them. */
function WithLinks({ text }: { text: string }): ReactNode {
  return splitIds(text).map((part) =>
    part.to ? (
      <Link key={part.at} to={part.to}>
        {part.text}
      </Link>
    ) : (
      part.text
    ),
  )
}

function Rail({ tone, shape }: { tone: TimelineEntry['tone']; shape?: Shape }): ReactNode {
  const sign = shape ? (
    <StateIcon tone={tone} shape={shape} />
  ) : tone === 'neutral' ? (
    <span className={classes.dot} />
  ) : (
    <StateIcon tone={tone} />
  )
  return <span className={classes.rail}>{sign}</span>
}

/** Five attempts that failed alike are explained once, at the last of them. */
function explained(entry: TimelineEntry, later: TimelineEntry[]): TimelineEntry {
  const isExplainedLater = entry.code !== undefined && later.some(({ code, fix }) => code === entry.code && fix)
  if (!isExplainedLater) return entry
  const { at, tone, title, code } = entry
  return { at, tone, title, ...(code && { code }) }
}

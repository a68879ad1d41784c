import type { Delivery, TimelineEntry } from '../../shared/deliveries.ts'
import { isSafeUrl } from '../../shared/slack-blocks.ts'
import { formatDay, formatExact, viewerZone } from '../lib/format.ts'
import { ExternalLink } from '../ui/ExternalLink.tsx'
import { Section } from '../ui/Section.tsx'
import { StateIcon } from '../ui/StatePill.tsx'
import classes from './timeline.module.css'
import { shownTimes } from './timeline-times.ts'

/** The life of a delivery, moment by moment: what happened, what it means and what to do about it. */
export function TimelineSection({ delivery: { timeline, createdAt } }: { delivery: Delivery }) {
  const times = shownTimes(timeline.map(({ at }) => at))
  return (
    <Section title="What happened" note={`${formatDay(createdAt)}, times in ${viewerZone()}`}>
      <ol className={classes.line}>
        {timeline.map((entry, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: what happened stays in its order
          <Moment key={index} entry={entry} time={times[index] ?? ''} />
        ))}
      </ol>
    </Section>
  )
}

function Moment({ entry: { at, tone, title, code, note, fix, link }, time }: { entry: TimelineEntry; time: string }) {
  return (
    <li className={classes.moment}>
      <time className={classes.time} dateTime={at} title={formatExact(at)}>
        {time}
      </time>
      <span className={classes.rail}>
        {tone === 'neutral' ? <span className={classes.dot} /> : <StateIcon tone={tone} />}
      </span>
      <div className={classes.text}>
        <p className={classes.title}>
          {title} {code && <code data-tone={tone}>{code}</code>}
        </p>
        {note && <p className={fix ? classes.meaning : classes.note}>{note}</p>}
        {(fix || link) && (
          <p className={classes.meaning}>
            {fix} {link && isSafeUrl(link.url) && <ExternalLink href={link.url}>{link.label}</ExternalLink>}
          </p>
        )}
      </div>
    </li>
  )
}

import { Link } from 'react-router'
import type { QuietLine } from '../../shared/queue.ts'
import { withQuery } from '../lib/api.ts'
import { formatCount, formatDayTime } from '../lib/format.ts'
import { Section } from '../ui/Section.tsx'
import { StateIcon } from '../ui/StatePill.tsx'
import classes from './queue.module.css'

const WORDS: Record<QuietLine['code'], string> = {
  quiet_hours: 'Waits for the end of quiet hours',
  muted: 'Waits for the end of a mute',
}

/** What waits though its line moves: for whom, for what, and until when. */
export function QuietSection({ lines }: { lines: QuietLine[] }) {
  return (
    <Section
      title="Quiet"
      note="What met quiet hours or a mute stands in no line."
      actions={<Link to="/notifications/quiet-hours">Quiet hours and mutes</Link>}
    >
      <ul>
        {lines.map(({ destinationId, destinationName, code, reason, waiting, until }) => (
          <li key={`${destinationId} ${reason}`} className={classes.stopped}>
            <StateIcon tone="info" shape="pause" />
            <div className={classes.text}>
              <p>
                <strong>{destinationName}</strong>{' '}
                <Link className={classes.held} to={withQuery('/deliveries', { state: 'held', code, destinationId })}>
                  {formatCount(waiting)} held
                </Link>
              </p>
              <p className={classes.why}>
                {WORDS[code]}, until {formatDayTime(until)}.
              </p>
              <p className={classes.meta}>{reason}</p>
            </div>
          </li>
        ))}
      </ul>
    </Section>
  )
}

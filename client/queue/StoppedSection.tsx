import { Button } from '@mantine/core'
import { Link } from 'react-router'
import type { Lane } from '../../shared/queue.ts'
import { withQuery } from '../lib/api.ts'
import { formatCount, plural } from '../lib/format.ts'
import { RelativeTime } from '../ui/RelativeTime.tsx'
import { Section } from '../ui/Section.tsx'
import { StateIcon } from '../ui/StatePill.tsx'
import { useCan } from '../users/queries.ts'
import { LineMenu, ResumeLine } from './LineActions.tsx'
import classes from './queue.module.css'
import { whoResumes } from './who-resumes.ts'

/** The lines that stand still: why, what to do about it, and the button that lets them go on. */
export function StoppedSection({ lanes }: { lanes: Lane[] }) {
  return (
    <Section title="Stopped" note={`${plural(lanes.length, 'line')}. What waits is kept and goes out in order.`}>
      <ul>
        {lanes.map((lane) => (
          <Stopped key={lane.destinationId} lane={lane} />
        ))}
      </ul>
    </Section>
  )
}

function Stopped({ lane }: { lane: Lane }) {
  const { destinationId, destinationName, waiting, stopped } = lane
  const maySteer = useCan('operator')
  if (!stopped) return null
  return (
    <li className={classes.stopped}>
      <StateIcon tone="warn" shape="pause" />
      <div className={classes.text}>
        <p>
          <strong>{destinationName}</strong>{' '}
          <Link className={classes.held} to={withQuery('/deliveries', { state: 'held', destinationId })}>
            {formatCount(waiting)} held
          </Link>
        </p>
        <p className={classes.why}>
          {stopped.meaning} {stopped.fix}
        </p>
        <p className={classes.meta}>
          <code>{stopped.code}</code>, stopped <RelativeTime at={stopped.since} />
        </p>
      </div>
      <div className={classes.actions}>
        <GoOn lane={lane} code={stopped.code} maySteer={maySteer} />
        {maySteer && <LineMenu lane={lane} />}
      </div>
    </li>
  )
}

/** Resumes the line, or leads to what has to be switched on or put right first. */
function GoOn({ lane, code, maySteer }: { lane: Lane; code: string; maySteer: boolean }) {
  const who = whoResumes(code)
  if (who === 'line') return maySteer && <ResumeLine lane={lane} />
  const tab = who === 'integration' ? 'connection' : 'destinations'
  return (
    <Button
      variant="default"
      size="xs"
      component={Link}
      to={`/integrations/${lane.integrationId}/${tab}`}
      aria-label={`Open ${tab} of ${lane.destinationName}`}
    >
      Open {tab}
    </Button>
  )
}

import { Link } from 'react-router'
import type { PausedBacklog } from '../../shared/queue.ts'
import { withQuery } from '../lib/api.ts'
import { formatCount } from '../lib/format.ts'
import { Section } from '../ui/Section.tsx'
import { StateIcon } from '../ui/StatePill.tsx'
import classes from './queue.module.css'

/** What waits until somebody resumes its type, whatever its line does. */
export function PausedTypesSection({ types }: { types: PausedBacklog[] }) {
  return (
    <Section
      title="Paused types"
      note="What a paused notification type holds stands in no line."
      actions={<Link to="/notifications">Notification types</Link>}
    >
      <ul>
        {types.map(({ type, waiting, atLeast }) => (
          <li key={type} className={classes.stopped}>
            <StateIcon tone="warn" shape="pause" />
            <div className={classes.text}>
              <p>
                <Link to={`/notifications/types/${encodeURIComponent(type)}`}>{type}</Link>{' '}
                <Link
                  className={classes.held}
                  to={withQuery('/deliveries', { state: 'held', code: 'type_paused', type })}
                >
                  {formatCount(waiting)}
                  {atLeast && '+'} held
                </Link>
              </p>
              <p className={classes.why}>Goes out in its old order once the type is resumed.</p>
            </div>
          </li>
        ))}
      </ul>
    </Section>
  )
}

import { Link } from 'react-router'
import { plural } from '../lib/format.ts'
import { RelativeTime } from '../ui/RelativeTime.tsx'
import { Section } from '../ui/Section.tsx'
import classes from './notification-types.module.css'

type Props = { types: string[]; lastAt: ReadonlyMap<string, string> }

const MOST_SHOWN = 50

/** Types that events came with and nobody has set up: only their own destinations, a rule or the fallback send them. */
export function SeenTypes({ types, lastAt }: Props) {
  return (
    <Section title="Seen, not set up" note={plural(types.length, 'type')}>
      <ul className={classes.seen}>
        {types.slice(0, MOST_SHOWN).map((type) => (
          <li key={type}>
            <Link to={`/notifications/types/${encodeURIComponent(type)}`}>
              <span className={classes.type}>{type}</span>
            </Link>
            <span className={classes.meta}>
              last event <RelativeTime at={lastAt.get(type) ?? ''} />
            </span>
          </li>
        ))}
      </ul>
    </Section>
  )
}

import { useQuery } from '@tanstack/react-query'
import { Link } from 'react-router'
import { openIncidentsQuery, subjectPath } from '../incidents/queries.ts'
import { formatCount } from '../lib/format.ts'
import { StateIcon } from '../ui/StatePill.tsx'
import classes from './incident-banner.module.css'

/** The newest open incident on every page, with the way to its subject. The region stays, so that a new one is read out. */
export function IncidentBanner() {
  const { data } = useQuery(openIncidentsQuery)
  const [first, ...others] = data?.items ?? []
  return (
    <section aria-live="polite" aria-label="Incidents">
      {first && (
        <p className={classes.banner}>
          <StateIcon tone="bad" />
          <span className={classes.words}>
            <strong>{first.subject.name}</strong>: {first.meaning}
          </span>
          {others.length > 0 && (
            <Link className={classes.link} to="/incidents">
              and {formatCount(others.length)}
              {data?.next ? '+' : ''} more
            </Link>
          )}
          <Link className={classes.link} to={subjectPath(first)} aria-label={`Fix it: ${first.subject.name}`}>
            Fix it
          </Link>
        </p>
      )}
    </section>
  )
}

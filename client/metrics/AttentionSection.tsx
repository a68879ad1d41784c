import { useQuery } from '@tanstack/react-query'
import { Link } from 'react-router'
import type { Attention } from '../../shared/metrics.ts'
import { ErrorNotice } from '../ui/ErrorNotice.tsx'
import { Section } from '../ui/Section.tsx'
import { RowsSkeleton } from '../ui/Skeletons.tsx'
import { StateIcon } from '../ui/StatePill.tsx'
import classes from './attention.module.css'
import { attentionQuery } from './queries.ts'

/** What asks for a person, each with the one thing to do about it. */
export function AttentionSection({ refetchInterval }: { refetchInterval: number | false }) {
  const { data, error, isPending, refetch } = useQuery({ ...attentionQuery, refetchInterval })
  return (
    <Section
      title="Needs attention"
      note={data && data.items.length > 0 ? `${data.items.length} open` : undefined}
      actions={
        <span className={classes.ways}>
          <Link to="/queue">What waits</Link>
          <Link to="/incidents">All incidents</Link>
        </span>
      }
    >
      {isPending ? (
        <RowsSkeleton />
      ) : !data ? (
        <ErrorNotice error={error} what="What needs attention could not be read" onRetry={refetch} />
      ) : data.items.length === 0 ? (
        <p className={classes.none}>
          <StateIcon tone="ok" /> Nothing. Connections work and nothing is held or failing.
        </p>
      ) : (
        <ul>
          {data.items.map((item) => (
            <Row key={item.id} item={item} />
          ))}
        </ul>
      )}
    </Section>
  )
}

function Row({ item: { tone, title, note, action } }: { item: Attention }) {
  return (
    <li className={classes.row}>
      <StateIcon tone={tone} />
      <div className={classes.text}>
        <p className={classes.title}>{title}</p>
        <p className={classes.note}>{note}</p>
      </div>
      <Link to={action.to} className={classes.action} aria-label={`${action.label}: ${title}`}>
        {action.label}
      </Link>
    </li>
  )
}

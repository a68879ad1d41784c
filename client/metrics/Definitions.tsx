import { RelativeTime } from '../ui/RelativeTime.tsx'
import classes from './definitions.module.css'
import { figures, furtherDefinitions } from './figures.ts'

const all = [...figures.map(({ label, definition }) => ({ term: label, definition })), ...furtherDefinitions]

/** Every figure of the page with its one definition, folded away until somebody asks. */
export function Definitions({ countedAt }: { countedAt: number | undefined }) {
  return (
    <details className={classes.details}>
      <summary>How these figures are counted</summary>
      {countedAt !== undefined && (
        <p className={classes.counted}>
          Counted <RelativeTime at={countedAt} />.
        </p>
      )}
      <dl>
        {all.map(({ term, definition }) => (
          <div key={term}>
            <dt>{term}</dt>
            <dd>{definition}</dd>
          </div>
        ))}
      </dl>
    </details>
  )
}

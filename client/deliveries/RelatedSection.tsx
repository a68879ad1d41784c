import type { Delivery } from '../../shared/deliveries.ts'
import { withQuery } from '../lib/api.ts'
import { formatCount } from '../lib/format.ts'
import { type Column, DataTable } from '../ui/DataTable.tsx'
import { Section } from '../ui/Section.tsx'
import { DeliveryStatePill } from './DeliveryStatePill.tsx'
import type { DeliveryFilter } from './filter.ts'
import classes from './parts.module.css'
import { relationWords } from './relation-words.ts'

type Row = Delivery['related'][number]
type Props = { related: Row[]; filter: DeliveryFilter }

const MOST_TOLD = 50

/** The deliveries that have to do with this one, each with what it is to it. */
export function RelatedSection({ related, filter }: Props) {
  if (related.length === 0) return null
  const note = related.length < MOST_TOLD ? formatCount(related.length) : `the first ${MOST_TOLD}`
  return (
    <Section title="Related deliveries" note={note} flush>
      <DataTable
        label="Related deliveries"
        columns={columns}
        rows={related}
        rowKey={({ id, why }) => `${id} ${why}`}
        to={({ id }) => withQuery(`/deliveries/${id}`, filter)}
        lineAbove
      />
    </Section>
  )
}

const columns: Column<Row>[] = [
  {
    key: 'what',
    head: 'Delivery',
    lead: true,
    card: 'start',
    cell: ({ why, title, destination }) => <What why={why} title={title} destination={destination} />,
  },
  {
    key: 'state',
    head: 'State',
    width: '132px',
    card: 'end',
    cell: ({ state }) => <DeliveryStatePill state={state} />,
  },
]

function What({ why, title, destination }: Pick<Row, 'why' | 'title' | 'destination'>) {
  return (
    <span className={classes.related}>
      <span className={classes.relatedTitle}>{title}</span>
      <span className={classes.meta}>
        {relationWords[why]}, to {destination}
      </span>
    </span>
  )
}

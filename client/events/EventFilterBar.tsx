import { useQuery } from '@tanstack/react-query'
import { Landed } from '../../shared/events.ts'
import { onlyThese } from '../lib/filters.ts'
import { sinceExamples, sinceProblem } from '../lib/since.ts'
import { eventTypesQuery } from '../notification-types/queries.ts'
import { FilterChips, FilterSuggestion } from '../ui/FilterChips.tsx'
import { useNow } from '../ui/RelativeTime.tsx'
import classes from './events.module.css'
import { type EventFilter, fromChips, toChips } from './filter.ts'

type Props = {
  filter: EventFilter
  /** Left out where there is nothing to narrow. */
  suggests: boolean
  onChange: (filter: EventFilter) => void
}

/** The filter as text and chips, and what people look for most: what went wrong on the way. */
export function EventFilterBar({ filter, suggests, onChange }: Props) {
  const now = useNow()
  const { data: types } = useQuery(eventTypesQuery)
  const value = toChips(filter)
  const fields = [
    { key: 'type', values: (types?.items ?? []).map(({ type }) => type) },
    { key: 'landed', values: Landed.options, problemOf: onlyThese('landed', Landed.options) },
    { key: 'since', values: sinceExamples, problemOf: sinceProblem },
  ]
  return (
    <div className={classes.filters}>
      <FilterChips
        label="Filter events"
        placeholder="Add a filter, search text or an event id"
        fields={fields}
        value={value}
        onChange={(next) => onChange(fromChips(next, filter, now))}
      />
      {suggests && !filter.landed && (
        <div className={classes.suggestions}>
          {Landed.options.map((landed) => (
            <FilterSuggestion
              key={landed}
              filter={{ key: 'landed', value: landed }}
              onAdd={() => onChange({ ...filter, landed })}
            />
          ))}
        </div>
      )}
    </div>
  )
}

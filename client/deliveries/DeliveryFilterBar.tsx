import { type DeliveryCounts, type DeliverySummary, deliveryStates } from '../../shared/deliveries.ts'
import type { Filter } from '../lib/filters.ts'
import { plural } from '../lib/format.ts'
import { FilterChips, FilterSuggestion } from '../ui/FilterChips.tsx'
import { RelativeTime } from '../ui/RelativeTime.tsx'
import classes from './deliveries.module.css'
import { type DeliveryFilter, fromChips, type Names, toChips } from './filter.ts'

const MOST_CODES = 4

type Props = {
  filter: DeliveryFilter
  names: Names
  counts: DeliveryCounts | undefined
  /** All that the filter lists, or none while there are more: codes are counted among these. */
  rows: DeliverySummary[]
  onChange: (filter: DeliveryFilter) => void
}

/** The filter as text and chips, how much it finds, and what would narrow it further. */
export function DeliveryFilterBar({ filter, names, counts, rows, onChange }: Props) {
  const value = toChips(filter, names)
  const fields = [
    { key: 'state', values: deliveryStates },
    { key: 'integration', values: namesOf(names.integrations) },
    { key: 'destination', values: namesOf(names.destinations) },
    { key: 'code' },
    { key: 'method', values: ['chat.postMessage', 'webhook'] },
  ]
  const add = (chip: Filter) => onChange(fromChips({ ...value, chips: [...value.chips, chip] }, filter, names))
  return (
    <div className={classes.filters}>
      <FilterChips
        label="Filter deliveries"
        fields={fields}
        value={value}
        onChange={(next) => onChange(fromChips(next, filter, names))}
      />
      <div className={classes.found}>
        <p role="status" aria-live="polite">
          <strong>{counts ? plural(counts.total, 'delivery', 'deliveries') : '…'}</strong>
          {counts?.oldestAt && (
            <span className={classes.oldest}>
              oldest <RelativeTime at={counts.oldestAt} />
            </span>
          )}
        </p>
        <div className={classes.suggestions}>
          {suggestions(filter, counts, rows).map(({ count, ...chip }) => (
            <FilterSuggestion key={`${chip.key}:${chip.value}`} filter={chip} count={count} onAdd={() => add(chip)} />
          ))}
        </div>
      </div>
    </div>
  )
}

/** States while none is chosen; codes once all rows are at hand to count. What would change nothing is left out. */
function suggestions(
  filter: DeliveryFilter,
  counts: DeliveryCounts | undefined,
  rows: DeliverySummary[],
): (Filter & { count: number })[] {
  const total = counts?.total ?? 0
  const states = deliveryStates.map((value) => ({ key: 'state', value, count: counts?.byState[value] ?? 0 }))
  const byCode = Map.groupBy(
    rows.filter((row) => row.code),
    (row) => row.code ?? '',
  )
  const codes = [...byCode]
    .map(([value, { length }]) => ({ key: 'code', value, count: length }))
    .sort((a, b) => b.count - a.count)
    .slice(0, MOST_CODES)
  return [...(filter.state ? [] : states), ...(filter.code ? [] : codes)].filter(
    ({ count }) => count > 0 && count < total,
  )
}

function namesOf(things: Names['integrations']): string[] {
  return [...new Set(things.map((thing) => thing.name))]
}

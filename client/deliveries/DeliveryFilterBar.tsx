import type { ReactNode } from 'react'
import { type DeliveryCounts, type DeliverySummary, deliveryStates } from '../../shared/deliveries.ts'
import { type Filter, type Filters, onlyThese } from '../lib/filters.ts'
import { formatCount, plural } from '../lib/format.ts'
import { sinceExamples, sinceProblem } from '../lib/since.ts'
import { FilterChips, FilterSuggestion } from '../ui/FilterChips.tsx'
import { RelativeTime, useNow } from '../ui/RelativeTime.tsx'
import classes from './deliveries.module.css'
import { type DeliveryFilter, fromChips, marks, type Names, toChips } from './filter.ts'

const MOST_CODES = 4

type Props = {
  filter: DeliveryFilter
  names: Names
  counts: DeliveryCounts | undefined
  /** The counts are those of another filter until this one is answered. */
  isOld: boolean
  /** What is loaded: the values to propose are among these. */
  rows: DeliverySummary[]
  /** All that the filter lists is loaded, so that codes can be counted. */
  isWhole: boolean
  /** Stands beside the count. */
  aside?: ReactNode
  onChange: (filter: DeliveryFilter) => void
}

/** The filter as text and chips, how much it finds, and what would narrow it further. */
export function DeliveryFilterBar({ filter, names, counts, isOld, rows, isWhole, aside, onChange }: Props) {
  const now = useNow()
  const value = toChips(filter, names)
  const fields = [
    { key: 'state', values: deliveryStates, problemOf: onlyThese('state', deliveryStates) },
    { key: 'integration', values: namesOf(names.integrations) },
    { key: 'destination', values: namesOf(names.destinations) },
    { key: 'channel', values: namesOf(names.destinations).filter((name) => name.startsWith('#')) },
    { key: 'code', values: distinct(rows.map(({ code }) => code)) },
    { key: 'type', values: distinct(rows.map(({ type }) => type)) },
    { key: 'recipient', values: distinct(rows.map(({ recipient }) => recipient)) },
    { key: 'event' },
    { key: 'replay' },
    { key: 'mark', values: marks, problemOf: onlyThese('mark', marks) },
    { key: 'since', values: sinceExamples, problemOf: sinceProblem },
    { key: 'method', values: ['chat.postMessage', 'webhook'] },
  ]
  const change = (next: Filters) => onChange(fromChips(next, filter, names, now))
  return (
    <div className={classes.filters}>
      <FilterChips label="Filter deliveries" fields={fields} value={value} onChange={change} />
      <div className={classes.found} aria-busy={isOld}>
        <p role="status" aria-live="polite">
          <strong>{counts ? foundText(counts) : '…'}</strong>
          {counts?.oldestAt && (
            <span className={classes.oldest}>
              oldest <RelativeTime at={counts.oldestAt} />
            </span>
          )}
        </p>
        {aside}
        <div className={classes.suggestions}>
          {suggestions(filter, counts, isWhole ? rows : []).map(({ count, atLeast, ...chip }) => (
            <FilterSuggestion
              key={`${chip.key}:${chip.value}`}
              filter={chip}
              count={count}
              atLeast={atLeast}
              onAdd={() => change({ ...value, chips: [...value.chips, chip] })}
            />
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
): (Filter & { count: number; atLeast: boolean })[] {
  const total = counts?.total ?? 0
  const states = deliveryStates.map((value) => ({
    key: 'state',
    value,
    count: counts?.byState[value] ?? 0,
    atLeast: counts?.statesAtLeast?.includes(value) === true,
  }))
  const byCode = Map.groupBy(
    rows.filter((row) => row.code),
    (row) => row.code ?? '',
  )
  const codes = [...byCode]
    .map(([value, { length }]) => ({ key: 'code', value, count: length, atLeast: false }))
    .sort((a, b) => b.count - a.count)
    .slice(0, MOST_CODES)
  return [...(filter.state ? [] : states), ...(filter.code ? [] : codes)].filter(
    ({ count }) => count > 0 && count < total,
  )
}

/** `64 deliveries`; `10,000+ deliveries` where they were not counted to the end. */
function foundText({ total, atLeast }: DeliveryCounts): string {
  return atLeast ? `${formatCount(total)}+ deliveries` : plural(total, 'delivery', 'deliveries')
}

function distinct(values: readonly (string | undefined)[]): string[] {
  return [...new Set(values.flatMap((value) => value ?? []))].sort()
}

function namesOf(things: Names['integrations']): string[] {
  return [...new Set(things.map((thing) => thing.name))]
}

import { Landed } from '../../shared/events.ts'
import { type Filter, type Filters, type ParamFilter, readParams, withoutEmpty } from '../lib/filters.ts'
import { formatRange } from '../lib/format.ts'
import { instantSince } from '../lib/since.ts'

/** What the list is narrowed to, under the names that the address and the API share. */
export type EventFilter = ParamFilter<(typeof filterParams)[number]>
export const filterParams = ['type', 'landed', 'search', 'from', 'to'] as const

/** What the address says; where an event can't have landed is left out, since the server would refuse it. */
export function readFilter(params: URLSearchParams): EventFilter {
  const filter = readParams(params, filterParams)
  return withoutEmpty({ ...filter, landed: Landed.safeParse(filter.landed).data })
}

/** The filter as chips and text. */
export function toChips({ type, landed, search = '', from, to }: EventFilter): Filters {
  const chips: Filter[] = []
  if (type) chips.push({ key: 'type', value: type })
  if (landed) chips.push({ key: 'landed', value: landed })
  if (from || to) chips.push({ key: 'accepted', value: formatRange(from, to) })
  return { chips, text: search }
}

/** What the chips say at `now`, as a filter. The end of a window can be taken away here, never typed. */
export function fromChips({ chips, text }: Filters, { from, to }: EventFilter, now = 0): EventFilter {
  const last = (key: string) => chips.findLast((chip) => chip.key === key)?.value
  const since = instantSince(last('since') ?? '', now)
  return withoutEmpty({
    type: last('type'),
    landed: Landed.safeParse(last('landed')).data,
    search: text.trim().slice(0, 100),
    ...(chips.some(({ key }) => key === 'accepted') && { from, to }),
    ...(since && { from: since }),
  })
}

import { type Filter, type Filters, type ParamFilter, readParams, withoutEmpty } from '../lib/filters.ts'
import { formatRange } from '../lib/format.ts'

/** What the uses are narrowed to, under the names that the address and the API share. */
export type InvocationFilter = ParamFilter<(typeof filterParams)[number]>
export const filterParams = ['integrationId', 'command', 'outcome', 'from', 'to'] as const

export const outcomes = ['answered', 'failed', 'waiting'] as const

type Named = readonly { id: string; name: string }[]

/** What the address says; an outcome that does not exist is left out, since the server would refuse it. */
export function readFilter(params: URLSearchParams): InvocationFilter {
  const filter = readParams(params, filterParams)
  return withoutEmpty({ ...filter, outcome: outcomes.find((known) => known === filter.outcome) })
}

/** The filter as chips, with the integration's name in place of its id. */
export function toChips({ integrationId, command, outcome, from, to }: InvocationFilter, integrations: Named): Filters {
  const chips: Filter[] = []
  const add = (key: string, value: string | undefined) => {
    if (value) chips.push({ key, value })
  }
  add('command', command)
  add('outcome', outcome)
  add('integration', integrations.find(({ id }) => id === integrationId)?.name ?? integrationId)
  if (from || to) add('received', formatRange(from, to))
  return { chips, text: '' }
}

/** What the chips say, as a filter. A window can be taken away here, never typed: it comes from the chart. */
export function fromChips({ chips }: Filters, before: InvocationFilter, integrations: Named): InvocationFilter {
  const last = (key: string) => chips.findLast((chip) => chip.key === key)?.value
  const name = last('integration')
  const integrationId = integrations.find((one) => one.name === name)?.id ?? name
  const outcome = outcomes.find((known) => known === last('outcome'))
  const { from, to } = chips.some(({ key }) => key === 'received') ? before : {}
  return withoutEmpty({ integrationId, command: last('command'), outcome, from, to })
}

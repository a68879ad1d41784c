import type { z } from 'zod'
import { type DeliveryFilter as ApiFilter, deliveryStates } from '../../shared/deliveries.ts'
import { type Filter, type Filters, type ParamFilter, readParams, withoutEmpty } from '../lib/filters.ts'
import { formatRange } from '../lib/format.ts'
import { instantSince } from '../lib/since.ts'

/** What the list is narrowed to, under the names that the address and the API share. */
export type DeliveryFilter = ParamFilter<(typeof filterParams)[number]>
export const filterParams = [
  'state',
  'integrationId',
  'destinationId',
  'type',
  'code',
  'recipient',
  'eventId',
  'replayId',
  'mark',
  'method',
  'by',
  'from',
  'to',
  'search',
] as const

/** Chips that say what the address says, by the word that people type. */
const PLAIN_CHIPS = [
  ['type', 'type'],
  ['code', 'code'],
  ['recipient', 'recipient'],
  ['event', 'eventId'],
  ['replay', 'replayId'],
  ['mark', 'mark'],
  ['method', 'method'],
] as const
export const marks = ['maybe_sent', 'may_be_duplicate'] as const

/** Something that has a name for people and an id for the API. */
export type NamedThing = { id: string; name: string; integrationId?: string }
export type Names = { integrations: readonly NamedThing[]; destinations: readonly NamedThing[] }

/** How a window is spoken of, by the instant it is about. */
const WINDOW_KEYS = { created: 'accepted', ended: 'ended', attempted: 'attempted' } as const

export function readFilter(params: URLSearchParams): DeliveryFilter {
  return readParams(params, filterParams)
}

/** The filter as chips, with names in place of ids. */
export function toChips(filter: DeliveryFilter, names: Names): Filters {
  const { state, integrationId, destinationId, search = '' } = filter
  const chips: Filter[] = []
  const add = (key: string, value: string | undefined) => {
    if (value) chips.push({ key, value })
  }
  add('state', state?.split(',').join(', '))
  add('integration', nameOf(names.integrations, integrationId))
  add('destination', nameOf(names.destinations, destinationId))
  for (const [key, name] of PLAIN_CHIPS) add(key, filter[name])
  if (filter.from || filter.to) add(windowKey(filter), formatRange(filter.from, filter.to))
  return { chips, text: search }
}

/** What the chips say at `now`, as a filter. The end of a window can be taken away here, never typed: it comes from a chart. */
export function fromChips({ chips, text }: Filters, before: DeliveryFilter, names: Names, now = 0): DeliveryFilter {
  const last = (key: string) => chips.findLast((chip) => chip.key === key)?.value
  const states = chips.filter((chip) => chip.key === 'state').flatMap(({ value }) => value.split(/,\s*/))
  const state = [...new Set(states)].filter((word) => deliveryStates.some((known) => known === word)).join(',')
  const integrationId = idOf(names.integrations, last('integration'))
  const nearby = names.destinations.filter((one) => !integrationId || one.integrationId === integrationId)
  // Of several with one name, the one that the address named already.
  const meant = nearby.filter(({ id }) => id === before.destinationId)
  const keepsWindow = chips.some((chip) => chip.key === windowKey(before))
  const { by, from, to } = before
  const since = instantSince(last('since') ?? '', now)
  return withoutEmpty({
    state,
    integrationId,
    destinationId: idOf([...meant, ...nearby, ...names.destinations], last('channel') ?? last('destination')),
    ...Object.fromEntries(PLAIN_CHIPS.map(([key, name]) => [name, last(key)])),
    mark: marks.find((mark) => mark === last('mark')),
    ...(keepsWindow && { by, from, to }),
    ...(since && { from: since }),
    search: text.trim().slice(0, 100),
  })
}

/** The filter as a request's body takes it. A value that the API doesn't know comes back as its refusal, by field. */
export function toApiFilter(filter: DeliveryFilter): z.input<typeof ApiFilter> {
  return filter as z.input<typeof ApiFilter>
}

function windowKey({ by }: DeliveryFilter): string {
  return by === 'ended' || by === 'attempted' ? WINDOW_KEYS[by] : WINDOW_KEYS.created
}

function nameOf(things: readonly NamedThing[], id: string | undefined): string | undefined {
  return things.find((thing) => thing.id === id)?.name ?? id
}

/** What no name fits is taken for an id, so that an address with one that is unknown here says so. */
function idOf(things: readonly NamedThing[], name: string | undefined): string | undefined {
  return things.find((thing) => thing.name === name)?.id ?? name
}

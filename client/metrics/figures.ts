import type { Overview, Window } from '../../shared/metrics.ts'
import { formatCount, formatPercent, percentDigits } from '../lib/format.ts'
import type { Tone } from '../ui/StatePill.tsx'

export type TileKey = keyof Overview['tiles']
export type TileValue = Overview['tiles'][TileKey]

type Figure = { key: TileKey; label: string; unit: '%' | 'ms'; definition: string }

/** The four figures with a target, each with its one definition. */
export const figures: readonly Figure[] = [
  {
    key: 'deliveryRate',
    label: 'Delivery rate',
    unit: '%',
    definition:
      'Delivered, out of delivered and failed, of the deliveries that ended in the window. Suppressed and cancelled ' +
      'ones do not count; held and unconfirmed ones have not ended.',
  },
  {
    key: 'responseP95Ms',
    label: 'API response p95',
    unit: 'ms',
    definition: 'The time within which 95 of 100 requests to Slack were answered, all methods together.',
  },
  {
    key: 'commandSuccess',
    label: 'Command success',
    unit: '%',
    definition: 'Slash commands answered without an error, out of all that came.',
  },
  {
    key: 'availability',
    label: 'Availability',
    unit: '%',
    definition: 'Minutes in which Slack answered our probe, out of all minutes probed.',
  },
]

/** What else the page shows, for whoever asks how it is counted. */
export const furtherDefinitions: readonly { term: string; definition: string }[] = [
  {
    term: 'Error budget',
    definition:
      'What a target allows to go wrong over 30 days: 1 − (1 − measured) / (1 − target). At 0 % the allowance is used up.',
  },
  { term: 'First try', definition: 'Delivered on the first attempt, out of all delivered.' },
  {
    term: 'API response time',
    definition: 'The time of one request to Slack. p50, p95 and p99: so many of 100 requests took no longer.',
  },
  { term: 'Command usage', definition: 'Slash commands that came from Slack with a valid signature, by command.' },
]

/** What the window is compared with, in words. */
export const windowBefore: Readonly<Record<Window, string>> = {
  '1h': 'the hour before',
  '24h': 'yesterday',
  '7d': 'the week before',
  '30d': 'the 30 days before',
}

/** A figure as the tile shows it; a dash when nothing was measured. */
export function shownValue(value: number | null, unit: '%' | 'ms'): string {
  if (value === null) return '–'
  return unit === '%' ? percentDigits(value) : formatCount(Math.round(value))
}

/** The change against the window before: `+0.1 on yesterday`, `−12 ms on yesterday`, `same as yesterday`. */
export function changeInWords({ value, before }: TileValue, unit: '%' | 'ms', window: Window): string | undefined {
  if (value === null || before === null) return undefined
  const change = unit === '%' ? Math.round((value - before) * 10_000) / 100 : Math.round(value) - Math.round(before)
  if (change === 0) return `same as ${windowBefore[window]}`
  const size = unit === '%' ? String(Math.abs(change)) : `${formatCount(Math.abs(change))} ms`
  return `${change > 0 ? '+' : '−'}${size} on ${windowBefore[window]}`
}

/** State and target in one line. */
export function targetInWords({ value, target, met }: TileValue, unit: '%' | 'ms'): { tone: Tone; words: string } {
  if (value === null || met === null) return { tone: 'neutral', words: 'Not measured yet' }
  const aim = aimInWords(target, unit)
  const [above, below] = unit === '%' ? ['Above', 'Below'] : ['Over', 'Under']
  const words = value > target ? above : value < target ? below : 'At'
  return { tone: met ? 'ok' : 'warn', words: `${words} target ${aim}` }
}

/** A target as it is written: `99 %`, `200 ms`. */
export function aimInWords(target: number, unit: '%' | 'ms'): string {
  return unit === '%' ? formatPercent(target) : `${formatCount(target)} ms`
}

const LOW_BUDGET = 0.25

/** How much of the 30-day error budget is left, for the bar and in words. */
export function budgetInWords(budgetLeft: number | null): { share: number; isLow: boolean; words: string } {
  if (budgetLeft === null) return { share: 0, isLow: false, words: 'Error budget not measured yet' }
  if (budgetLeft < 0) {
    const words = budgetLeft < -1 ? 'Error budget used up' : `Budget overspent by ${formatPercent(-budgetLeft, 0)}`
    return { share: 0, isLow: true, words }
  }
  return {
    share: Math.min(budgetLeft, 1),
    isLow: budgetLeft < LOW_BUDGET,
    words: `${formatPercent(budgetLeft, 0)} of error budget left`,
  }
}

/** Nothing went through in 30 days: the page then says how to begin instead of drawing empty charts. */
export function hasNoTraffic({ tiles, deliveries, responses, commands }: Overview): boolean {
  const { delivered, failed, held, unconfirmed } = deliveries
  const seen = delivered + failed + held + unconfirmed + responses.total.count + commands.total
  return seen === 0 && [tiles.deliveryRate, tiles.commandSuccess].every((tile) => tile.budgetLeft === null)
}

import type { Provider, Rate } from '../providers/provider.ts'

/** What waits in one line that is not stopped. */
export type Load = {
  destinationId: string
  integrationId: string
  isWebhook: boolean
  count: number
  /** When the first of them can go. */
  startsAt: number
  /** When the time of the last of them comes: later than now of those sent for a later time. */
  lastAt: number
}

/** How fast the lines of an integration may empty, and from when its messages may go at all. */
export type Budget = { rates: Provider['rates']; startsAt: number }

/** When every line that goes through one bot has had so many turns: they share its method's pace in turn. */
export type SharedPace = (turns: number) => number

/** The shared pace of each integration, by its id. */
export function sharedPaceOf(loads: readonly Load[], budgets: ReadonlyMap<string, Budget>): Map<string, SharedPace> {
  const paces = new Map<string, SharedPace>()
  for (const [integrationId, ofOne] of Map.groupBy(loads, (load) => load.integrationId)) {
    const budget = budgets.get(integrationId)
    const method = budget?.rates.methods['chat.postMessage']
    if (!budget || !method) continue
    const sentBy = turnsOf(ofOne.filter(({ isWebhook }) => !isWebhook).map(({ count }) => count))
    paces.set(integrationId, (turns) => budget.startsAt + beyondBurst(sentBy(turns), method))
  }
  return paces
}

/**
 * When each line will be empty at the provider's pace, if nothing is added. A short line is through once it has had its
 * turns, and only the longest waits for all.
 */
export function drainedAtOf(
  loads: readonly Load[],
  budgets: ReadonlyMap<string, Budget>,
  paces: ReadonlyMap<string, SharedPace> = sharedPaceOf(loads, budgets),
): Map<string, number> {
  const drained = new Map<string, number>()
  for (const load of loads) {
    const budget = budgets.get(load.integrationId)
    if (!budget) continue
    const { webhook, conversation } = budget.rates
    const ownAt = load.startsAt + (load.count - 1) * intervalMs(load.isWebhook ? webhook : conversation)
    const sharedAt = load.isWebhook ? 0 : (paces.get(load.integrationId)?.(load.count) ?? 0)
    drained.set(load.destinationId, Math.max(ownAt, sharedAt, load.lastAt))
  }
  return drained
}

export const intervalMs = ({ perMinute }: Rate): number => 60_000 / perMinute

const beyondBurst = (count: number, rate: Rate): number => Math.max(0, count - rate.burst) * intervalMs(rate)

/** How many messages have gone once every line has had so many turns. */
function turnsOf(counts: number[]): (turns: number) => number {
  const sorted = counts.toSorted((a, b) => a - b)
  const sums = [0]
  for (const count of sorted) sums.push((sums.at(-1) ?? 0) + count)
  return (turns) => {
    const through = sorted.findLastIndex((count) => count <= turns) + 1
    return (sums[through] ?? 0) + (sorted.length - through) * turns
  }
}

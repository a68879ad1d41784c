import { benchConditions } from './conditions.ts'
import { benchDecisions } from './decisions.ts'
import type { BenchOptions } from './options.ts'

/** What it costs to decide where an event goes. */
export async function benchRouting(print: (line: string) => void, { rounds = 9 }: BenchOptions): Promise<void> {
  benchConditions(print, rounds)
  benchDecisions(print, rounds)
}

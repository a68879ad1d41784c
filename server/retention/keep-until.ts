/** How many days what belongs to a type is kept; null: for good. */
export type Retention = {
  /** Of types that somebody has set one for. */
  ofType: ReadonlyMap<string, number>
  /** Of everything else. */
  otherwise: number | null
}

/** What ended before then may go; undefined: nothing of it ever. */
export function cutoffOf({ ofType, otherwise }: Retention, type: string | null, now: number): number | undefined {
  const days = (type === null ? undefined : ofType.get(type)) ?? otherwise
  return days === null ? undefined : now - days * DAY_MS
}

/** Before then there may be something to delete; undefined: all is kept for good. */
export function latestCutoff({ ofType, otherwise }: Retention, now: number): number | undefined {
  const days = [...ofType.values(), ...(otherwise === null ? [] : [otherwise])]
  return days.length === 0 ? undefined : now - Math.min(...days) * DAY_MS
}

const DAY_MS = 86_400_000

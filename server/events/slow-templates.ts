/** What an ordinary message takes is far below this, on a busy machine too. */
const SLOW_MS = 20
/** While a group is written nothing else is: so much time the slow templates of it get together. */
const MOST_MS = 1_000

export type SlowTemplates = ReturnType<typeof slowTemplates>

/** Counts what slow templates take of the time of one group, and says of which there may be no more. */
export function slowTemplates() {
  const slow = new Set<string>()
  let tookMs = 0
  return {
    isOver: (name: string): boolean => tookMs > MOST_MS && slow.has(name),
    count: (name: string, ms: number): void => {
      if (ms < SLOW_MS) return
      slow.add(name)
      tookMs += ms
    },
  }
}

/** The name that someone who wrote `word` most likely meant; nothing when none is near. */
export function nearest(word: string, names: readonly string[]): string | undefined {
  const bare = (name: string) => name.toLowerCase().replace(/[_\s-]/g, '')
  const written = bare(word)
  if (written.length > LONGEST) return undefined
  let best: { name: string; steps: number } | undefined
  for (const name of names) {
    const steps = name === word ? 0 : stepsBetween(written, bare(name))
    if (steps <= mostSteps(written) && steps < (best?.steps ?? Infinity)) best = { name, steps }
  }
  return best?.name
}

/** A short word with two letters changed is another word. */
function mostSteps(word: string): number {
  if (word.length < 4) return 0
  return word.length < 7 ? 1 : 2
}

/** Letters to add, drop, change or swap with their neighbour. */
function stepsBetween(from: string, to: string): number {
  if (Math.abs(from.length - to.length) > 2) return Infinity
  let beforeLast: number[] = []
  let last = Array.from({ length: to.length + 1 }, (_, at) => at)
  for (let row = 1; row <= from.length; row++) {
    const steps = [row]
    for (let at = 1; at <= to.length; at++) {
      const isSame = from[row - 1] === to[at - 1]
      let least = Math.min((last[at] ?? 0) + 1, (steps[at - 1] ?? 0) + 1, (last[at - 1] ?? 0) + (isSame ? 0 : 1))
      const isSwapped = at > 1 && from[row - 1] === to[at - 2] && from[row - 2] === to[at - 1]
      if (isSwapped) least = Math.min(least, (beforeLast[at - 2] ?? Infinity) + 1)
      steps.push(least)
    }
    beforeLast = last
    last = steps
  }
  return last[to.length] ?? Infinity
}

const LONGEST = 60

/** The name that was probably meant: at most two letters off, or one that goes on where it stops. */
export function closest(typed: string, names: readonly string[]): string | undefined {
  let best: { name: string; far: number } | undefined
  for (const name of names) {
    const far = Math.min(distance(typed, name), name.startsWith(typed) ? FARTHEST : FARTHEST + 1)
    if (far <= FARTHEST && (!best || far < best.far)) best = { name, far }
  }
  return best?.name
}

const FARTHEST = 2

/** Letters to change, add or leave out; no further than matters here. */
function distance(one: string, other: string): number {
  if (Math.abs(one.length - other.length) > FARTHEST) return FARTHEST + 1
  let above = Array.from({ length: other.length + 1 }, (_, index) => index)
  for (const [row, letter] of [...one].entries()) {
    const here = [row + 1]
    for (const [column, against] of [...other].entries()) {
      const changed = (above[column] ?? 0) + (letter === against ? 0 : 1)
      here.push(Math.min(changed, (above[column + 1] ?? 0) + 1, (here[column] ?? 0) + 1))
    }
    above = here
  }
  return above.at(-1) ?? 0
}

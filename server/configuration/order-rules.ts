/**
 * The order of all rules when a file puts its own into an order: the places that its rules have stay theirs, filled anew
 * in the order of the file; a new one stands behind the one before it in the file. Rules that it does not name stay put.
 */
export function orderRules(now: readonly string[], wanted: readonly string[]): string[] {
  const known = new Set(now)
  const inFile = new Set(wanted)
  const old = wanted.filter((name) => known.has(name))
  let next = 0
  const order = now.map((name) => (inFile.has(name) ? (old[next++] ?? name) : name))
  let before: string | undefined
  for (const name of wanted) {
    if (!known.has(name)) order.splice(placeOf(order, before, old), 0, name)
    before = name
  }
  return order
}

/** Behind the one before it; a first one before the first of the file that is there; else at the end. */
function placeOf(order: readonly string[], before: string | undefined, old: readonly string[]): number {
  if (before !== undefined) return order.indexOf(before) + 1
  const first = old[0]
  return first === undefined ? order.length : order.indexOf(first)
}

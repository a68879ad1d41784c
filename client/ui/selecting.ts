import type { KeyboardEvent } from 'react'

/** The chosen keys after one was pressed: with Shift all between it and the one pressed before follow it. */
export function afterPress(
  chosen: ReadonlySet<string>,
  keys: readonly string[],
  { key, anchor, isShift }: { key: string; anchor: string | undefined; isShift: boolean },
): ReadonlySet<string> {
  const next = new Set(chosen)
  const isOn = !chosen.has(key)
  const [at, from] = [keys.indexOf(key), isShift && anchor !== undefined ? keys.indexOf(anchor) : -1]
  const pressed = from < 0 ? [key] : keys.slice(Math.min(at, from), Math.max(at, from) + 1)
  for (const one of pressed) {
    if (isOn) next.add(one)
    else next.delete(one)
  }
  return next
}

/** The chosen keys with those of two rows and all between them. */
export function withBetween(
  chosen: ReadonlySet<string>,
  keys: readonly string[],
  { from, to }: RowMove,
): ReadonlySet<string> {
  return new Set([...chosen, ...keys.slice(Math.min(from, to), Math.max(from, to) + 1)])
}

export type RowMove = { from: number; to: number }

/** Up, down, home and end go from row to row, as in a list. Tells between which rows, or undefined for other keys. */
export function moveByArrow(event: KeyboardEvent<HTMLElement>): RowMove | undefined {
  const links = rowLinks(event)
  const at = placeAmong(links, event)
  const goal = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: links.length - 1 }[event.key]
  const link = at < 0 || goal === undefined ? undefined : links[goal]
  if (!link || goal === undefined) return undefined
  event.preventDefault()
  link.focus()
  return { from: at, to: goal }
}

/** The row whose link has the focus. */
export function focusedRow(event: KeyboardEvent<HTMLElement>): number {
  return placeAmong(rowLinks(event), event)
}

function rowLinks(event: KeyboardEvent<HTMLElement>): HTMLElement[] {
  return [...event.currentTarget.querySelectorAll<HTMLElement>('[data-row-link]')]
}

function placeAmong(links: HTMLElement[], { target }: KeyboardEvent<HTMLElement>): number {
  return target instanceof HTMLElement ? links.indexOf(target) : -1
}

/** Draws that come again with the same seed, so that a run that failed can be had again. */
export function chanceOf(seed: number) {
  let state = seed >>> 0
  /** From 0 up to 1: mulberry32, which is short and good enough to choose moments. */
  const next = (): number => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
  /** A whole number, both ends included. */
  const between = (least: number, most: number): number => least + Math.floor(next() * (most - least + 1))
  return {
    next,
    between,
    pick: <Item>(items: readonly Item[]): Item => items[between(0, items.length - 1)] as Item,
  }
}

export type Chance = ReturnType<typeof chanceOf>

/** `SWITCHBOARD_FAULTS_SEED` to have a failed run again, else a new one each time. */
export const SEED = Number(process.env.SWITCHBOARD_FAULTS_SEED ?? Date.now() % 1_000_000)

/** `SWITCHBOARD_FAULTS=long`: what is run by hand and takes minutes. */
export const isLong = process.env.SWITCHBOARD_FAULTS === 'long'

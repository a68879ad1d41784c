import { setImmediate } from 'node:timers/promises'

const LONGEST_TURN_MS = 10

/** For long work of many steps: called after each, it lets others have their turn when this one has been long enough. */
export function takeTurns(): () => Promise<void> {
  let since = performance.now()
  return async () => {
    if (performance.now() - since < LONGEST_TURN_MS) return
    await setImmediate()
    since = performance.now()
  }
}

export type Repeating = {
  /** Runs the work now, or right after the run that is under way. */
  nudge: () => void
  /** No further run starts; resolves when the one under way has ended. */
  stop: () => Promise<void>
}

/**
 * Runs `work` every `everyMs` and whenever nudged, never twice at once. Work that answers `true` has more to do and is
 * run again at once. What it throws goes to `onError`, and the loop goes on.
 */
export function repeat(
  work: (signal: AbortSignal) => Promise<boolean | undefined>,
  everyMs: number,
  onError: (error: unknown) => void,
): Repeating {
  const stopping = new AbortController()
  let timer: NodeJS.Timeout | undefined
  let running: Promise<void> | undefined
  let again = false

  const run = async () => {
    clearTimeout(timer)
    do {
      again = false
      try {
        if (await work(stopping.signal)) again = true
      } catch (error) {
        onError(error)
      }
    } while (again && !stopping.signal.aborted)
    running = undefined
    if (!stopping.signal.aborted) timer = setTimeout(start, everyMs)
  }
  const start = () => {
    if (running) again = true
    else if (!stopping.signal.aborted) running = run()
  }

  start()
  return {
    nudge: start,
    stop: async () => {
      stopping.abort()
      clearTimeout(timer)
      await running
    },
  }
}

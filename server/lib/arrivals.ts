/** How much of the bodies that are still arriving is held at once. */
export type ArrivingBody = {
  /** Whether so many more bytes of this body may be kept; if not, what was kept of it is to be let go. */
  keeps: (bytes: number) => boolean
  /** It is whole, given up or broken off. */
  leave: () => void
}

export type Arrivals = () => ArrivingBody

/** A body this short is always kept: large ones that stall keep no small one out. */
const ALWAYS_BYTES = 16 * 1024
const MOST_ARRIVING_BYTES = 128 * 1024 * 1024

/** Many callers with large bodies at once, or bodies that stall before their end, must not fill the memory. */
export function openArrivals(mostBytes = MOST_ARRIVING_BYTES): Arrivals {
  let total = 0
  return () => {
    let own = 0
    const leave = () => {
      total -= own
      own = 0
    }
    const keeps = (bytes: number) => {
      if (own + bytes > ALWAYS_BYTES && total > 0 && total + bytes > mostBytes) {
        leave()
        return false
      }
      own += bytes
      total += bytes
      return true
    }
    return { keeps, leave }
  }
}

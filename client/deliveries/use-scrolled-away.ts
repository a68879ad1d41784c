import { useSyncExternalStore } from 'react'

const AWAY_PX = 240

/** Whether the first rows of the list are out of sight: what comes there would push away what is being read. */
export function useScrolledAway(): boolean {
  return useSyncExternalStore(subscribe, () => window.scrollY > AWAY_PX)
}

function subscribe(listener: () => void): () => void {
  window.addEventListener('scroll', listener, { passive: true })
  return () => window.removeEventListener('scroll', listener)
}

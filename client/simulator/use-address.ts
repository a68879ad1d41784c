import { useSyncExternalStore } from 'react'

/** One part of the address, so that what is looked at can be shared and survives a reload. */
export function useAddress(name: string, otherwise: string): [string, (value: string) => void] {
  const value = useSyncExternalStore(subscribe, () => new URLSearchParams(location.search).get(name) ?? otherwise)
  const change = (next: string) => {
    const params = new URLSearchParams(location.search)
    params.set(name, next)
    history.replaceState(null, '', `?${params}`)
    for (const listener of listeners) listener()
  }
  return [value, change]
}

const listeners = new Set<() => void>()

function subscribe(listener: () => void): () => void {
  listeners.add(listener)
  window.addEventListener('popstate', listener)
  return () => {
    listeners.delete(listener)
    window.removeEventListener('popstate', listener)
  }
}

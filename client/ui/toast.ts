import { useSyncExternalStore } from 'react'
import type { Tone } from './StatePill.tsx'

const COLOURS: Record<Tone, string> = {
  ok: 'var(--ok)',
  warn: 'var(--warn)',
  bad: 'var(--bad)',
  info: 'var(--info)',
  neutral: 'var(--control)',
  simulator: 'var(--simulator)',
}

const listeners = new Set<() => void>()
let wasAsked = false

/** Says in a corner that something was done. What failed is said beside the thing itself, with ErrorNotice. */
export async function toast(tone: Tone, message: string): Promise<void> {
  wasAsked = true
  for (const listener of listeners) listener()
  const { notifications } = await import('@mantine/notifications')
  notifications.show({ message, color: COLOURS[tone], closeButtonProps: { 'aria-label': 'Dismiss' } })
}

/** Whether anything was said yet: until then the frame need not load what shows it. */
export function useToasts(): boolean {
  return useSyncExternalStore(subscribe, () => wasAsked)
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener)
  return () => listeners.delete(listener)
}

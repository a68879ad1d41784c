import type { NotificationType } from '../../shared/notification-types.ts'
import { StatePill } from '../ui/StatePill.tsx'

/** Whether messages of a type go out. */
export function TypeState({ type: { isSetUp, enabled, paused } }: { type: NotificationType }) {
  if (!isSetUp) {
    return (
      <StatePill tone="neutral" shape="dashed">
        Not set up
      </StatePill>
    )
  }
  if (!enabled) {
    return (
      <StatePill tone="neutral" shape="ban">
        Off
      </StatePill>
    )
  }
  if (paused) {
    return (
      <StatePill tone="warn" shape="pause">
        Paused
      </StatePill>
    )
  }
  return <StatePill tone="ok">Active</StatePill>
}

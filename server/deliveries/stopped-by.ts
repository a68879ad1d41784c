import type { SavedDestination } from '../destinations/store.ts'
import type { SavedIntegration } from '../integrations/store.ts'

type Switches = Pick<SavedIntegration, 'disabledAt' | 'pausedAt' | 'pauseCode'>
type OwnSwitches = Pick<SavedDestination, 'kind' | 'disabledAt' | 'pausedAt' | 'pauseCode'>

/**
 * Which switch keeps messages from going out to a destination; undefined when none does. A test passes whatever is only
 * paused: it is how somebody finds out that it works again.
 */
export function stoppedBy(integration: Switches, destination: OwnSwitches, isTest = false): string | undefined {
  if (integration.disabledAt !== null) return 'integration_disabled'
  if (destination.disabledAt !== null) return 'destination_disabled'
  if (isTest) return undefined
  // A dead token says nothing about webhooks, which carry none.
  const isOwnPause = integration.pauseCode !== null && destination.kind === 'webhook'
  if (integration.pausedAt !== null && !isOwnPause) return integration.pauseCode ?? 'integration_paused'
  if (destination.pausedAt !== null) return destination.pauseCode ?? 'destination_paused'
  return undefined
}

/** Whether Switchboard itself found out that nothing arrives there, and waits for somebody to mend it. */
export function isDeadEnd(integration: Switches, destination: OwnSwitches): boolean {
  const hasDeadToken = integration.pausedAt !== null && integration.pauseCode !== null
  if (hasDeadToken && destination.kind !== 'webhook') return true
  return destination.pausedAt !== null && destination.pauseCode !== null
}

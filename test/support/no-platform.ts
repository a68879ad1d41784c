import type { PlatformReach } from '../../server/context.ts'

/** For servers of tests in which no platform is asked. */
export const NO_PLATFORM: PlatformReach = {
  hosts: [],
  ask: () => Promise.reject(new Error('Nothing here asks a platform.')),
}

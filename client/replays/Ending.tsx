import { toMs } from '../lib/format.ts'
import { RelativeTime, useNow } from '../ui/RelativeTime.tsx'

const MINUTE_MS = 60_000

/** When a replay should be through: an estimate, so no finer than a minute. */
export function Ending({ at }: { at: string }) {
  const now = useNow()
  return toMs(at) - now < MINUTE_MS ? 'within a minute' : <RelativeTime at={at} />
}

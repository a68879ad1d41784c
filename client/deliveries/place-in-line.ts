import type { Delivery } from '../../shared/deliveries.ts'
import { formatCount, formatDay, formatSecond } from '../lib/format.ts'

type Waiting = Pick<Delivery, 'ahead' | 'expectedAt' | 'state' | 'createdAt'>

/** `3 before it, goes out about 12:04:10`; the day is said when it is not the one it was accepted on. */
export function placeInLine({ ahead, expectedAt, state, createdAt }: Waiting, zone?: string): string {
  const place = ahead === undefined ? undefined : ahead === 0 ? 'Next in line' : `${formatCount(ahead)} before it`
  if (expectedAt === undefined) return place ?? (state === 'retrying' ? 'Waits for its next attempt' : 'Waits in line')
  const isOtherDay = formatDay(expectedAt, zone) !== formatDay(createdAt, zone)
  const clock = formatSecond(expectedAt, zone)
  const when = `about ${isOtherDay ? `${formatDay(expectedAt, zone)}, ` : ''}${clock}`
  return place ? `${place}, goes out ${when}` : `Goes out ${when}`
}

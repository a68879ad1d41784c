import { countByState } from '../deliveries/list-store.ts'
import { cancellableStates } from '../deliveries/states.ts'
import type { Step } from './diff.ts'
import { type Ground, sayWarning } from './ground.ts'
import type { Item } from './items.ts'

/** Tells of each destination that goes what goes with it: it is taken out of all that sends there, and what waits is cancelled. */
export async function warnOfDeleted(ground: Ground, steps: readonly Step[], present: readonly Item[]): Promise<void> {
  const planned = new Map(steps.map((step) => [`${step.kind} ${step.item.key}`, step]))
  const staying = present.flatMap((item) => {
    const step = planned.get(`${item.kind} ${item.key}`)
    if (item.kind === 'destination' || step?.action === 'delete') return []
    return [{ ...item, fields: { ...item.fields, ...step?.wanted?.fields } }]
  })
  for (const { action, kind, item, name } of steps) {
    if (action !== 'delete' || kind !== 'destination') continue
    const users = staying.filter(({ fields }) => holds(fields, item.key)).map((user) => `${user.kind} ${user.name}`)
    const waiting = await countWaiting(ground, item.key)
    const parts = [
      ...(users.length > 0 ? [`takes it out of ${users.join(', ').replaceAll('_', ' ')}`] : []),
      ...(waiting > 0
        ? [`cancels ${waiting === 1 ? 'one delivery that waits' : `${waiting} deliveries that wait`}`]
        : []),
    ]
    if (parts.length === 0) continue
    const message = `Deleting ${name} also ${parts.join(' and ')}.`
    sayWarning(ground, ['destinations'], { message, fix: 'Name it in the file where that is not meant.' })
  }
}

function holds(value: unknown, key: string): boolean {
  if (typeof value !== 'object' || value === null) return value === key
  return Object.values(value).some((part) => holds(part, key))
}

async function countWaiting({ ctx, state }: Ground, key: string): Promise<number> {
  const destinationId = state.destinations.get(key)?.id
  if (destinationId === undefined) return 0
  const counts = await countByState(ctx.db, { destinationId, state: [...cancellableStates], by: 'created' })
  return counts.reduce((sum, { count }) => sum + Number(count), 0)
}

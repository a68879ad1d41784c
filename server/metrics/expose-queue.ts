import { Gauge, type Registry } from 'prom-client'
import type { QueueNow } from './queue-now.ts'

/** What waits, as gauges. `set` puts the figures of a scrape into them. */
export function queueGauges(registers: Registry[]): {
  set: (queue: QueueNow, openIncidents: number, now: number) => void
} {
  const waiting = new Gauge({
    name: 'switchboard_deliveries_waiting',
    help: 'Deliveries that are in line or held, by state and priority; those that a paused type or quiet hours hold under any',
    labelNames: ['state', 'priority'],
    registers,
  })
  const oldest = new Gauge({
    name: 'switchboard_delivery_oldest_waiting_seconds',
    help: 'Age of the oldest delivery that waits to be sent and is not held; 0 when none does',
    registers,
  })
  const stopped = new Gauge({
    name: 'switchboard_lanes_stopped',
    help: 'Destinations whose messages are held',
    registers,
  })
  const drain = new Gauge({
    name: 'switchboard_queue_drain_seconds',
    help: 'How long until the longest line that is not stopped will be empty, if nothing is added; 0 when none waits',
    registers,
  })
  const incidents = new Gauge({ name: 'switchboard_incidents_open', help: 'Incidents that are open', registers })

  return {
    set: ({ standing, lanes }, openIncidents, now) => {
      waiting.reset()
      for (const state of STATES) for (const priority of PRIORITIES) waiting.set({ state, priority }, 0)
      for (const { state, priority, count } of standing) waiting.set({ state, priority }, count)
      const moving = lanes.filter(({ drainedAt }) => drainedAt !== undefined)
      const secondsSince = (at: number) => Math.max(0, now - at) / 1_000
      oldest.set(Math.max(0, ...moving.map(({ oldestAt }) => secondsSince(oldestAt))))
      drain.set(Math.max(0, ...moving.map(({ drainedAt = now }) => (drainedAt - now) / 1_000)))
      stopped.set(lanes.length - moving.length)
      incidents.set(openIncidents)
    },
  }
}

const STATES = ['pending', 'sending', 'retrying', 'held', 'unconfirmed']
const PRIORITIES = ['urgent', 'normal', 'low']

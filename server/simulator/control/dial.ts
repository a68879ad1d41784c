import { Hono } from 'hono'
import { streamSSE } from 'hono/streaming'
import { z } from 'zod'
import { forgetCalls, listCalls } from '../calls.ts'
import { addFault, FAULT_KINDS, NewFault, removeFault } from '../faults.ts'
import { METHODS } from '../methods/table.ts'
import type { Sandbox } from '../sandbox.ts'
import { seedWorkspace } from '../seed.ts'
import { type News, tell } from '../stream.ts'
import { notFound, readInput } from './input.ts'

const SettingsChange = z
  .strictObject({
    pace: z.enum(['slack', 'fast']),
    dateSkewSeconds: z.number().int().min(-86_400).max(86_400),
    retryAfterHeader: z.boolean(),
    fileShareMs: z.number().int().min(0).max(600_000),
    historyPageMost: z.number().int().min(1).max(999),
  })
  .partial()

const TeamChange = z
  .strictObject({
    id: z.string().regex(/^T[A-Z0-9]{5,14}$/, 'a team id such as T0ACMEDEMO1'),
    name: z.string().min(1),
    domain: z.string().min(1),
    disabled: z.boolean(),
  })
  .partial()

/** The fault dial, the record of calls, and the clock and pace of the whole simulator. */
export function dialControl(sandbox: Sandbox) {
  return new Hono()
    .get('/faults', (c) => c.json(sandbox.faults))
    .post('/faults', async (c) => {
      const fault = addFault(sandbox, await readInput(c, NewFault))
      tell(sandbox.feed, { kind: 'state' })
      return c.json(fault, 201)
    })
    .delete('/faults', (c) => {
      sandbox.faults = []
      tell(sandbox.feed, { kind: 'state' })
      return c.body(null, 204)
    })
    .delete('/faults/:id', (c) => {
      if (!removeFault(sandbox, c.req.param('id'))) throw notFound('fault', c.req.param('id'))
      tell(sandbox.feed, { kind: 'state' })
      return c.body(null, 204)
    })
    .get('/calls', (c) => {
      const calls = listCalls(sandbox.calls, c.req.query('method'))
      return c.json(calls.slice(-(Number(c.req.query('limit')) || calls.length)))
    })
    .delete('/calls', (c) => {
      forgetCalls(sandbox.calls)
      return c.body(null, 204)
    })
    .get('/settings', (c) => c.json(shownSettings(sandbox)))
    .patch('/settings', async (c) => {
      Object.assign(sandbox, await readInput(c, SettingsChange))
      tell(sandbox.feed, { kind: 'state' })
      return c.json(shownSettings(sandbox))
    })
    .get('/team', (c) => c.json(sandbox.workspace.team))
    .patch('/team', async (c) => {
      Object.assign(sandbox.workspace.team, await readInput(c, TeamChange))
      return c.json(sandbox.workspace.team)
    })
    .post('/reset', (c) => {
      reset(sandbox)
      tell(sandbox.feed, { kind: 'state' })
      return c.body(null, 204)
    })
    .get('/stream', (c) =>
      streamSSE(c, async (stream) => {
        const listener = (news: News) => void stream.writeSSE({ event: news.kind, data: JSON.stringify(news) })
        sandbox.feed.add(listener)
        await stream.writeSSE({ event: 'hello', data: '{}' })
        await new Promise<void>((resolve) => {
          stream.onAbort(resolve)
          sandbox.stopping.addEventListener('abort', () => resolve(), { once: true })
        })
        sandbox.feed.delete(listener)
      }),
    )
}

/** Back to the seed: what was posted, changed, injected and recorded is gone. */
function reset(sandbox: Sandbox): void {
  sandbox.workspace = seedWorkspace(sandbox.seed)
  sandbox.faults = []
  sandbox.limiter.clear()
  sandbox.outbox.lastSent.clear()
  sandbox.dateSkewSeconds = 0
  sandbox.retryAfterHeader = true
  sandbox.historyPageMost = 999
  forgetCalls(sandbox.calls)
}

function shownSettings({
  pace,
  dateSkewSeconds,
  retryAfterHeader,
  fileShareMs,
  historyPageMost,
  url,
  workspace,
}: Sandbox) {
  const methods = ['api.test', 'oauth.v2.access', ...Object.keys(METHODS)].sort()
  return {
    pace,
    dateSkewSeconds,
    retryAfterHeader,
    fileShareMs,
    historyPageMost,
    url,
    team: workspace.team,
    methods,
    faultKinds: FAULT_KINDS,
  }
}

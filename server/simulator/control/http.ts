import { Hono } from 'hono'
import type { Sandbox } from '../sandbox.ts'
import { actsControl } from './acts.ts'
import { appsControl } from './apps.ts'
import { channelsControl } from './channels.ts'
import { dialControl } from './dial.ts'
import { ControlError } from './input.ts'
import { peopleControl } from './people.ts'

/** /_sim: everything that shapes the sandbox from outside. The page and the tests use the same routes. */
export function controlHttp(sandbox: Sandbox) {
  return new Hono()
    .route('/', appsControl(sandbox))
    .route('/', channelsControl(sandbox))
    .route('/', peopleControl(sandbox))
    .route('/', actsControl(sandbox))
    .route('/', dialControl(sandbox))
    .notFound((c) => c.json({ error: { code: 'not_found', message: `No control route ${c.req.path}.` } }, 404))
    .onError((error, c) => {
      if (!(error instanceof ControlError)) throw error
      const { message, field, status } = error
      const code = status === 400 ? 'invalid' : status === 404 ? 'not_found' : 'conflict'
      return c.json({ error: { code, message, ...(field ? { field } : {}) } }, status)
    })
}

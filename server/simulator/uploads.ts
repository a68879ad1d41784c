import type { HttpBindings } from '@hono/node-server'
import { Hono } from 'hono'
import { recordCall } from './calls.ts'
import { slackHeaders } from './envelope.ts'
import { takeFault } from './faults.ts'
import type { Sandbox } from './sandbox.ts'
import { tell } from './stream.ts'
import { type SlackContext, strike } from './strike.ts'

/** /upload/v1/<key>: where the bytes of a file go. Whoever knows the address may send them, so there is no token. */
export function uploadHttp(sandbox: Sandbox) {
  return new Hono<{ Bindings: HttpBindings }>().post('/:key', async (c) => {
    const startedAt = performance.now()
    const file = [...sandbox.workspace.files.values()].find(({ uploadKey }) => uploadKey === c.req.param('key'))
    const args = { file: file?.id, length: c.req.header('content-length') }
    const call = recordCall(sandbox.calls, sandbox.now(), { direction: 'in', method: 'files.upload', args })
    const say = (status: number, text: string) => {
      call.ok = status === 200
      return new Response(text, { status, headers: { ...slackHeaders(sandbox), 'content-type': 'text/plain' } })
    }
    const run = async () => {
      if (!file || file.isCompleted) return say(404, 'not found')
      // Who hangs up half-way has sent too little, and hears nothing of it.
      file.uploadedBytes = await countBytes(c).catch(() => 0)
      return file.uploadedBytes === file.size ? say(200, `OK - ${file.uploadedBytes}`) : say(400, 'wrong length')
    }

    const fault = takeFault(sandbox, 'files.upload', undefined)
    if (fault) call.fault = fault.kind
    const refused = (code: string) => say(400, code)
    const rateLimited = (_seconds: number, headers: Record<string, string>) =>
      new Response('slow down', { status: 429, headers: { ...slackHeaders(sandbox), ...headers } })
    const response = fault ? await strike(sandbox, c, fault, { run, rateLimited, refused }) : await run()

    call.tookMs = performance.now() - startedAt
    call.status = c.env.incoming.socket.destroyed ? null : response.status
    tell(sandbox.feed, { kind: 'call', id: call.id, method: 'files.upload' })
    return response
  })
}

/** Counts what comes, bare or as the one field of a form, and keeps none of it: a file may be larger than memory. */
async function countBytes(c: SlackContext): Promise<number> {
  if (c.req.header('content-type')?.startsWith('multipart/')) {
    const [field] = Object.values(await c.req.parseBody())
    return field instanceof File ? field.size : Buffer.byteLength(String(field ?? ''))
  }
  let bytes = 0
  for await (const chunk of c.req.raw.body ?? []) bytes += chunk.length
  return bytes
}

import type { MiddlewareHandler } from 'hono'
import type { Sandbox } from './sandbox.ts'

const LOOPBACK = /^(?:localhost|[\w-]+\.localhost|127(?:\.\d{1,3}){3}|\[::1\])(?::\d+)?$/i

/**
 * Turns away what a hostile web page could send here. The credentials are well known, so the door is the Host and the
 * Origin: a name rebound to this address shows in Host, any other page in Origin.
 */
export function onlyFromHere(sandbox: Sandbox): MiddlewareHandler {
  return async (c, next) => {
    const host = c.req.header('host') ?? ''
    const origin = c.req.header('origin')
    const isOwnHost = LOOPBACK.test(host) || host === sandbox.host
    if (!isOwnHost) return c.text(`The simulator answers to ${sandbox.host} and loopback names only.\n`, 403)
    if (origin !== undefined && origin !== `http://${host}`) {
      return c.text('The simulator takes requests from its own page only.\n', 403)
    }
    await next()
  }
}

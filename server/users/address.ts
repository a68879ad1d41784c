import { isIP } from 'node:net'
import { getConnInfo } from '@hono/node-server/conninfo'
import type { Context } from 'hono'

/** Set by us on what we hand to better-auth; it is never read from a request. */
export const ADDRESS_HEADER = 'x-switchboard-address'

/** Where a request comes from. `X-Forwarded-For` is believed exactly as deep as there are proxies of ours. */
export function clientAddress(c: Context, proxyHops: number): string {
  return addressBehind(socketAddress(c), c.req.header('x-forwarded-for'), proxyHops)
}

/**
 * Each proxy appends the address it was asked from, so the last `proxyHops` entries are ours and what stands before
 * them is whatever the client wrote. A list too short, or an entry that is no address, leaves the socket's.
 */
export function addressBehind(socket: string, forwardedFor: string | undefined, proxyHops: number): string {
  const entries = (forwardedFor ?? '').split(',').map((entry) => plainAddress(entry.trim()))
  const named = proxyHops > 0 ? entries.at(-proxyHops) : undefined
  return named && isIP(named) ? named : plainAddress(socket)
}

/** The network an address belongs to: /24 of IPv4, /48 of IPv6. Whoever has one address there mostly has more. */
export function networkOf(address: string): string {
  if (isIP(address) === 4) return `${address.split('.').slice(0, 3).join('.')}.0/24`
  return isIP(address) === 6 ? `${hextets(address).slice(0, 3).join(':')}::/48` : address
}

/** One customer has at least a /64 of IPv6, so single addresses there mean nothing. */
export function limitedAddress(address: string): string {
  return isIP(address) === 6 ? `${hextets(address).slice(0, 4).join(':')}::/64` : address
}

function socketAddress(c: Context): string {
  // Without a socket (a request made in a test) there is nothing to read.
  if (!c.env || !('incoming' in c.env)) return 'unknown'
  return getConnInfo(c).remote.address ?? 'unknown'
}

/** Without port, brackets, zone, and the prefix that IPv4 has on a socket of both kinds. */
function plainAddress(text: string): string {
  const bare = text.replace(/^\[([^\]]*)\](:\d+)?$/, '$1').replace(/^(\d+\.\d+\.\d+\.\d+):\d+$/, '$1')
  return bare.replace(/%.*$/, '').replace(/^::ffff:(?=\d+\.)/i, '')
}

function hextets(address: string): string[] {
  const [head = '', tail] = address.toLowerCase().split('::')
  const before = head.split(':').filter(Boolean)
  const after = (tail ?? '').split(':').filter(Boolean)
  const gap = tail === undefined ? 0 : 8 - before.length - after.length
  const all = [...before, ...Array<string>(Math.max(gap, 0)).fill('0'), ...after]
  return all.map((part) => part.replace(/^0+(?=.)/, ''))
}

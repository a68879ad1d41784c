import { isIP } from 'node:net'
import { isForbiddenAddress } from './addresses.ts'

export type UrlProblem = { message: string; fix: string }

/** What is wrong with the address of an endpoint, as far as its text tells; names are looked at again when connecting. */
export function urlProblem(url: URL, hosts: readonly string[]): UrlProblem | undefined {
  if (url.protocol !== 'https:' && url.protocol !== 'http:')
    return problem('It is no http or https address.', USE_HTTPS)
  if (url.username || url.password) {
    return problem('It holds a name or a password, which would stand in every log on the way.', PROVE_BY_SIGNATURE)
  }
  if (url.hash) return problem('What stands after # never reaches a server.', 'Leave it out.')
  if (isNamedHost(url, hosts)) return undefined
  if (url.protocol === 'http:') return problem('Over plain http anybody on the way could read along.', USE_HTTPS)
  if (isIP(hostOf(url)) !== 0 && isForbiddenAddress(hostOf(url))) {
    return problem(`${hostOf(url)} is not on the open internet.`, nameIt(url))
  }
  const port = portOf(url)
  if (port !== 443 && port < 1024)
    return problem(`Port ${port} belongs to another service.`, 'Use 443, or 1024 and up.')
  return undefined
}

/** Whether the host, or host and port, is named in SWITCHBOARD_PLATFORM_HOSTS: then it may be of this network. */
export function isNamedHost(url: URL, hosts: readonly string[]): boolean {
  return hosts.includes(url.hostname) || hosts.includes(`${url.hostname}:${portOf(url)}`)
}

/** The host without the brackets of an IPv6 address. */
export const hostOf = (url: URL): string => url.hostname.replace(/^\[|\]$/g, '')

/** The way out for a host that is meant to be reached inside the network. */
export const nameIt = (url: URL): string =>
  `If that is meant, start Switchboard with SWITCHBOARD_PLATFORM_HOSTS=${url.host}. Otherwise enter a public address.`

const portOf = (url: URL): number => Number(url.port) || (url.protocol === 'https:' ? 443 : 80)
const problem = (message: string, fix: string): UrlProblem => ({ message, fix })
const USE_HTTPS = 'Use https; plain http is for hosts named in SWITCHBOARD_PLATFORM_HOSTS.'
const PROVE_BY_SIGNATURE = 'Leave it out: each call is signed, and the signature proves who calls.'

export type AskedFrom = {
  method: string
  /** What people reach this server at. */
  publicUrl: string
  host: string
  origin: string | undefined
  fetchSite: string | undefined
  csrfHeader: string | undefined
  /** The browser adds cookies by itself, so only requests that rest on one can be made in someone's name. */
  byCookie: boolean
}

/**
 * Why a write may not be what the person at the browser wanted; undefined when it may pass. What the browser says about
 * where a request comes from has to be this server. A client that says nothing has to set a header no other site's page
 * can set.
 */
export function whyForeign(asked: AskedFrom): string | undefined {
  if (asked.method === 'GET' || asked.method === 'HEAD') return undefined
  const { origin, fetchSite } = asked
  if (origin !== undefined && !isOurs(origin, asked)) return `It comes from a page of ${shown(origin)}.`
  if (fetchSite !== undefined && fetchSite !== 'same-origin') return 'It comes from a page of another site.'
  if (asked.byCookie && origin === undefined && fetchSite === undefined && asked.csrfHeader !== '1') {
    return 'It rests on a cookie, and nothing says that it comes from this console.'
  }
  return undefined
}

/** Our own address, or this machine's, which no other machine can serve a page from. */
function isOurs(origin: string, { publicUrl, host }: AskedFrom): boolean {
  return origin === publicUrl || (isLoopback(host) && origin === `http://${host}`)
}

/** Host names that always mean this very machine, with or without a port. */
export function isLoopback(host: string): boolean {
  return /^(localhost|127\.0\.0\.1|\[::1\])(:\d{1,5})?$/i.test(host)
}

const shown = (origin: string) => (/^[\w.:/-]{1,100}$/.test(origin) ? origin : 'another address')

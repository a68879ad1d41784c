import net from 'node:net'

/** Names that RFC 6761 keeps from ever existing: what a test uses to see a lookup fail. */
const NEVER_FOUND = /\.(invalid|test)$/
const postgresHost = process.env.TEST_POSTGRES_URL && new URL(process.env.TEST_POSTGRES_URL).hostname

/** Loaded before every test file: a test that forgot to point something at the simulator must not reach Slack. */
const connect = net.Socket.prototype.connect
net.Socket.prototype.connect = function (this: net.Socket, ...given: unknown[]) {
  const host = hostOf(given)
  if (isHarmless(host)) return Reflect.apply(connect, this, given)
  queueMicrotask(() => this.destroy(new Error(`A test tried to reach ${host}: tests stay on loopback`)))
  return this
}

/** Node itself passes its arguments on as one array; other callers give options, a path, or a port and a host. */
function hostOf(given: unknown[]): string {
  const [first, second] = Array.isArray(given[0]) ? given[0] : given
  if (typeof first === 'object' && first !== null) {
    if ('path' in first && first.path) return 'localhost' // a socket file
    return 'host' in first && typeof first.host === 'string' ? first.host : 'localhost'
  }
  return typeof second === 'string' ? second : 'localhost'
}

function isHarmless(host: string): boolean {
  return /^127\.|^\[?::1\]?$|^localhost$/.test(host) || NEVER_FOUND.test(host) || host === postgresHost
}

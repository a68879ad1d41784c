import { connect } from 'node:net'

export type Load = {
  url: string
  /** Whole requests as they go over the wire; each is sent once. */
  requests: Buffer[]
  connections: number
}

export type Measured = {
  requestsPerSecond: number
  p50Ms: number
  p95Ms: number
  p99Ms: number
  statuses: Map<number, number>
}

/**
 * Sends every request over connections that stay open, one at a time on each, and measures how long each answer took.
 * The requests are made beforehand, so that both cores are left to the sockets and the server.
 */
export async function measure({ url, requests, connections }: Load): Promise<Measured> {
  const tookMs = new Float64Array(requests.length)
  const statuses = new Map<number, number>()
  let next = 0
  const startedMs = performance.now()
  await Promise.all(
    Array.from({ length: connections }, () =>
      converse(url, () => {
        const place = next
        const request = requests[place]
        if (!request) return undefined
        next += 1
        const sentMs = performance.now()
        const onAnswer = (status: number) => {
          tookMs[place] = performance.now() - sentMs
          statuses.set(status, (statuses.get(status) ?? 0) + 1)
        }
        return { request, onAnswer }
      }),
    ),
  )
  const elapsedMs = performance.now() - startedMs
  const sorted = tookMs.sort()
  const at = (share: number) => sorted[Math.min(sorted.length - 1, Math.ceil(share * sorted.length) - 1)] ?? 0
  return {
    requestsPerSecond: (requests.length / elapsedMs) * 1_000,
    p50Ms: at(0.5),
    p95Ms: at(0.95),
    p99Ms: at(0.99),
    statuses,
  }
}

type Exchange = { request: Buffer; onAnswer: (status: number) => void }

/** One connection: sends, waits for the whole answer, sends the next, until there is none. */
function converse(url: string, nextExchange: () => Exchange | undefined): Promise<void> {
  const { hostname, port } = new URL(url)
  return new Promise((resolve, reject) => {
    const socket = connect(Number(port), hostname)
    socket.setNoDelay(true)
    let exchange: Exchange | undefined
    let received = ''
    const sendNext = () => {
      exchange = nextExchange()
      received = ''
      if (exchange) socket.write(exchange.request)
      else socket.end(resolve)
    }
    socket.on('connect', sendNext)
    socket.on('error', reject)
    socket.on('close', () => (exchange ? reject(new Error('The server hung up.')) : resolve()))
    socket.on('data', (chunk) => {
      received += chunk.toString('latin1')
      if (!isWhole(received)) return
      exchange?.onAnswer(Number(received.slice(9, 12)))
      sendNext()
    })
  })
}

function isWhole(answer: string): boolean {
  const headEnd = answer.indexOf('\r\n\r\n')
  if (headEnd < 0) return false
  const head = answer.slice(0, headEnd)
  const length = /\r\ncontent-length: (\d+)/i.exec(head)?.[1]
  if (length !== undefined) return answer.length >= headEnd + 4 + Number(length)
  return !/\r\ntransfer-encoding: chunked/i.test(head) || answer.endsWith('0\r\n\r\n')
}

export const median = (values: number[]): number => {
  const sorted = [...values].sort((a, b) => a - b)
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN
}

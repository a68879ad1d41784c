import net from 'node:net'

/** A line to a server that can be cut: a TCP proxy on a loopback port. */
export async function startCuttableLine(to: URL) {
  const pairs = new Set<readonly [net.Socket, net.Socket]>()
  let isCut = false
  const server = net.createServer((near) => {
    const far = net.connect(Number(to.port), to.hostname)
    const pair = [near, far] as const
    pairs.add(pair)
    for (const socket of pair) {
      socket.on('error', () => {})
      socket.on('close', () => {
        pairs.delete(pair)
        for (const each of pair) each.destroy()
      })
    }
    if (!isCut) join(pair)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const url = new URL(to)
  url.hostname = '127.0.0.1'
  url.port = String((server.address() as net.AddressInfo).port)
  return {
    url: url.href,
    /** Swallows everything: no connection ends, no byte arrives. */
    cut: () => {
      isCut = true
      for (const [near, far] of pairs) {
        near.unpipe(far).pause()
        far.unpipe(near).pause()
      }
    },
    /** What was held back arrives, as it does when a network is back before its peers have given up. */
    restore: () => {
      isCut = false
      for (const pair of pairs) join(pair)
    },
    async [Symbol.asyncDispose]() {
      for (const [near] of pairs) near.destroy()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

function join([near, far]: readonly [net.Socket, net.Socket]): void {
  near.pipe(far)
  far.pipe(near)
}

import type { IncomingMessage } from 'node:http'

/**
 * The body's bytes as they arrived. `too_large` as soon as that is known, and the rest is not read; `aborted` when the
 * other end went away before the last byte.
 */
export function readBody(incoming: IncomingMessage, mostBytes: number): Promise<Buffer | 'too_large' | 'aborted'> {
  if (Number(incoming.headers['content-length'] ?? 0) > mostBytes) return Promise.resolve('too_large')
  // Its end was told before anyone listened.
  if (incoming.destroyed) return Promise.resolve('aborted')
  return new Promise((resolve) => {
    const chunks: Buffer[] = []
    let bytes = 0
    const finish = (result: Buffer | 'too_large' | 'aborted') => {
      incoming.off('data', onData).off('end', onEnd).off('error', onAbort).off('close', onAbort)
      resolve(result)
    }
    const onData = (chunk: Buffer) => {
      bytes += chunk.length
      chunks.push(chunk)
      if (bytes <= mostBytes) return
      incoming.pause()
      finish('too_large')
    }
    const onEnd = () => finish(chunks.length === 1 && chunks[0] ? chunks[0] : Buffer.concat(chunks))
    const onAbort = () => finish('aborted')
    incoming.on('data', onData).on('end', onEnd).on('error', onAbort).on('close', onAbort)
  })
}

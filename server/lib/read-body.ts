import type { IncomingMessage } from 'node:http'
import type { ArrivingBody } from './arrivals.ts'

/** Why there is no body. */
export type NoBody = 'too_large' | 'too_many' | 'aborted'

/**
 * The body's bytes as they arrived. `too_large` as soon as that is known, and the rest is not read; `aborted` when the
 * other end went away before the last byte. `too_many` when others hold what memory there is for it: the rest is read
 * and thrown away, since a caller who is still writing would not hear the answer.
 */
export function readBody(
  incoming: IncomingMessage,
  mostBytes: number,
  arriving: ArrivingBody,
): Promise<Buffer | NoBody> {
  if (Number(incoming.headers['content-length'] ?? 0) > mostBytes) return Promise.resolve('too_large' as const)
  // Its end was told before anyone listened.
  if (incoming.destroyed) return Promise.resolve('aborted')
  return new Promise((resolve) => {
    let chunks: Buffer[] | undefined = []
    let bytes = 0
    const finish = (result: Buffer | NoBody) => {
      incoming.off('data', onData).off('end', onEnd).off('error', onAbort).off('close', onAbort)
      arriving.leave()
      resolve(result)
    }
    const onData = (chunk: Buffer) => {
      bytes += chunk.length
      if (bytes > mostBytes) {
        incoming.pause()
        return finish('too_large')
      }
      if (chunks && !arriving.keeps(chunk.length)) chunks = undefined
      chunks?.push(chunk)
    }
    const onEnd = () => finish(chunks ? joined(chunks) : 'too_many')
    const onAbort = () => finish('aborted')
    incoming.on('data', onData).on('end', onEnd).on('error', onAbort).on('close', onAbort)
  })
}

const joined = (chunks: Buffer[]): Buffer => (chunks.length === 1 && chunks[0] ? chunks[0] : Buffer.concat(chunks))

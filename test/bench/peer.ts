import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'

export type Peer = { process: ChildProcess; run: (count: number) => Promise<void>; stop: () => Promise<void> }

/** A peer in a process of its own that does its work as often as it is asked, so that its start counts nowhere. */
export async function startPeer(file: string, args: string[]): Promise<Peer> {
  const child = fork(join(import.meta.dirname, file), args)
  const ended = new AbortController()
  child.once('exit', (code) => ended.abort(new Error(`${file} ended with ${code}.`)))
  const told = () => once(child, 'message', { signal: ended.signal })
  await told()
  return {
    process: child,
    run: async (count) => {
      child.send({ count })
      await told()
    },
    stop: async () => {
      const gone = once(child, 'exit')
      child.disconnect()
      await gone
    },
  }
}

/** The other end: what a peer does when it is told a number. */
export function onRuns(run: (count: number) => Promise<void>): void {
  process.on('message', ({ count }: { count: number }) => {
    run(count).then(
      () => process.send?.({ count }),
      (error) => {
        process.stderr.write(`${error}\n`)
        process.exit(1)
      },
    )
  })
  process.on('disconnect', () => process.exit(0))
  process.send?.({})
}

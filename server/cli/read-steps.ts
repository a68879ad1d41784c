import { TestStreamEvent } from '../../shared/connection-tests.ts'
import { EXIT, Problem } from './problem.ts'

/** What a connection test tells while it runs, out of a stream of server-sent events. */
export async function* readSteps(body: ReadableStream<Uint8Array>): AsyncGenerator<TestStreamEvent> {
  const decoder = new TextDecoder()
  let waiting = ''
  try {
    for await (const piece of body) {
      const blocks = `${waiting}${decoder.decode(piece, { stream: true })}`.split('\n\n')
      waiting = blocks.pop() ?? ''
      for (const block of blocks) {
        const data = /^data: (.*)$/m.exec(block)?.[1]
        if (data !== undefined) yield TestStreamEvent.parse(JSON.parse(data))
      }
    }
  } catch (error) {
    const why = error instanceof Error ? error.message : 'unknown'
    throw new Problem(EXIT.unreachable, `The connection broke during the test (${why}).`, 'Run it again.')
  }
}

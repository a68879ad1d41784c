import { expect, test } from 'vitest'
import { readEvents, type ServerEvent } from '../../client/lib/event-stream.ts'

const BODY =
  ': hello\n\nevent: step\ndata: {"name":"auth","note":"grüße"}\n\ndata: one\ndata: two\r\n\r\ndata: last\n\n'
const EVENTS = [
  { event: 'step', data: '{"name":"auth","note":"grüße"}' },
  { event: 'message', data: 'one\ntwo' },
  { event: 'message', data: 'last' },
]

/** The bytes of a text in pieces of one size, as a network may cut them. */
function pieces(text: string, size: number): ReadableStream<Uint8Array> {
  const bytes = new TextEncoder().encode(text)
  return new ReadableStream({
    start(controller) {
      for (let at = 0; at < bytes.length; at += size) controller.enqueue(bytes.slice(at, at + size))
      controller.close()
    },
  })
}

async function eventsOf(body: ReadableStream<Uint8Array>): Promise<ServerEvent[]> {
  const events: ServerEvent[] = []
  for await (const event of readEvents(body)) events.push(event)
  return events
}

test.each([1, 2, 3, 7, 64, 10_000])('the events are the same when the bytes come %d at a time', async (size) => {
  expect(await eventsOf(pieces(BODY, size))).toEqual(EVENTS)
})

test('an event that was cut off before its blank line is not handed on', async () => {
  expect(await eventsOf(pieces('data: whole\n\ndata: hal', 4))).toEqual([{ event: 'message', data: 'whole' }])
})

test('leaving early tells the server to stop', async () => {
  let isCancelled = false
  const body = new ReadableStream<Uint8Array>({
    start: (controller) => controller.enqueue(new TextEncoder().encode('data: first\n\n')),
    cancel: () => {
      isCancelled = true
    },
  })

  for await (const event of readEvents(body)) if (event.data === 'first') break

  expect(isCancelled).toBe(true)
})

export type ServerEvent = { event: string; data: string; id?: string }

/** The events of a text/event-stream body, in order, however the bytes were cut into pieces. */
export async function* readEvents(body: ReadableStream<Uint8Array>): AsyncGenerator<ServerEvent> {
  const reader = body.getReader()
  const decoder = new TextDecoder()
  let buffered = ''
  try {
    while (true) {
      const { done, value } = await reader.read()
      buffered += done ? decoder.decode() : decoder.decode(value, { stream: true })
      // A CR at the very end may be the first half of CRLF: it waits for the next piece.
      const usable = !done && buffered.endsWith('\r') ? buffered.length - 1 : buffered.length
      const blocks = buffered.slice(0, usable).replace(/\r\n?/g, '\n').split('\n\n')
      const rest = blocks.pop() ?? ''
      buffered = rest + buffered.slice(usable)
      for (const block of blocks) {
        const event = readBlock(block)
        if (event) yield event
      }
      if (done) return
    }
  } finally {
    await reader.cancel().catch(() => undefined)
  }
}

function readBlock(block: string): ServerEvent | undefined {
  let event = 'message'
  const data: string[] = []
  let id: string | undefined
  for (const line of block.split('\n')) {
    const colon = line.indexOf(':')
    const name = colon < 0 ? line : line.slice(0, colon)
    const value = colon < 0 ? '' : line.slice(colon + 1).replace(/^ /, '')
    if (name === 'event') event = value
    if (name === 'data') data.push(value)
    if (name === 'id') id = value
  }
  return data.length ? { event, data: data.join('\n'), ...(id !== undefined && { id }) } : undefined
}

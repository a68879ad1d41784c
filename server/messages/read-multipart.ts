import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import type { ReadableStream } from 'node:stream/web'
import { Busboy } from '@fastify/busboy'
import { Refusal } from '../errors.ts'

export type ArrivingFile = { name: string; contentType: string; stream: AsyncIterable<Uint8Array> }
type Multipart = { contentType: string; body: ReadableStream<Uint8Array> | null }

/**
 * Reads multipart/form-data as it arrives: the part `message`, then the part `file`, which `onFile` takes from the
 * stream. What `onFile` refuses is not read to its end.
 */
export async function readMultipart<Answer>(
  { contentType, body }: Multipart,
  onFile: (message: Uint8Array, file: ArrivingFile) => Promise<Answer>,
): Promise<Answer> {
  const parser = parserOf(contentType)
  const stopping = new AbortController()
  let message: Promise<Uint8Array> | undefined
  let taking: Promise<Answer> | undefined
  let file: Readable | undefined
  let problem: Refusal | undefined
  const whole = Promise.withResolvers<void>()
  whole.promise.catch(() => {})
  const refuse = (refusal: Refusal) => {
    problem ??= refusal
    stopping.abort()
  }
  parser.on('file', (name, stream, fileName, _encoding, type) => {
    // It may end in the middle while nobody reads it, and an error that nobody hears would end the process.
    stream.on('error', () => {})
    if (name === 'message' && fileName === undefined && !message) {
      message = bytesOf(stream)
      message.catch(refuse)
      return
    }
    file = stream
    if (name !== 'file' || taking) return refuse(wrongPart(name))
    if (message === undefined) return refuse(wrongPart('file', 'The part message comes first, then the part file.'))
    taking = message.then((bytes) =>
      onFile(bytes, { name: asNamed(fileName ?? ''), contentType: type, stream: thenWhole(stream, whole.promise) }),
    )
    taking.catch(() => stopping.abort())
  })
  try {
    await pipeline(body ? Readable.fromWeb(body) : Readable.from([]), parser, { signal: stopping.signal })
    if (problem) throw problem
    whole.resolve()
  } catch {
    problem ??= endedEarly()
    whole.reject(problem)
    // Whoever reads the file must not wait for the rest of it.
    file?.destroy(problem)
  }
  if (taking) return taking
  throw problem ?? wrongPart('file', 'The part file is missing.')
}

/** The three signs that a form writes otherwise in a file's name (HTML Living Standard, multipart/form-data). */
const asNamed = (fileName: string): string => fileName.replace(/%(?:22|0D|0A)/g, decodeURIComponent)

/** As they came: the parser would make what is no UTF-8 into other characters. */
async function bytesOf(part: AsyncIterable<Uint8Array>): Promise<Uint8Array> {
  const chunks: Uint8Array[] = []
  let size = 0
  for await (const chunk of untilCut(part)) {
    size += chunk.length
    if (size > MOST_MESSAGE_BYTES) {
      throw new Refusal('too_large', 'The part message is larger than 1 MB.', { field: 'message' })
    }
    chunks.push(chunk)
  }
  return Buffer.concat(chunks)
}

/** The parser tells of a file that breaks off in words of its own, which would pass for a bug of ours. */
async function* untilCut(stream: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  try {
    yield* stream
  } catch (error) {
    throw error instanceof Refusal ? error : endedEarly()
  }
}

/** A file that ends only once the rest of the body was found to be in order: a second file would be lost unsaid. */
async function* thenWhole(stream: AsyncIterable<Uint8Array>, whole: Promise<void>): AsyncGenerator<Uint8Array> {
  yield* untilCut(stream)
  await whole
}

const endedEarly = () =>
  new Refusal('malformed', 'The body ended before it was whole, or is no multipart.', { field: 'body' })

/** As large as any other body. */
const MOST_MESSAGE_BYTES = 1024 * 1024

function parserOf(contentType: string) {
  try {
    return new Busboy({
      headers: { 'content-type': contentType },
      limits: { headerPairs: 20, headerSize: 8 * 1024 },
      isPartAFile: () => true,
    })
  } catch {
    throw new Refusal('malformed', 'The header content-type names no boundary.', { field: 'body' })
  }
}

const wrongPart = (name: string | undefined, why = 'A body with a file has one part message, then one part file.') =>
  new Refusal('malformed', why, { field: name ?? 'body' })

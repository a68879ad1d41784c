import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { stat } from 'node:fs/promises'
import { basename } from 'node:path'
import { NewMessage } from '../../shared/messages.ts'
import '../../shared/schema-words.ts'
import { EXIT, Problem, wrongUsage } from './problem.ts'
import { readAtMost } from './read-at-most.ts'

export type ContentOptions = { text?: string; textFile?: string; blocks?: string; file?: string; altText?: string }

/** What is to be posted, read and checked before anything is asked of anybody. */
export type PostContent = {
  text?: string
  blocks?: Record<string, unknown>[]
  file?: ContentFile
  altText?: string
}

export type ContentFile = { path: string; name: string; sizeBytes: number; modifiedMs: number }

export async function readContent(options: ContentOptions): Promise<PostContent> {
  const { altText } = options
  if (options.text !== undefined && options.textFile !== undefined) throw wrongUsage('The text is given twice.')
  if (altText !== undefined && options.file === undefined) throw wrongUsage('--alt-text goes with --file.')
  const text = await readText(options)
  const blocks = options.blocks === undefined ? undefined : await readBlocks(options.blocks)
  const file = options.file === undefined ? undefined : await findFile(options.file)
  if (text === undefined && !blocks && !file) {
    throw wrongUsage(
      'There is nothing to post.',
      'Give a text, --text-file, --blocks or --file; - reads standard input.',
    )
  }
  return {
    ...(text !== undefined && { text }),
    ...(blocks && { blocks }),
    ...(file && { file }),
    ...(altText && { altText }),
  }
}

/** The same for the same content, and for no other. */
export async function fingerprintOf(content: PostContent, place: string): Promise<string> {
  const hash = createHash('sha256')
  hash.update(JSON.stringify([place, content.text, content.blocks, content.altText, content.file?.name]))
  if (content.file) for await (const piece of createReadStream(content.file.path)) hash.update(piece)
  return hash.digest('hex')
}

/** The bytes of the file; breaks off when it is no longer the file that was found, so that no mixture of two is posted. */
export async function* bytesOf({ path, sizeBytes, modifiedMs }: ContentFile): AsyncGenerator<Uint8Array> {
  let leftBytes = sizeBytes
  try {
    for await (const piece of createReadStream(path)) {
      leftBytes -= piece.length
      if (leftBytes < 0) break
      yield piece
    }
  } catch (error) {
    unreadable('--file', path, error as NodeJS.ErrnoException)
  }
  const now = await stat(path).catch((error: NodeJS.ErrnoException) => unreadable('--file', path, error))
  if (leftBytes === 0 && now.mtimeMs === modifiedMs) return
  throw new Problem(
    EXIT.failed,
    `The file ${path} changed while it was sent, so it is not posted.`,
    'Post a copy that nobody writes to.',
  )
}

/** What Slack takes at most. */
const LARGEST_FILE_BYTES = 1024 ** 3
const LARGEST_TEXT_BYTES = 1024 ** 2

async function readText({ text, textFile }: ContentOptions): Promise<string | undefined> {
  if (text === undefined && textFile === undefined) return undefined
  const isFromStdin = text === '-' || textFile === '-'
  const given = isFromStdin
    ? decoded(await readWhole('--text-file', '-'), 'Standard input')
    : textFile !== undefined
      ? decoded(await readWhole('--text-file', textFile), `The file ${textFile}`)
      : (text ?? '')
  const trimmed = given.trim()
  if (trimmed === '') throw wrongUsage(isFromStdin ? 'Standard input holds no text.' : 'The text is empty.')
  return trimmed
}

async function readBlocks(path: string): Promise<Record<string, unknown>[]> {
  const text = decoded(await readWhole('--blocks', path), `The file ${path}`)
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch (error) {
    throw new Problem(EXIT.failed, `The blocks in ${path} are no JSON: ${(error as Error).message}`)
  }
  // Slack's Block Kit Builder writes the list into an object.
  const list = typeof value === 'object' && value !== null && 'blocks' in value ? value.blocks : value
  const read = NewMessage.shape.blocks.unwrap().min(1).safeParse(list)
  if (!read.success) {
    const [wrong] = read.error.issues
    const where = wrong?.path.length ? ` at block ${Number(wrong.path[0]) + 1}` : ''
    throw new Problem(EXIT.failed, `${path} holds no list of 1 to 50 blocks${where}: ${wrong?.message}`)
  }
  const untyped = read.data.findIndex(({ type }) => typeof type !== 'string' || type === '')
  if (untyped >= 0) throw new Problem(EXIT.failed, `Block ${untyped + 1} in ${path} has no type.`)
  return read.data
}

async function findFile(path: string): Promise<ContentFile> {
  const found = await stat(path).catch((error: NodeJS.ErrnoException) => unreadable('--file', path, error))
  if (!found.isFile()) throw new Problem(EXIT.failed, `${path} is no file.`)
  if (found.size === 0) throw new Problem(EXIT.failed, `${path} is empty, and Slack takes no empty file.`)
  if (found.size > LARGEST_FILE_BYTES)
    throw new Problem(EXIT.failed, `${path} is larger than the 1 GB that Slack takes.`)
  return { path, name: basename(path), sizeBytes: found.size, modifiedMs: found.mtimeMs }
}

async function readWhole(option: string, path: string): Promise<Buffer> {
  const read = await readAtMost(path, LARGEST_TEXT_BYTES).catch((error: NodeJS.ErrnoException) =>
    unreadable(option, path, error),
  )
  if (read) return read
  throw new Problem(
    EXIT.failed,
    `${path === '-' ? 'Standard input' : path} is larger than 1 MB.`,
    'Post it as a --file.',
  )
}

function unreadable(option: string, path: string, { code }: NodeJS.ErrnoException): never {
  const why = code === 'ENOENT' ? 'is not there' : `can't be read (${code})`
  throw new Problem(EXIT.failed, `The file ${path} ${why}.`, `Check the path that ${option} gives.`)
}

function decoded(bytes: Buffer, what: string): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch {
    throw new Problem(EXIT.failed, `${what} is not in UTF-8.`, 'Convert it, for example with iconv.')
  }
}

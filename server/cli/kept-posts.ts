import { createHash, randomUUID } from 'node:crypto'
import { link, mkdir, open, readdir, readFile, rename, rm } from 'node:fs/promises'
import { homedir, hostname } from 'node:os'
import { dirname, join, resolve } from 'node:path'
import { z } from 'zod'
import { note } from './print.ts'
import { EXIT, Problem } from './problem.ts'

/** What is known of a post that was made under a key. */
export const KeptPost = z.object({
  key: z.string(),
  deliveryId: z.string(),
  /** Of what was said and where. */
  fingerprint: z.string(),
  place: z.string(),
  /** Epoch milliseconds: of the first try under this key, and of this one. */
  since: z.number(),
  at: z.number(),
  /** By then the try has ended, whatever became of its process. */
  endsAt: z.number(),
  pid: z.number(),
  host: z.string(),
  /** `sending` until the outcome is known; one whose process is gone is as good as `unknown`. */
  state: z.enum(['sending', 'unknown', 'sent', 'failed']),
  conversationId: z.string().optional(),
  messageTs: z.string().optional(),
  permalink: z.string().optional(),
  uploadId: z.string().optional(),
})
export type KeptPost = z.infer<typeof KeptPost>

/** The posts under one key. Each try is a file of its own, made before the first byte leaves for Slack. */
export type Kept = { folder: string; number: number; post: KeptPost | undefined }

/** The last try under this key. */
export async function readKept(key: string): Promise<Kept> {
  const folder = join(stateFolder(), 'posts', createHash('sha256').update(key).digest('hex').slice(0, 32))
  try {
    await mkdir(folder, { recursive: true, mode: 0o700 })
    const numbers = (await readdir(folder)).map((name) => Number(/^(\d+)\.json$/.exec(name)?.[1] ?? 0))
    const number = Math.max(0, ...numbers)
    if (number === 0) return { folder, number, post: undefined }
    const read = KeptPost.safeParse(JSON.parse(await readFile(fileOf(folder, number), 'utf8')))
    return { folder, number, post: read.data ?? unreadable(folder) }
  } catch (error) {
    if (error instanceof SyntaxError) return unreadable(folder)
    throw asProblem(error, folder)
  }
}

/** Makes the next try this process's own. Of two that want to at the same time one gets it, the other is refused. */
export async function claimKept(kept: Kept, post: KeptPost): Promise<Kept> {
  const number = kept.number + 1
  const draft = join(kept.folder, `.${randomUUID()}`)
  try {
    await writeThrough(draft, post)
    await link(draft, fileOf(kept.folder, number))
    await rm(draft)
    await syncFolder(kept.folder)
    if (kept.number === 0) await syncFolder(dirname(kept.folder))
  } catch (error) {
    await rm(draft, { force: true })
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') throw underWay(post.key)
    throw asProblem(error, kept.folder)
  }
  return { ...kept, number, post }
}

/** Writes down what became of it. Where that fails the try stays in doubt, and the next run looks for it. */
export async function settleKept({ folder, number }: Kept, post: KeptPost): Promise<void> {
  const draft = join(folder, `.${randomUUID()}`)
  try {
    await writeThrough(draft, post)
    await rename(draft, fileOf(folder, number))
    await syncFolder(folder)
  } catch (error) {
    note(`Warning: what became of it can't be written down in ${folder}: ${(error as Error).message}`)
  }
}

/** Whether the process that makes the post may still be at it. */
export function isUnderWay({ state, host, pid, endsAt }: KeptPost, now: number): boolean {
  if (state !== 'sending' || now > endsAt) return false
  // A folder may be shared by machines, and of another one's processes nothing is known here.
  if (host !== hostname()) return true
  // In a container every run may get the same process id, and this one has sent nothing yet.
  return pid !== process.pid && isAlive(pid)
}

export function underWay(key: string): Problem {
  return new Problem(
    EXIT.failed,
    `Another run with the key ${key} is posting this very moment, so this one posts nothing.`,
    'Wait until it has ended, then run this again: it tells what became of it.',
  )
}

/** The server's data folder where one is named, else where programs keep their state. */
function stateFolder(): string {
  const { SWITCHBOARD_DATA_DIR, XDG_STATE_HOME } = process.env
  if (SWITCHBOARD_DATA_DIR) return resolve(SWITCHBOARD_DATA_DIR)
  return join(XDG_STATE_HOME || join(homedir(), '.local/state'), 'switchboard')
}

const fileOf = (folder: string, number: number) => join(folder, `${number}.json`)

async function writeThrough(path: string, post: KeptPost): Promise<void> {
  const file = await open(path, 'wx', 0o600)
  try {
    await file.writeFile(JSON.stringify(post))
    await file.sync()
  } finally {
    await file.close()
  }
}

/** A new name is safe only once its folder is. */
async function syncFolder(path: string): Promise<void> {
  const folder = await open(path)
  try {
    await folder.sync()
  } finally {
    await folder.close()
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM'
  }
}

function unreadable(folder: string): never {
  throw new Problem(
    EXIT.failed,
    `What was kept of this key in ${folder} can't be read, so it is not known whether the message was posted.`,
    'Look in Slack. If it is not there, remove that folder and run this again.',
  )
}

function asProblem(error: unknown, folder: string): unknown {
  const { code } = error as NodeJS.ErrnoException
  if (typeof code !== 'string') return error
  return new Problem(
    EXIT.failed,
    `The state of --key can't be kept in ${folder} (${code}), so nothing was posted.`,
    'Name a folder that can be written by SWITCHBOARD_DATA_DIR or XDG_STATE_HOME.',
  )
}

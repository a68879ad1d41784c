import { randomBytes } from 'node:crypto'
import { closeSync, fsyncSync, mkdirSync, openSync, readFileSync, statSync, unlinkSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import { CannotStart } from '../errors.ts'

export const MASTER_KEY_FILE = 'master.key'

/**
 * The master key from the settings, else from `master.key` in the data folder, which is made on the first start (mode
 * 0600). Says so when the file can be read by others.
 */
export function loadMasterKey(given: Buffer | undefined, dataDir: string): { key: Buffer; warning?: string } {
  if (given) return { key: given }
  const path = join(dataDir, MASTER_KEY_FILE)
  try {
    mkdirSync(dataDir, { recursive: true, mode: 0o700 })
    const key = makeKey(path) ?? Buffer.from(readFileSync(path, 'utf8').trim(), 'base64')
    if (key.length !== 32) throw new CannotStart(`${path} does not hold 32 bytes as base64. ${WAY_OUT}`)
    const open = (statSync(path).mode & 0o077) !== 0
    return open ? { key, warning: `${path} can be read by others: run chmod 600 ${path}` } : { key }
  } catch (error) {
    if (error instanceof CannotStart) throw error
    throw new CannotStart(`The master key ${path} can't be read or made (${(error as Error).message}). ${MAKE_IT_WORK}`)
  }
}

const WAY_OUT =
  'Put back the key that was there before, from a backup: without it the secrets in the database can’t be opened. ' +
  'If nothing was ever set up with it, remove the file, and the next start makes a new one.'
const MAKE_IT_WORK =
  'Let this user read and write it, or name another place in SWITCHBOARD_MASTER_KEY_FILE or SWITCHBOARD_DATA_DIR.'

/** A new key in a new file; undefined when there is one. No file is left that holds half a key. */
function makeKey(path: string): Buffer | undefined {
  let file: number
  try {
    file = openSync(path, 'wx', 0o600)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return undefined
    throw error
  }
  const made = randomBytes(32)
  try {
    writeSync(file, `${made.toString('base64')}\n`)
    fsyncSync(file)
  } catch (error) {
    unlinkSync(path)
    throw error
  } finally {
    closeSync(file)
  }
  return made
}

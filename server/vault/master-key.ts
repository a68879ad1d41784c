import { randomBytes } from 'node:crypto'
import { closeSync, fsyncSync, mkdirSync, openSync, readFileSync, statSync, writeSync } from 'node:fs'
import { join } from 'node:path'

export const MASTER_KEY_FILE = 'master.key'

/**
 * The master key from the settings, else from `master.key` in the data folder, which is made on the first start (mode
 * 0600). Says so when the file can be read by others.
 */
export function loadMasterKey(given: Buffer | undefined, dataDir: string): { key: Buffer; warning?: string } {
  if (given) return { key: given }
  const path = join(dataDir, MASTER_KEY_FILE)
  mkdirSync(dataDir, { recursive: true, mode: 0o700 })
  const made = randomBytes(32)
  try {
    const file = openSync(path, 'wx', 0o600)
    writeSync(file, `${made.toString('base64')}\n`)
    fsyncSync(file)
    closeSync(file)
    return { key: made }
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
  }
  const key = Buffer.from(readFileSync(path, 'utf8').trim(), 'base64')
  if (key.length !== 32) throw new Error(`${path} does not hold 32 bytes as base64. Restore it from a backup.`)
  const open = (statSync(path).mode & 0o077) !== 0
  return open ? { key, warning: `${path} can be read by others: run chmod 600 ${path}` } : { key }
}

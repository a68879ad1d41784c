import { execFile } from 'node:child_process'
import fs from 'node:fs'
import path from 'node:path'
import { promisify } from 'node:util'

const ROOT = path.join(import.meta.dirname, '../..')
const BUILT = path.join(ROOT, 'dist/client')
const SOURCES = ['client', 'shared', 'vite.config.ts', 'package-lock.json']

/** Builds the console unless what stands is newer than everything it is made of. */
export async function ensureConsole(): Promise<string> {
  const page = path.join(BUILT, 'index.html')
  const builtAt = fs.existsSync(page) ? fs.statSync(page).mtimeMs : 0
  if (newestChange() <= builtAt) return BUILT
  const vite = path.join(ROOT, 'node_modules/vite/bin/vite.js')
  // A process of its own: in this one NODE_ENV says test, which would put React's development build in the bundle.
  await promisify(execFile)(process.execPath, [vite, 'build', '--logLevel', 'warn'], {
    cwd: ROOT,
    env: { ...process.env, NODE_ENV: 'production' },
  })
  return BUILT
}

function newestChange(): number {
  const files = SOURCES.flatMap((source) => {
    const at = path.join(ROOT, source)
    if (!fs.statSync(at).isDirectory()) return [at]
    return fs
      .readdirSync(at, { recursive: true, withFileTypes: true })
      .map((file) => path.join(file.parentPath, file.name))
  })
  return Math.max(...files.map((file) => fs.statSync(file).mtimeMs))
}

import { execFile } from 'node:child_process'
import path from 'node:path'
import { promisify } from 'node:util'

const ROOT = path.join(import.meta.dirname, '../..')
const BUILD = `
  const { buildConsole, CLIENT_DIR } = await import('./server/cli/build.ts')
  await buildConsole()
  process.stdout.write(CLIENT_DIR)`

/** Builds the console if what stands is older than its sources, and gives its folder. */
export async function ensureConsole(): Promise<string> {
  // A process of its own: in this one NODE_ENV says test, which would put React's development build in the bundle.
  const { VITEST: _vitest, MODE: _mode, ...env } = process.env
  const { stdout } = await promisify(execFile)(process.execPath, ['--input-type=module', '--eval', BUILD], {
    cwd: ROOT,
    env: { ...env, NODE_ENV: 'production' },
  })
  return stdout.split('\n').at(-1) ?? ''
}

import { existsSync } from 'node:fs'
import { readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { brotliCompress, constants, gzip } from 'node:zlib'

const ROOT = fileURLToPath(new URL('../../', import.meta.url))
export const CLIENT_DIR = join(ROOT, 'dist/client')
/** Written last, so that a build that was interrupted counts as none. */
const STAMP = '.built'
const SOURCES = ['client', 'shared', 'vite.config.ts', 'package-lock.json']

/** Builds the console unless the last build is newer than all that goes into it. */
export async function buildConsole(options: { always?: boolean } = {}): Promise<{ built: boolean }> {
  if (!options.always && (await isFresh())) return { built: false }
  const { build } = await import('vite')
  // Built beside the old one and put in its place whole, so that a server that runs meanwhile always has a console.
  const made = `${CLIENT_DIR}.${process.pid}`
  const replaced = `${made}.old`
  await build({
    configFile: join(ROOT, 'vite.config.ts'),
    logLevel: 'warn',
    build: { outDir: made, emptyOutDir: true },
  })
  await compressAssets(join(made, 'assets'))
  await writeFile(join(made, STAMP), '')
  if (existsSync(CLIENT_DIR)) await rename(CLIENT_DIR, replaced)
  await rename(made, CLIENT_DIR)
  await rm(replaced, { recursive: true, force: true })
  return { built: true }
}

async function isFresh(): Promise<boolean> {
  const stamp = join(CLIENT_DIR, STAMP)
  if (!existsSync(stamp)) return false
  const builtAt = (await stat(stamp)).mtimeMs
  // An installation without its sources has what it was shipped with.
  const newest = await Promise.all(SOURCES.map((source) => newestChange(join(ROOT, source))))
  return newest.every((changedAt) => changedAt <= builtAt)
}

async function newestChange(path: string): Promise<number> {
  if (!existsSync(path)) return 0
  const about = await stat(path)
  if (!about.isDirectory()) return about.mtimeMs
  const entries = await readdir(path)
  return Math.max(0, ...(await Promise.all(entries.map((entry) => newestChange(join(path, entry))))))
}

/** Once at build time and at the best level, instead of on every request. */
async function compressAssets(folder: string): Promise<void> {
  const files = (await readdir(folder)).filter((name) => /\.(js|css|svg)$/.test(name))
  await Promise.all(
    files.map(async (name) => {
      const path = join(folder, name)
      const content = await readFile(path)
      const quality = { params: { [constants.BROTLI_PARAM_QUALITY]: 9 } }
      await writeFile(`${path}.br`, await promisify(brotliCompress)(content, quality))
      await writeFile(`${path}.gz`, await promisify(gzip)(content, { level: 9 }))
    }),
  )
}

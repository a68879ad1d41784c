import fs from 'node:fs'
import path from 'node:path'
import { gzipSync } from 'node:zlib'
import { beforeAll, expect, test } from 'vitest'
import { builtConsole } from '../support/ground.ts'

const MOST_BYTES = 220_000

let assets = ''
let entry = ''

beforeAll(async () => {
  const folder = await builtConsole()
  assets = path.join(folder, 'assets')
  entry = /src="[^"]*assets\/([^"]+\.js)"/.exec(fs.readFileSync(path.join(folder, 'index.html'), 'utf8'))?.[1] ?? ''
}, 120_000)

test.each(['SignInPage', 'SetupPage', 'IntegrationsPage'])('opening %s loads less than 220 kB of script', (page) => {
  const bytes = loadedBy(page).reduce((sum, file) => sum + gzipSync(read(file)).length, 0)

  expect(bytes).toBeLessThan(MOST_BYTES)
})

test.each(['SignInPage', 'SetupPage', 'IntegrationsPage'])('opening %s loads no chart library', (page) => {
  const code = loadedBy(page).map(read).join('')

  expect(code).not.toContain('recharts')
})

/** The entry, the page, and all they import before they run. */
function loadedBy(page: string): string[] {
  const chunk = fs.readdirSync(assets).find((file) => file.startsWith(`${page}-`) && file.endsWith('.js'))
  if (!chunk) throw new Error(`the console has no page called ${page}`)
  const loaded = new Set<string>()
  const add = (file: string) => {
    if (loaded.has(file)) return
    loaded.add(file)
    for (const [, imported = ''] of read(file).matchAll(/(?:from|import)\s*["']\.\/([^"']+\.js)["']/g)) add(imported)
  }
  add(entry)
  add(chunk)
  return [...loaded]
}

function read(file: string): string {
  return fs.readFileSync(path.join(assets, file), 'utf8')
}

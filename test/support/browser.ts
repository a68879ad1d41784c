import { spawnSync } from 'node:child_process'
import fs from 'node:fs'
import { createRequire } from 'node:module'
import path from 'node:path'
import { AxeBuilder } from '@axe-core/playwright'
import { type Browser, chromium, type LaunchOptions, type Page } from 'playwright-core'
import { expect, onTestFinished } from 'vitest'
import { builtConsole } from './ground.ts'

const SYSTEM_BROWSERS = ['/usr/bin/chromium', '/usr/bin/chromium-headless-shell', '/usr/bin/google-chrome']
/** Everything WCAG 2.2 asks at levels A and AA; axe names each rule by the version that brought it. */
const WCAG_22_AA = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa']
const LOOPBACK = ['127.0.0.1', 'localhost', '[::1]']

type Look = { width?: number; height?: number; scheme?: 'light' | 'dark'; reducedMotion?: boolean }

/** How every page is looked at: scheme, width, height. */
export const LOOKS = [
  ['light', 1440, 900],
  ['dark', 1440, 900],
  ['light', 390, 844],
  ['dark', 390, 844],
] as const

const troubles = new WeakMap<Page, string[]>()

/** A headless browser; the caller closes it. The console is built by then: no test has to do it in its own time. */
export async function openBrowser(): Promise<Browser> {
  await builtConsole()
  return chromium.launch(await ensureBrowser())
}

/** A page in a context of its own, at one size and in one scheme, for one test. It reaches loopback only. */
export async function newPage(browser: Browser, look: Look = {}): Promise<Page> {
  const { width = 1440, height = 900, scheme = 'light', reducedMotion = true } = look
  const context = await browser.newContext({
    viewport: { width, height },
    colorScheme: scheme,
    reducedMotion: reducedMotion ? 'reduce' : 'no-preference',
    locale: 'en-GB',
    timezoneId: 'UTC',
    serviceWorkers: 'block',
  })
  // Left open it would go on asking a server that is gone, and keep the processor from the tests after it.
  onTestFinished(async ({ task }) => {
    if (task.result?.state !== 'fail') await context.close()
  })
  await context.grantPermissions(['clipboard-read', 'clipboard-write'])
  const page = await context.newPage()
  const seen: string[] = []
  troubles.set(page, seen)
  await context.route(
    (url) => url.protocol.startsWith('http') && !LOOPBACK.includes(url.hostname),
    (route) => {
      seen.push(`asked another host: ${route.request().url()}`)
      return route.abort()
    },
  )
  page.on('pageerror', (error) => seen.push(`uncaught: ${error.stack ?? error.message}`))
  page.on('console', (message) => {
    if (message.type() === 'error') seen.push(`console: ${message.text()}`)
  })
  return page
}

/** What went wrong on a page unseen: uncaught errors, console errors, requests to other hosts. */
export function troubleOn(page: Page): string[] {
  return troubles.get(page) ?? []
}

/** Fails with each broken rule, the elements that break it and where to read about it. */
export async function expectNoAxeViolations(page: Page): Promise<void> {
  const { violations } = await new AxeBuilder({ page }).withTags(WCAG_22_AA).analyze()
  const told = violations.map(({ id, help, helpUrl, nodes }) => ({
    rule: `${id}: ${help} (${helpUrl})`,
    elements: nodes.map((node) => `${node.html} ${node.failureSummary ?? ''}`),
  }))
  expect(told, `accessibility of ${page.url()}`).toEqual([])
}

/** Keeps a picture of the whole page in the folder that SCREENSHOTS names, or does nothing. */
export async function screenshot(page: Page, name: string): Promise<void> {
  const folder = process.env.SCREENSHOTS
  if (folder) await page.screenshot({ path: path.join(folder, `${name}.png`), fullPage: true })
}

/** Finds a Chromium, unpacking the one npm brought if need be, and says how to start it. */
export async function ensureBrowser(): Promise<LaunchOptions> {
  const args = process.getuid?.() === 0 ? ['--no-sandbox'] : []
  if (process.env.CHROMIUM_PATH) return { executablePath: process.env.CHROMIUM_PATH, args }
  if (fs.existsSync(chromium.executablePath())) return { args }
  if (process.platform === 'linux' && process.arch === 'x64') return packagedBrowser()
  const system = SYSTEM_BROWSERS.find((file) => fs.existsSync(file))
  if (system) return { executablePath: system, args }
  if (process.platform !== 'linux') return { channel: 'chrome', args }
  throw new Error('No Chromium: set CHROMIUM_PATH, or run npx playwright-core install chromium-headless-shell')
}

/** The package's own arguments hold --single-process, which ends the browser with its first context: not used. */
async function packagedBrowser(): Promise<LaunchOptions> {
  const folder = await unpacked()
  const executablePath = path.join(folder, 'chromium')
  const env: Record<string, string> = {}
  for (const [name, value] of Object.entries(process.env)) if (value !== undefined) env[name] = value
  const libraries = spawnSync('ldd', [executablePath], { encoding: 'utf8' }).stdout ?? 'not found'
  if (libraries.includes('not found')) env.LD_LIBRARY_PATH = path.join(folder, 'al2023/lib')
  if (!fs.existsSync('/etc/fonts/fonts.conf')) env.FONTCONFIG_PATH = path.join(folder, 'fonts')
  return { executablePath, args: ['--no-sandbox'], env }
}

/** The package always unpacks below TMPDIR; a folder of our own, renamed when whole, keeps versions and runs apart. */
async function unpacked(): Promise<string> {
  const entry = createRequire(import.meta.url).resolve('@sparticuz/chromium')
  const root = path.join(path.dirname(entry), '..')
  const { version }: { version: string } = JSON.parse(fs.readFileSync(path.join(root, 'package.json'), 'utf8'))
  const folder = path.join(root, '../../.cache', `chromium-${version}`)
  if (fs.existsSync(path.join(folder, 'chromium'))) return folder
  const unfinished = `${folder}.${process.pid}`
  fs.mkdirSync(unfinished, { recursive: true })
  const before = process.env.TMPDIR
  process.env.TMPDIR = unfinished
  try {
    const packaged = await import('@sparticuz/chromium')
    await packaged.default.executablePath()
    await packaged.inflate(path.join(root, 'bin/al2023.tar.br')) // NSS and friends, which a bare system lacks
  } finally {
    if (before === undefined) delete process.env.TMPDIR
    else process.env.TMPDIR = before
  }
  fs.chmodSync(path.join(unfinished, 'chromium'), 0o755)
  try {
    fs.renameSync(unfinished, folder)
  } catch {
    fs.rmSync(unfinished, { recursive: true, force: true }) // another run was first
  }
  return folder
}

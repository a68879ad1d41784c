import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { acceptance } from '../server/configuration/ask.ts'
import { expectNoAxeViolations, LOOKS, openBrowser, screenshot, troubleOn } from '../support/browser.ts'
import { openAs, startConsole } from '../support/console-page.ts'

const STUDIO = acceptance('studio-platform.yaml')
const PATH = '/notifications/configuration'

let browser: Browser
beforeAll(async () => {
  browser = await openBrowser()
})
afterAll(() => browser.close())

async function planOf(page: Page, text: string): Promise<void> {
  await page.getByLabel('File', { exact: true }).fill(text)
  await page.getByRole('button', { name: 'Show the plan' }).click()
  await page.getByRole('heading', { name: 'Plan' }).waitFor()
}

describe('the configuration page', () => {
  test('shows the plan of a platform’s file, with what there is to say at its lines', async () => {
    await using world = await startConsole()
    await world.havingIntegration()
    const page = await openAs(browser, world, 'admin', PATH)
    await page.getByText('No file was applied yet').waitFor()

    await planOf(page, STUDIO)

    const problems = page.getByRole('list', { name: 'Problems of the file' })
    await problems.getByText(/interactive:write: Not a scope of Slack/).waitFor()
    await problems.getByRole('button', { name: 'Warning, line 11, column 5' }).click()
    const line = await page.getByLabel('File', { exact: true }).evaluate((field) => {
      const { value, selectionStart, selectionEnd } = field as HTMLTextAreaElement
      return value.slice(selectionStart, selectionEnd)
    })
    expect(line).toContain('interactive:write')
    await page.getByRole('list', { name: 'Planned changes' }).getByText('critical_alerts').first().waitFor()
    await expectNoAxeViolations(page)
    expect(troubleOn(page)).toEqual([])
  })

  test('applies it, keeps what that changed, and then has nothing to do', async () => {
    await using world = await startConsole()
    await world.havingIntegration()
    const page = await openAs(browser, world, 'admin', PATH)
    await planOf(page, STUDIO)

    await page.getByRole('button', { name: /^Apply \d+ changes$/ }).click()
    await page.getByText(/Applied as chg_/).waitFor()
    const history = page.getByRole('list', { name: 'Applied files' })
    await history.getByText('pasted').click()
    await history.getByText('security_incidents').waitFor()
    await planOf(page, STUDIO)

    await page.getByText('Nothing to do').waitFor()
    expect(troubleOn(page)).toEqual([])
  })

  test('keeps a file with mistakes from being applied, and says what was meant', async () => {
    await using world = await startConsole()
    await world.havingIntegration()
    const page = await openAs(browser, world, 'admin', PATH)

    await planOf(page, 'switchboard: 1\ntypes:\n  a:\n    mentons: ["@here"]\n')

    await page.getByText('The file can’t be applied yet').waitFor()
    await page.getByText('Did you mean mentions?').waitFor()
    expect(await page.getByRole('button', { name: /^Apply/ }).count()).toBe(0)
    await expectNoAxeViolations(page)
  })

  test('is not for those who are no admins', async () => {
    await using world = await startConsole()
    const page = await openAs(browser, world, 'operator', PATH)

    await page.getByText('Configuration files are for admins').waitFor()

    expect(await page.getByRole('button', { name: 'Export' }).count()).toBe(0)
    await expectNoAxeViolations(page)
  })
})

describe.each(LOOKS)('%s at %d px', (scheme, width, height) => {
  test('a plan and the history are accessible and do not scroll sideways', async () => {
    await using world = await startConsole()
    await world.havingIntegration()
    const admin = await world.as('admin')
    await admin.post('/api/configuration/apply', { text: STUDIO, name: 'studio-platform.yaml' })
    await admin.patch('/api/notification-types/critical_alerts', { priority: 'low', emoji: null })
    const page = await openAs(browser, world, 'admin', PATH, { scheme, width, height })

    await planOf(page, STUDIO.replace('priority: "urgent"', 'priority: "normal"'))
    await page.getByText('changed on both sides').waitFor()
    await page.getByText('studio-platform.yaml').click()

    await expectNoAxeViolations(page)
    expect(await page.evaluate(() => document.documentElement.scrollWidth - innerWidth)).toBeLessThanOrEqual(0)
    await screenshot(page, `configuration-${scheme}-${width}`)
  })
})

import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { answerDue } from '../../server/inbound/commands/worker.ts'
import { expectNoAxeViolations, LOOKS, openBrowser, screenshot, troubleOn } from '../support/browser.ts'
import { openAs, rowsOf, startConsole } from '../support/console-page.ts'
import { startPlatform } from '../support/platform.ts'
import type { World } from '../support/world.ts'

let browser: Browser
beforeAll(async () => {
  browser = await openBrowser()
})
afterAll(() => browser.close())

const DECLARED = 'Answered by your platform'

async function expectNoSidewaysScroll(page: Page): Promise<void> {
  const isWide = await page.evaluate(() => document.documentElement.scrollWidth > window.innerWidth)
  expect(isWide, `${page.url()} scrolls sideways`).toBe(false)
}

/** Two commands of the platform, one of which it can answer, each used once, and one that waits. */
async function havingUses(world: World, url: string) {
  const { id } = await world.havingIntegration()
  const admin = await world.as('admin')
  await admin.put(`/api/integrations/${id}/platform`, { url })
  await admin.put('/api/commands/compliance', {
    description: 'Check current compliance status',
    parameters: [{ name: 'framework', description: 'Compliance framework (optional)', type: 'string' }],
    handler: 'compliance_status_command',
  })
  await admin.put('/api/commands/evidence', {
    description: 'Upload compliance evidence',
    parameters: [{ name: 'type', type: 'string' }, { name: 'description' }],
    handler: 'evidence_upload_command',
  })
  world.clock.now += 1_000
  const [person] = await world.slack.people()
  const channelId = await world.slack.channel('compliance')
  const type = (command: string, text: string) => world.slack.command({ command, text, userId: person?.id, channelId })
  await type('/compliance', 'soc2')
  await type('/evidence', 'screenshot "Login page of CC6.7"')
  await answerDue(world.ctx)
  await type('/compliance', 'iso27001')
  return { id, admin }
}

test('from nothing to a command that Slack’s manifest names, then changed and dropped', async () => {
  await using world = await startConsole()
  const { id } = await world.havingIntegration()
  const page = await openAs(browser, world, 'admin', '/commands')
  await page.getByText('No command of your own yet').waitFor()
  await expectNoAxeViolations(page)
  await screenshot(page, 'commands-empty')

  await page.getByRole('button', { name: 'Declare command' }).click()
  const dialog = page.getByRole('dialog', { name: 'Declare a command' })
  await dialog.getByRole('textbox', { name: 'Command' }).fill('switchboard')
  await dialog.getByRole('textbox', { name: 'Description' }).fill('Check current compliance status')
  await dialog.getByRole('textbox', { name: 'Handler' }).fill('compliance_status_command')
  await dialog.getByRole('button', { name: 'Add parameter' }).click()
  await dialog.getByRole('textbox', { name: 'Name of parameter 1' }).fill('framework')
  await dialog.getByText('/switchboard [framework]').waitFor()
  await dialog.getByRole('button', { name: 'Declare command' }).click()
  await dialog.getByText('/switchboard is answered by Switchboard itself.').first().waitFor()
  await expectNoAxeViolations(page)
  await dialog.getByRole('textbox', { name: 'Command' }).fill('Compliance')
  await dialog.getByRole('button', { name: 'Declare command' }).click()

  const row = rowsOf(page, DECLARED).filter({ hasText: '/compliance' })
  await row.getByText('framework').waitFor()
  const manifest = await (await world.as('admin')).get(`/api/integrations/manifest?name=Acme&integrationId=${id}`)
  expect(manifest.body.json).toContain('/compliance')
  await page.getByRole('link', { name: 'Acme production' }).waitFor()

  await row.getByRole('link').click()
  const change = page.getByRole('dialog', { name: 'Change /compliance' })
  await change.getByRole('textbox', { name: 'Handler' }).fill('status')
  await change.getByRole('button', { name: 'Save changes' }).click()
  await row.getByText('status', { exact: true }).waitFor()

  await row.getByRole('button', { name: 'Actions for /compliance' }).click()
  await page.getByRole('menuitem', { name: 'Drop…' }).click()
  await page.getByRole('button', { name: 'Drop command' }).click()
  await page.getByText('No command of your own yet').waitFor()
  // The browser reports the name that was refused.
  expect(troubleOn(page).filter((line) => !/status of 422/.test(line))).toEqual([])
})

test('each use says what came of it, and leads to the call in the log of the platform', async () => {
  await using world = await startConsole()
  await using platform = await startPlatform()
  platform.answer((call, response) =>
    call.body.data.command === '/evidence' ? response.writeHead(503).end('{}') : response.end('{"text":"Fine."}'),
  )
  await havingUses(world, platform.url)
  const page = await openAs(browser, world, 'viewer', '/commands')

  const uses = rowsOf(page, 'Uses')
  await uses.filter({ hasText: 'iso27001' }).getByText('Waiting').waitFor()
  await uses.filter({ hasText: '/evidence' }).getByText('The service broke while it answered.').waitFor()
  expect(await page.getByRole('button', { name: 'Declare command' }).count()).toBe(0)
  await uses
    .filter({ hasText: 'soc2' })
    .getByRole('link', { name: /show the call/ })
    .click()
  await page
    .getByRole('dialog', { name: 'Answer to a command' })
    .getByText('"handler": "compliance_status_command"')
    .waitFor()
  await expectNoAxeViolations(page)
  expect(troubleOn(page)).toEqual([])
})

test('the tab of an integration lists them, and says when the manifest is to be copied', async () => {
  await using world = await startConsole()
  await using platform = await startPlatform()
  platform.answer((_, response) => response.end('{"text":"Fine."}'))
  const { id } = await havingUses(world, platform.url)
  const page = await openAs(browser, world, 'viewer', `/integrations/${id}/commands`)

  await rowsOf(page, 'Commands').filter({ hasText: '/evidence' }).getByText('Upload compliance evidence').waitFor()
  await rowsOf(page, 'Recent uses').filter({ hasText: 'iso27001' }).getByText('Waiting').waitFor()
  await page.getByRole('link', { name: 'copy the manifest again' }).waitFor()
  await expectNoAxeViolations(page)
  await screenshot(page, 'commands-tab')
  expect(troubleOn(page)).toEqual([])
})

test.each(LOOKS)('looks right in %s at %s by %s', async (scheme, width, height) => {
  await using world = await startConsole()
  await using platform = await startPlatform()
  platform.answer((call, response) =>
    call.body.data.command === '/evidence' ? response.writeHead(503).end('{}') : response.end('{"text":"Fine."}'),
  )
  await havingUses(world, platform.url)
  const page = await openAs(browser, world, 'admin', '/commands', { scheme, width, height })
  await rowsOf(page, 'Uses').first().waitFor()
  await rowsOf(page, DECLARED).first().waitFor()

  await expectNoAxeViolations(page)
  await expectNoSidewaysScroll(page)
  await screenshot(page, `commands-${width}-${scheme}`)
  await rowsOf(page, DECLARED).filter({ hasText: '/evidence' }).getByRole('link').click()
  await page.getByRole('dialog').getByText('/evidence [type] [description]').waitFor()
  await expectNoAxeViolations(page)
  await expectNoSidewaysScroll(page)
  await screenshot(page, `commands-dialog-${width}-${scheme}`)
  expect(troubleOn(page)).toEqual([])
})

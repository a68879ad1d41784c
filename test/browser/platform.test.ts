import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { notifyPlatform } from '../../server/platform/notify-platform.ts'
import { sendNotices } from '../../server/platform/send-notices.ts'
import { expectNoAxeViolations, LOOKS, openBrowser, screenshot, troubleOn } from '../support/browser.ts'
import { openAs, rowsOf, startConsole } from '../support/console-page.ts'
import { startPlatform } from '../support/platform.ts'

let browser: Browser
beforeAll(async () => {
  browser = await openBrowser()
})
afterAll(() => browser.close())

test('from no endpoint to a platform that is proven to check signatures', async () => {
  await using world = await startConsole()
  await using platform = await startPlatform()
  const { id } = await world.havingIntegration()
  const page = await openAs(browser, world, 'admin', `/integrations/${id}/platform`)
  await page.getByText('Where is your platform?').waitFor()
  await screenshot(page, 'platform-empty')
  await expectNoAxeViolations(page)

  await page.getByLabel('Address').fill('https://10.0.0.1/')
  await page.getByRole('button', { name: 'Save address and make secret' }).click()
  await page.getByText(/SWITCHBOARD_PLATFORM_HOSTS=10\.0\.0\.1/).waitFor()

  await page.getByLabel('Address').fill(platform.url)
  await page.getByRole('button', { name: 'Save address and make secret' }).click()
  const dialog = page.getByRole('dialog', { name: 'The secret of your platform' })
  const secret = (await dialog.getByRole('region', { name: 'Secret' }).textContent()) ?? ''
  expect(secret).toMatch(/^whsec_/)
  await expectNoAxeViolations(page)
  await dialog.getByRole('button', { name: 'I have copied it' }).click()
  await dialog.waitFor({ state: 'detached' })
  expect(await page.content()).not.toContain(secret)

  platform.trust(secret)
  await page.getByRole('button', { name: 'Send a signed ping' }).click()
  await page.getByText('A forged ping was refused').waitFor()
  await rowsOf(page, 'Calls').filter({ hasText: 'Test ping' }).getByText('Taken').waitFor()

  platform.answer((_, response) => response.writeHead(401).end())
  await page.getByRole('button', { name: 'Send a signed ping' }).click()
  await page.getByText('Not taken: 401').waitFor()
  await page.getByText(/Check that it holds the newest secret/).waitFor()
  await screenshot(page, 'platform-failed-test')

  await page.getByRole('button', { name: 'Roll secret' }).click()
  await page.getByRole('dialog').getByRole('button', { name: 'Roll secret' }).click()
  await page.getByRole('button', { name: 'I have copied it' }).click()
  await page.getByText(/also carry a signature of the secret before, until/).waitFor()

  await page.getByRole('button', { name: 'Switch off' }).click()
  await page.getByText('Off: nothing is asked').waitFor()
  // The browser reports that nothing was found where there was no endpoint, and the address that was refused.
  expect(troubleOn(page).filter((line) => !/status of (404|422)/.test(line))).toEqual([])
})

test('a viewer reads the endpoint and its calls, and changes nothing', async () => {
  await using world = await startConsole()
  await using platform = await startPlatform()
  const { id } = await world.havingIntegration()
  const admin = await world.as('admin')
  await admin.put(`/api/integrations/${id}/platform`, { url: platform.url })
  await admin.post(`/api/integrations/${id}/platform/test`)

  const page = await openAs(browser, world, 'viewer', `/integrations/${id}/platform`)
  await page.getByRole('button', { name: /Show Test ping/ }).click()

  await page.getByRole('dialog').getByText('Attempt 1:').waitFor()
  for (const name of ['Switch off', 'Roll secret', 'Delete', 'Send a signed ping']) {
    expect(await page.getByRole('button', { name, exact: true }).count()).toBe(0)
  }
})

test.each(LOOKS)('the platform tab in %s at %i px', async (scheme, width, height) => {
  await using world = await startConsole()
  await using platform = await startPlatform()
  const { id } = await world.havingIntegration()
  const admin = await world.as('admin')
  const path = `/api/integrations/${id}/platform`
  await admin.put(path, { url: `${platform.url}/of/a/long/path/that/has/to/wrap/somewhere` })
  platform.answer((_, response) => response.end('{"events":[]}'))
  await admin.post(`${path}/test`)
  await admin.post(`${path}/roll-secret`)
  platform.answer((_, response) => response.writeHead(503).end())
  await world.db
    .transaction()
    .execute((trx) => notifyPlatform(world.ctx, trx, id, { kind: 'delivery.failed', body: { id: 'dlv_1' } }))
  await sendNotices(world.ctx, id)

  const page = await openAs(browser, world, 'admin', `/integrations/${id}/platform`, { width, height, scheme })
  await page.getByText('Trying again').waitFor()
  await page.getByRole('button', { name: 'Send a signed ping' }).click()
  await page.getByText('Not taken: 503').waitFor()
  await expectNoAxeViolations(page)
  await screenshot(page, `platform-${scheme}-${width}`)
  const wider = await page.evaluate(() => document.documentElement.scrollWidth > window.innerWidth)
  expect(wider).toBe(false)

  await page.getByRole('button', { name: /Show delivery.failed/ }).click()
  await page.getByRole('dialog').getByText('Attempt 1:').waitFor()
  await expectNoAxeViolations(page)
  await screenshot(page, `platform-call-${scheme}-${width}`)
})

test.each([
  [320, 256],
  [720, 450],
])('nothing runs off the side where a browser magnifies a screen to %i by %i', async (width, height) => {
  await using world = await startConsole()
  await using platform = await startPlatform()
  const { id } = await world.havingIntegration()
  await (await world.as('admin')).put(`/api/integrations/${id}/platform`, { url: platform.url })
  const page = await openAs(browser, world, 'admin', `/integrations/${id}/platform`, { width, height })
  await page.getByRole('heading', { name: 'Platform endpoint' }).waitFor()
  const isWider = () => page.evaluate(() => document.documentElement.scrollWidth > window.innerWidth)
  expect(await isWider()).toBe(false)

  await page.goto(`${world.url}/people`)
  await page.getByRole('button', { name: 'Change Ada Ferrer' }).waitFor()
  expect(await isWider()).toBe(false)
  await page.getByRole('button', { name: 'Open navigation' }).click()
  await page.getByRole('dialog', { name: 'Navigation' }).getByRole('link', { name: 'Integrations' }).click()
  await page.getByRole('link', { name: 'Acme production' }).waitFor()
  expect(await isWider()).toBe(false)
})

import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { deliverDue } from '../../server/deliveries/worker.ts'
import { expectNoAxeViolations, LOOKS, openBrowser, screenshot, troubleOn } from '../support/browser.ts'
import { havingChannel, havingMessage, openAs, startConsole } from '../support/console-page.ts'

let browser: Browser
beforeAll(async () => {
  browser = await openBrowser()
})
afterAll(() => browser.close())

test.each(LOOKS)('an open incident is told on every page and in a list, %s at %d px', async (scheme, width, height) => {
  await using world = await startConsole()
  const { id } = await world.havingIntegration()
  for (const name of ['#audit-room', '#compliance']) {
    const destination = await havingChannel(world, id, name)
    await world.slack.changeChannel(await world.slack.channel(name.slice(1)), { archived: true })
    await havingMessage(world, destination, 'Held')
  }
  await deliverDue(world.ctx)
  const page = await openAs(browser, world, 'viewer', '/deliveries', { scheme, width, height })
  await page
    .getByRole('region', { name: 'Incidents' })
    .getByRole('link', { name: /Fix it/ })
    .waitFor()
  await screenshot(page, `banner-${scheme}-${width}`)
  await page.getByRole('link', { name: 'and 1 more' }).click()
  await page.getByRole('heading', { name: 'Incidents', level: 1 }).waitFor()
  await page.getByText('is_archived').first().waitFor()
  await screenshot(page, `incidents-${scheme}-${width}`)
  await expectNoAxeViolations(page)
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(width)
  expect(troubleOn(page)).toEqual([])
})

test.each(LOOKS)(
  'what waits is shown line by line, and can be paused, resumed and dropped, %s at %d px',
  async (scheme, width, height) => {
    await using world = await startConsole()
    const { id } = await world.havingIntegration()
    const destination = await havingChannel(world, id, '#compliance')
    for (let count = 0; count < 3; count += 1) await havingMessage(world, destination, `Message ${count}`)
    const page = await openAs(browser, world, 'operator', '/queue', { scheme, width, height })

    await page.getByText('3 normal').waitFor()
    await screenshot(page, `queue-${scheme}-${width}`)
    await expectNoAxeViolations(page)
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(width)

    await page.getByRole('button', { name: 'Actions for #compliance' }).click()
    await page.getByRole('menuitem', { name: 'Pause…' }).click()
    await page.getByRole('button', { name: 'Pause destination' }).click()
    await page.getByRole('region', { name: 'Stopped' }).getByText('3 held').waitFor()
    await page.getByText(/^The destination is paused/).waitFor()
    await screenshot(page, `queue-stopped-${scheme}-${width}`)
    await expectNoAxeViolations(page)
    await page.getByRole('button', { name: 'Resume #compliance' }).click()
    await page.getByText('3 normal').waitFor()
    await page.getByRole('button', { name: 'Actions for #compliance' }).click()
    await page.getByRole('menuitem', { name: 'Drop what waits…' }).click()
    await page.getByRole('textbox').fill('3')
    await page.getByRole('button', { name: 'Drop 3 deliveries' }).click()
    await page.getByText('3 deliveries were dropped.').waitFor()

    const states = await world.db.selectFrom('deliveries').select(['state', 'code']).execute()
    expect(states).toEqual([1, 2, 3].map(() => ({ state: 'cancelled', code: 'purged' })))
    expect(troubleOn(page)).toEqual([])
  },
)

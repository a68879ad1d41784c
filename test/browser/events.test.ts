import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { insertEvents } from '../../server/events/store.ts'
import { expectNoAxeViolations, LOOKS, openBrowser, screenshot, troubleOn } from '../support/browser.ts'
import { havingChannel, openAs, rowsOf, startConsole } from '../support/console-page.ts'
import type { World } from '../support/world.ts'

let browser: Browser
beforeAll(async () => {
  browser = await openBrowser()
})
afterAll(() => browser.close())

const VIOLATION = { type: 'compliance.violation', title: 'Access key found in a public repository' }

/** One event to each kind of end: nowhere, the fallback, a channel, and twice the same. */
async function havingEvents(world: World) {
  const { id: integrationId } = await world.havingIntegration()
  const compliance = await havingChannel(world, integrationId, '#compliance')
  const { post, put } = await world.as('admin')
  await post('/api/events', { type: 'door.open', title: 'Door 3 stands open' })
  await put('/api/routing-fallback', { destinations: [compliance] })
  await post('/api/events', { type: 'report.ready', title: 'The quarterly report is ready' })
  for (let round = 0; round < 2; round += 1) {
    await post('/api/events', { ...VIOLATION, dedupeKey: 'key-1', destinations: [compliance] })
  }
}

describe('the list of events', () => {
  test('leads from nothing to a first event', async () => {
    await using world = await startConsole()
    const page = await openAs(browser, world, 'admin', '/deliveries')
    await page.getByRole('navigation', { name: 'Deliveries' }).getByRole('link', { name: 'Events' }).click()

    await page.getByText('No event came yet').waitFor()
    await page.getByRole('region', { name: 'Command that sends an event' }).waitFor()
    await expectNoAxeViolations(page)
    await screenshot(page, 'events-empty')
    await page.getByRole('link', { name: 'Send a first event from here' }).click()

    await page.waitForURL(/\/notifications\/new$/)
  })

  test('finds what reached nothing, tells where each landed, and opens one', async () => {
    await using world = await startConsole()
    await havingEvents(world)
    const page = await openAs(browser, world, 'viewer', '/events')
    await expect.poll(() => rowsOf(page, 'Events').count()).toBe(4)
    expect(await rowsOf(page, 'Events').allTextContents()).toEqual([
      expect.stringContaining('Suppressed'),
      expect.stringContaining('Pending'),
      expect.stringContaining('by the fallback'),
      expect.stringContaining('Nowhere'),
    ])

    await page.getByRole('button', { name: 'landed:nowhere' }).click()
    await page.waitForURL(/landed=nowhere/)
    await expect.poll(() => rowsOf(page, 'Events').count()).toBe(1)
    await page.getByRole('button', { name: 'Remove filter landed nowhere' }).click()
    await expect.poll(() => rowsOf(page, 'Events').count()).toBe(4)
    await page.getByLabel('Filter events').fill('quarterly')
    await page.keyboard.press('Enter')
    await page.waitForURL(/search=quarterly/)
    await page.getByRole('link', { name: /The quarterly report/ }).click()

    await page.getByRole('heading', { name: 'Where it went' }).waitFor()
    await page.getByRole('link', { name: 'Events', exact: true }).click()
    await page.waitForURL(/\/events$/)
  })

  test.each(LOOKS)(
    'stands well in %s at %d px: full, with nothing that fits, on its way, failed',
    async (scheme, width, height) => {
      const name = `${width}-${scheme}`
      await using world = await startConsole()
      await havingEvents(world)
      const page = await openAs(browser, world, 'admin', '/events', { scheme, width, height })
      await page.getByRole('link', { name: /Door 3/ }).waitFor()
      await expectNoAxeViolations(page)
      expect(await troubleOn(page)).toEqual([])
      await screenshot(page, `events-${name}`)

      await page.goto(`${world.url}/events?search=moonlight`)
      await page.getByText('No event fits these filters').waitFor()
      await screenshot(page, `events-none-${name}`)

      await page.route(/api\/events(\?|$)/, () => {})
      await page.goto(`${world.url}/events`)
      await page.locator('table[aria-busy=true]').waitFor()
      await screenshot(page, `events-loading-${name}`)
      await page.unrouteAll({ behavior: 'ignoreErrors' })

      await page.route(/api\/events(\?|$)/, (route) => route.fulfill({ status: 400, json: { error: {} } }))
      await page.goto(`${world.url}/events`)
      await page.getByText('The events could not be read').waitFor()
      await expectNoAxeViolations(page)
      await screenshot(page, `events-failed-${name}`)
    },
  )

  test('says how far it searched, and goes on from there', async () => {
    await using world = await startConsole()
    await insertEvents(
      world.db,
      Array.from({ length: 5_100 }, (_, place) => ({
        ...{ id: `evt_${String(place).padStart(22, '0')}`, source: 'a test', type: 'a', acceptedAt: world.clock.now },
        body: JSON.stringify({ type: 'a', title: place === 3 ? 'The needle' : `Hay ${place}` }),
        ...{ routingRevision: null, routingNotes: null, landed: null },
      })),
    )
    const page = await openAs(browser, world, 'viewer', '/events?search=needle')

    await page.getByText('None found so far').waitFor()
    await page.getByRole('button', { name: 'Keep looking' }).click()

    await page.getByRole('link', { name: /The needle/ }).waitFor()
    await page.getByText('1 event shown, that is all').waitFor()
  })
})

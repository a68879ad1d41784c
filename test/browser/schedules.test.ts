import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { eventTaker } from '../../server/events/accept-events.ts'
import { runDue } from '../../server/schedules/worker.ts'
import { expectNoAxeViolations, LOOKS, openBrowser, screenshot, troubleOn } from '../support/browser.ts'
import { havingChannel, openAs, rowsOf, startConsole } from '../support/console-page.ts'
import { startPlatform } from '../support/platform.ts'
import type { World } from '../support/world.ts'

let browser: Browser
beforeAll(async () => {
  browser = await openBrowser()
})
afterAll(() => browser.close())

async function havingPlatform(world: World, url: string) {
  const { id } = await world.havingIntegration()
  const admin = await world.as('admin')
  await admin.put(`/api/integrations/${id}/platform`, { url })
  const channel = await havingChannel(world, id, '#compliance')
  await admin.put('/api/notification-types/deadline', { destinations: [channel] })
  return { id, admin }
}

test('from nothing to a reminder whose run sends what the platform answers', async () => {
  await using world = await startConsole()
  await using platform = await startPlatform()
  platform.answer((_, response) => response.end('{"events":[{"title":"The audit is due"}]}'))
  await havingPlatform(world, platform.url)
  const page = await openAs(browser, world, 'admin', '/notifications/schedules')
  await page.getByText('Nothing is sent at set times yet').waitFor()
  await expectNoAxeViolations(page)
  await screenshot(page, 'schedules-empty')

  await page.getByRole('link', { name: 'Deadline reminder' }).click()
  await page.getByText('At 09:00, Monday through Friday').waitFor()
  await page.getByRole('textbox', { name: 'Cron' }).fill('0 0 30 2 *')
  await page.getByText('No day fits, so it would never run.').waitFor()
  await page.getByRole('textbox', { name: 'Cron' }).fill('30 2 * * *')
  await page.getByText('At 02:30').waitFor()
  // The only one there is need not be chosen.
  await expect.poll(() => page.getByRole('combobox', { name: 'Platform of' }).inputValue()).toBe('Acme production')
  await page.getByRole('button', { name: 'Add schedule' }).click()

  await page.getByText('It has not run yet').waitFor()
  await page.getByRole('button', { name: 'Run now' }).click()
  await rowsOf(page, 'Runs').getByText('Waiting').waitFor()
  await runDue(world.ctx, eventTaker(world.ctx))
  await rowsOf(page, 'Runs').getByText('1 event').waitFor()
  await page.getByRole('link', { name: 'Its deliveries' }).click()
  await page.getByText('The audit is due').first().waitFor()
  // The browser reports the times that were refused.
  expect(troubleOn(page).filter((line) => !/status of 422/.test(line))).toEqual([])
})

test('a new schedule says when the integrations it may ask cannot be read, and goes on once they can', async () => {
  await using world = await startConsole()
  const page = await openAs(browser, world, 'admin', '/profile')
  const error = { code: 'forbidden', message: 'Not now.', requestId: 'req_1' }
  const isList = ({ pathname }: URL) => pathname === '/api/integrations'
  // A refusal is not asked again by itself.
  await page.route(isList, (route) => route.fulfill({ status: 403, json: { error } }))

  await page.goto(`${world.url}/notifications/schedules/new`)
  await page.getByText('The integrations could not be read').waitFor()
  expect(await page.getByRole('textbox', { name: 'Cron' }).count()).toBe(0)

  await page.unroute(isList)
  await page.getByRole('button', { name: 'Try again' }).click()
  await page.getByRole('textbox', { name: 'Cron' }).waitFor()
})

test('what is wrong with a condition is said under it, and what failed says why', async () => {
  await using world = await startConsole()
  await using platform = await startPlatform()
  const { id, admin } = await havingPlatform(world, platform.url)
  platform.answer((_, response) => response.writeHead(410).end())
  const source = { kind: 'platform', integrationId: id }
  const made = await admin.post('/api/schedules', { name: 'Deadlines', cron: '0 9 * * *', type: 'deadline', source })
  await admin.post(`/api/schedules/${made.body.id}/run`)
  await runDue(world.ctx, eventTaker(world.ctx))

  const page = await openAs(browser, world, 'admin', '/notifications/schedules')
  await rowsOf(page, 'Schedules').getByText('The service says that this address is gone for good.').waitFor()
  await rowsOf(page, 'Schedules')
    .getByRole('link', { name: /Deadlines/ })
    .click()
  await rowsOf(page, 'Runs')
    .getByText(/Enter the new address/)
    .waitFor()
  await page.getByRole('radio', { name: 'Sum up events' }).check()
  await page.getByRole('textbox', { name: 'Condition' }).fill("severity = 'critical'")
  await page.getByRole('button', { name: 'Save schedule' }).click()
  await page.getByText(/At character/).waitFor()
  await page.getByRole('textbox', { name: 'Condition' }).fill("severity == 'critical'")
  await page.getByRole('button', { name: 'Save schedule' }).click()
  await page.getByText('Schedule saved').waitFor()

  await page.getByRole('button', { name: 'Delete' }).click()
  await page.getByLabel('Type “Deadlines” to confirm').fill('Deadlines')
  await page.getByRole('button', { name: 'Delete schedule' }).click()
  await page.getByText('Nothing is sent at set times yet').waitFor()
})

test('what is half typed stays while somebody else saves the schedule, and puts nothing of theirs back', async () => {
  await using world = await startConsole()
  await using platform = await startPlatform()
  const { id, admin } = await havingPlatform(world, platform.url)
  const schedule = {
    ...{ name: 'Deadlines', cron: '0 9 * * *', type: 'deadline' },
    source: { kind: 'platform', integrationId: id },
  }
  const { body: made } = await admin.post('/api/schedules', schedule)
  const page = await openAs(browser, world, 'admin', `/notifications/schedules/${made.id}`)
  const name = page.getByRole('textbox', { name: 'Name' })
  await name.fill('Reminders')

  world.clock.now += 60_000
  await admin.put(`/api/schedules/${made.id}`, { ...schedule, cron: '0 7 * * *', enabled: false })
  // The page looks every 15 seconds.
  await expect
    .poll(() => page.getByRole('textbox', { name: 'Cron' }).inputValue(), { timeout: 20_000 })
    .toBe('0 7 * * *')
  expect(await name.inputValue()).toBe('Reminders')
  await page.getByRole('button', { name: 'Save schedule' }).click()
  await page.getByText('Schedule saved').waitFor()
  await page.getByRole('button', { name: 'Save schedule' }).waitFor({ state: 'detached' })

  const { body } = await admin.get(`/api/schedules/${made.id}`)
  expect(body).toMatchObject({ name: 'Reminders', cron: '0 7 * * *', enabled: false })
})

test('a viewer reads a schedule, and changes and runs nothing', async () => {
  await using world = await startConsole()
  await using platform = await startPlatform()
  const { id, admin } = await havingPlatform(world, platform.url)
  const source = { kind: 'platform', integrationId: id }
  const made = await admin.post('/api/schedules', { name: 'Deadlines', cron: '0 9 * * *', type: 'deadline', source })

  const page = await openAs(browser, world, 'viewer', `/notifications/schedules/${made.body.id}`)
  await page.getByText('It has not run yet').waitFor()

  expect(await page.getByRole('textbox', { name: 'Cron' }).isDisabled()).toBe(true)
  expect(await page.getByRole('button', { name: /Run now|Delete|Save/ }).count()).toBe(0)
})

test.each(LOOKS)('the schedules in %s at %i px', async (scheme, width, height) => {
  await using world = await startConsole()
  await using platform = await startPlatform()
  // The last day of summer time is among the next runs.
  world.clock.now = Date.parse('2026-10-21T06:00:00Z')
  const { id, admin } = await havingPlatform(world, platform.url)
  platform.answer((_, response) => response.end('{"events":[{"title":"The audit is due"},{"title":"Another"}]}'))
  const made = await admin.post('/api/schedules', {
    name: 'Deadline reminder',
    cron: '30 2 * * *',
    timeZone: 'Europe/Berlin',
    type: 'deadline',
    source: { kind: 'platform', integrationId: id },
  })
  await admin.post('/api/schedules', {
    ...{ name: 'Weekly review of all that was critical', cron: '0 17 * * 5', type: 'weekly', enabled: false },
    source: { kind: 'stored_events', condition: "severity == 'critical'" },
  })
  const run = async () => {
    await admin.post(`/api/schedules/${made.body.id}/run`)
    await runDue(world.ctx, eventTaker(world.ctx))
    world.clock.now += 60_000
  }
  await run()
  platform.answer((_, response) => response.end('{"deadlines":[]}'))
  await run()

  const look = { width, height, scheme }
  const page = await openAs(browser, world, 'admin', '/notifications/schedules', look)
  await rowsOf(page, 'Schedules').first().waitFor()
  await page.getByText('Switched off').waitFor()
  await expectNoAxeViolations(page)
  await screenshot(page, `schedules-${scheme}-${width}`)
  const isWider = () => page.evaluate(() => document.documentElement.scrollWidth > window.innerWidth)
  expect(await isWider()).toBe(false)

  await rowsOf(page, 'Schedules')
    .getByRole('link', { name: /Deadline reminder/ })
    .click()
  await page.getByText(/show this time twice/).waitFor()
  await rowsOf(page, 'Runs').getByText('2 events').waitFor()
  await expectNoAxeViolations(page)
  await screenshot(page, `schedule-${scheme}-${width}`)
  expect(await isWider()).toBe(false)
})

import type { Browser, Route } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { openBrowser } from '../support/browser.ts'
import { openAs, rowsOf, startConsole } from '../support/console-page.ts'
import type { World } from '../support/world.ts'

let browser: Browser
beforeAll(async () => {
  browser = await openBrowser()
})
afterAll(() => browser.close())

const isDelete = (answer: Parameters<Route['fulfill']>[0]) => (route: Route) =>
  route.request().method() === 'DELETE' ? route.fulfill(answer) : route.fallback()

async function askToDelete(world: World) {
  const { id, name } = await world.havingIntegration()
  const page = await openAs(browser, world, 'admin', `/integrations/${id}/settings`)
  await page.getByRole('button', { name: 'Delete integration' }).click()
  const dialog = page.getByRole('dialog')
  await dialog.getByRole('textbox').fill(name)
  return { page, dialog, path: new RegExp(`/api/integrations/${id}(\\?|$)`) }
}

test('what was not deleted is said, and a bare 503 has a way out', async () => {
  await using world = await startConsole()
  const { page, dialog, path } = await askToDelete(world)
  await page.route(path, isDelete({ status: 503, body: '' }))

  await dialog.getByRole('button', { name: 'Delete integration' }).click()

  await dialog.getByText('The integration was not deleted').waitFor()
  await dialog.getByText('The server answered 503 without saying why.').waitFor()
  await dialog.getByText(/It may be starting or busy. Wait a moment, then try again/).waitFor()
})

test('the wait that a server asks for counts down where it was asked', async () => {
  await using world = await startConsole()
  const { page, dialog, path } = await askToDelete(world)
  const error = { code: 'too_many', message: 'Too many at once.', fix: 'Send it again after the time in Retry-After.' }
  const headers = { 'retry-after': '6' }
  await page.route(path, isDelete({ status: 429, headers, json: { error } }))

  await dialog.getByRole('button', { name: 'Delete integration' }).click()

  await dialog.getByText(/Try again in \d\ss\./).waitFor()
  await dialog.getByText('Try again now.').waitFor()
  expect(await dialog.getByText('Retry-After').count()).toBe(0)
})

test('the runs of a schedule stand in its own zone, which is named, and a retry whose time came is due', async () => {
  await using world = await startConsole()
  const { id } = await world.havingIntegration()
  const admin = await world.as('admin')
  await admin.put(`/api/integrations/${id}/platform`, { url: 'http://127.0.0.1:1/' })
  const made = await admin.post('/api/schedules', {
    name: 'Deadlines',
    type: 'deadline',
    cron: '0 9 * * *',
    timeZone: 'Asia/Tokyo',
    source: { kind: 'platform', integrationId: id },
  })
  expect(made.status).toBeLessThan(300)
  const page = await openAs(browser, world, 'admin', '/profile')
  const run = {
    ...{ id: 'run_1', plannedAt: '2026-01-05T00:00:00.000Z', state: 'waiting', by: 'the clock', events: 0 },
    ...{ code: 'http_500', meaning: 'The platform failed.', nextAttemptAt: '2026-01-05T00:00:10.000Z', eventIds: [] },
  }
  await page.route('**/api/schedules/*/runs*', (route) => route.fulfill({ json: { items: [run] } }))

  await page.goto(`${world.url}/notifications/schedules/${made.body.id}`)

  await rowsOf(page, 'Runs').getByText('5 Jan 09:00').waitFor()
  await page.getByText('Asia/Tokyo; newest first').waitFor()
  await rowsOf(page, 'Runs').getByText('Next attempt due now').waitFor()
})

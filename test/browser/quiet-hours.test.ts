import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { endDueWaits } from '../../server/quiet-hours/end-waits.ts'
import { expectNoAxeViolations, LOOKS, openBrowser, screenshot, troubleOn } from '../support/browser.ts'
import { havingChannel, openAs, rowsOf, startConsole } from '../support/console-page.ts'
import type { World } from '../support/world.ts'

let browser: Browser
beforeAll(async () => {
  browser = await openBrowser()
})
afterAll(() => browser.close())

const PAGE = '/notifications/quiet-hours'
const widthOf = () => document.documentElement.scrollWidth

/** Quiet all day long, two mutes, one that is over, and messages that wait for their ends. */
async function havingQuiet(world: World) {
  const { id } = await world.havingIntegration()
  const [compliance, audit] = [
    await havingChannel(world, id, '#compliance'),
    await havingChannel(world, id, '#audit-room'),
  ]
  const admin = await world.as('admin')
  const days = [1, 2, 3, 4, 5, 6, 7]
  const nights = { days: [1, 2, 3, 4, 5], from: '22:00', to: '07:00', timeZone: 'America/New_York' }
  const all = { days, from: '09:00', to: '09:00', timeZone: 'Europe/Berlin' }
  await admin.post('/api/quiet-hours', { scope: { kind: 'destination', id: compliance }, ...all })
  await admin.post('/api/quiet-hours', { scope: { kind: 'everything' }, ...nights, enabled: false })
  await admin.post('/api/quiet-hours', {
    ...{ scope: { kind: 'person', recipient: 'kim@acme.example' }, ...nights, days: [6, 7], atEnd: 'drop' },
    urgentBreaksThrough: false,
  })
  const until = new Date(world.clock.now + 2 * 3_600_000).toISOString()
  const reason = 'The billing service is being moved to the new cluster'
  await admin.post('/api/mutes', { scope: { kind: 'destination', id: audit }, until, reason })
  const over = await admin.post('/api/mutes', { scope: { kind: 'type', type: 'deploy.done' }, until, reason: 'Noise' })
  await admin.post(`/api/mutes/${over.body.id}/end`)
  for (const destination of [compliance, compliance, audit]) {
    await admin.post('/api/messages', { destination, text: 'A finding' })
  }
  return { compliance, audit }
}

test.each(LOOKS)('what is quiet, and what waits for it, %s at %d px', async (scheme, width, height) => {
  await using world = await startConsole()
  await havingQuiet(world)
  const page = await openAs(browser, world, 'admin', PAGE, { scheme, width, height })

  const now = page.getByRole('region', { name: 'Quiet now' })
  await now.getByText(/^Muted by Ada Ferrer until .*: The billing service/).waitFor()
  await now.getByRole('link', { name: '2 messages wait' }).waitFor()
  expect(await rowsOf(page, 'Quiet hours').count()).toBe(3)
  await screenshot(page, `quiet-hours-${scheme}-${width}`)
  await expectNoAxeViolations(page)
  expect(await page.evaluate(widthOf)).toBe(width)
  expect(troubleOn(page)).toEqual([])
})

test.each(LOOKS)('what waits for the end leads to the log and says why, %s at %d px', async (scheme, width, height) => {
  await using world = await startConsole()
  await havingQuiet(world)
  const page = await openAs(browser, world, 'viewer', '/queue', { scheme, width, height })

  await page.getByRole('region', { name: 'Quiet' }).getByText('2 held').waitFor()
  await screenshot(page, `quiet-waiting-${scheme}-${width}`)
  await expectNoAxeViolations(page)
  expect(await page.evaluate(widthOf)).toBe(width)

  await page.getByRole('link', { name: '2 held' }).click()
  await page.getByText('A finding').first().click()
  await page.getByText('Waits for the end of quiet hours').waitFor()
  await screenshot(page, `quiet-delivery-${scheme}-${width}`)
  expect(troubleOn(page)).toEqual([])
})

test.each(LOOKS)('quiet hours are added, changed and deleted, %s at %d px', async (scheme, width, height) => {
  await using world = await startConsole()
  const { id } = await world.havingIntegration()
  await havingChannel(world, id, '#compliance')
  const page = await openAs(browser, world, 'admin', PAGE, { scheme, width, height })

  await page.getByText('No quiet hours yet').waitFor()
  await screenshot(page, `quiet-none-${scheme}-${width}`)
  await expectNoAxeViolations(page)
  await page.getByRole('button', { name: 'Add quiet hours' }).click()
  const dialog = page.getByRole('dialog')
  await dialog.getByLabel('What is quiet').selectOption('A destination')
  await dialog.getByRole('combobox', { name: 'Destination' }).fill('compl')
  await page.getByRole('option', { name: /^compliance/ }).click()
  await dialog.getByRole('checkbox', { name: 'Sun' }).uncheck()
  await screenshot(page, `quiet-add-${scheme}-${width}`)
  await expectNoAxeViolations(page)
  await dialog.getByRole('button', { name: 'Add quiet hours' }).click()
  await dialog.waitFor({ state: 'hidden' })
  await rowsOf(page, 'Quiet hours').getByText('22:00 to 07:00, Mon to Sat').waitFor()

  await page.getByRole('link', { name: /#compliance/ }).click()
  await dialog.getByRole('radio', { name: 'Dropped' }).check()
  await dialog.getByRole('button', { name: 'Save changes' }).click()
  await dialog.waitFor({ state: 'hidden' })
  await rowsOf(page, 'Quiet hours').getByText('Dropped').waitFor()
  await page.getByRole('button', { name: 'Actions for the quiet hours of #compliance' }).click()
  await page.getByRole('menuitem', { name: 'Delete…' }).click()
  await page.getByRole('button', { name: 'Delete quiet hours' }).click()
  await page.getByText('No quiet hours yet').waitFor()
  expect(troubleOn(page)).toEqual([])
})

test.each(LOOKS)(
  'a destination is muted from its menu, and the mute is ended, %s at %d px',
  async (scheme, width, height) => {
    await using world = await startConsole()
    const { id } = await world.havingIntegration()
    const destination = await havingChannel(world, id, '#compliance')
    const page = await openAs(browser, world, 'operator', `/integrations/${id}/destinations`, { scheme, width, height })

    await page.getByRole('button', { name: 'More for #compliance' }).click()
    await page.getByRole('menuitem', { name: 'Mute for a time…' }).click()
    const dialog = page.getByRole('dialog')
    await dialog.getByRole('radio', { name: 'Until a time of your choice' }).check()
    await dialog.getByLabel('Reason').fill('Load test')
    expect(await dialog.getByRole('button', { name: 'Mute' }).isDisabled()).toBe(true)
    await screenshot(page, `quiet-mute-${scheme}-${width}`)
    await expectNoAxeViolations(page)
    await dialog.getByRole('radio', { name: 'For one hour' }).check()
    await dialog.getByRole('button', { name: 'Mute' }).click()
    await dialog.waitFor({ state: 'hidden' })
    await page.getByText(/^Muted by A operator until .*: Load test$/).waitFor()
    const admin = await world.as('admin')
    const { body } = await admin.post('/api/messages', { destination, text: 'Shh' })
    await page.getByRole('button', { name: 'End now the mute of #compliance' }).click()
    await page.getByText('Nothing is quiet now.').waitFor()
    await page.getByRole('table', { name: 'Mutes that are over' }).getByText('Load test').waitFor()
    await endDueWaits(world.ctx)

    expect(body.state).toBe('held')
    expect((await admin.get(`/api/deliveries/${body.id}`)).body.state).toBe('pending')
    expect(troubleOn(page)).toEqual([])
  },
)

test('who may only look finds no button, and what cannot be read says so', async () => {
  await using world = await startConsole()
  await havingQuiet(world)
  const page = await openAs(browser, world, 'viewer', PAGE)

  await page
    .getByRole('region', { name: 'Quiet now' })
    .getByText(/^Muted by/)
    .waitFor()
  for (const name of ['Mute…', 'Add quiet hours', /^End now/, /^Actions for the quiet/]) {
    expect(await page.getByRole('button', { name }).count()).toBe(0)
  }
  await page.route('**/api/quiet-hours**', (route) => route.fulfill({ status: 503, body: '{}' }))
  await page.reload()
  await page.getByText('Quiet hours and mutes could not be read').waitFor()
  await screenshot(page, 'quiet-failed')
  await expectNoAxeViolations(page)
})

import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { expectNoAxeViolations, LOOKS, openBrowser, screenshot, troubleOn } from '../support/browser.ts'
import { havingChannel, havingSent, openAs, rowsOf, startConsole } from '../support/console-page.ts'
import type { World } from '../support/world.ts'

const MINUTE = 60_000

let browser: Browser
beforeAll(async () => {
  browser = await openBrowser()
})
afterAll(() => browser.close())

const chart = (page: Page, name: string) => page.getByRole('region', { name })

/** Three messages and two commands in one minute, then one failure and one command five minutes later. */
async function havingTraffic(world: World): Promise<string> {
  world.clock.now = Math.floor((world.clock.now - 20 * MINUTE) / MINUTE) * MINUTE
  const { id } = await world.havingIntegration()
  const channel = await havingChannel(world, id, '#compliance')
  for (const text of ['Signing key leaked', 'Evidence pack is ready', 'Policy needs an owner']) {
    await havingSent(world, channel, text)
  }
  await havingCommand(world)
  await havingCommand(world)
  world.clock.now += 5 * MINUTE
  await world.slack.fault({ method: 'chat.postMessage', kind: 'error', code: 'msg_too_long', times: 1 })
  await havingSent(world, channel, 'Far too long')
  await havingCommand(world)
  return id
}

async function havingCommand(world: World): Promise<void> {
  const { appId } = await world.slack.app()
  const [person] = await world.slack.people()
  const channelId = await world.slack.channel('compliance')
  world.clock.now += 1_000
  await world.slack.command({ appId, userId: person?.id, channelId, command: '/switchboard', text: 'help' })
}

describe('the Overview', () => {
  test('before anything is connected it says how to begin', async () => {
    await using world = await startConsole()
    const page = await openAs(browser, world, 'admin', '/')

    await page.getByText('Nothing is connected yet').waitFor()

    expect(new URL(page.url()).pathname).toBe('/overview')
    expect(await page.getByRole('link', { name: 'Connect Slack' }).getAttribute('href')).toBe('/integrations/new')
    expect(await page.getByText('Not measured yet', { exact: true }).count()).toBe(4)
    await expectNoAxeViolations(page)
    expect(troubleOn(page)).toEqual([])
  })

  test('connected and still without a message, it says how to send the first', async () => {
    await using world = await startConsole()
    const { id } = await world.havingIntegration()
    const page = await openAs(browser, world, 'viewer', '/overview')

    await page.getByText('No message has been sent yet').waitFor()

    const next = page.getByRole('link', { name: 'Choose where to send one' })
    expect(await next.getAttribute('href')).toBe(`/integrations/${id}/destinations`)
  })

  test('its figures come from what was sent, and a bar leads to exactly the deliveries it counts', async () => {
    await using world = await startConsole()
    await havingTraffic(world)
    const page = await openAs(browser, world, 'viewer', '/overview?window=1h')
    const rate = chart(page, 'Delivery rate')
    await rate.getByText('delivered3').waitFor()
    await rate.getByText('failed1').waitFor()
    await page.getByText('Below target 99 %').waitFor()

    await rate.locator('.recharts-bar-rectangle path').first().click()

    await page.waitForURL(/\/deliveries\?.*by=ended/)
    await page.getByText('3 deliveries', { exact: true }).waitFor()
    await expect.poll(() => rowsOf(page, 'Deliveries').count()).toBe(3)
    await page.getByRole('button', { name: /^Remove filter ended / }).waitFor()
    await expectNoAxeViolations(page)
    expect(troubleOn(page)).toEqual([])
  })

  test('a bucket of each chart can be opened from its table, with no mouse', async () => {
    await using world = await startConsole()
    await havingTraffic(world)
    const page = await openAs(browser, world, 'viewer', '/overview?window=1h')
    const toTable = page.getByRole('button', { name: 'Show Command usage as a table' })
    await toTable.focus()

    await page.keyboard.press('Enter')
    const used = rowsOf(page, 'Command usage').filter({ has: page.getByRole('cell', { name: '2', exact: true }) })
    await used.getByRole('link').focus()
    await page.keyboard.press('Enter')

    await page.waitForURL(/\/commands\?from=/)
    await page.getByText('2 shown, that is all').waitFor()
    await page.goBack()
    await page.getByRole('button', { name: 'Show API response time as a table' }).click()
    await rowsOf(page, 'API response time').filter({ hasText: /\d ms/ }).last().getByRole('link').click()
    await page.waitForURL(/by=attempted/)
    await page.getByText('3 deliveries', { exact: true }).waitFor()
  })

  test('what needs attention leads to where it is dealt with', async () => {
    await using world = await startConsole()
    await havingTraffic(world)
    const page = await openAs(browser, world, 'viewer', '/overview')

    await chart(page, 'Needs attention')
      .getByRole('link', { name: /1 delivery failed/ })
      .click()

    await page.getByText('1 delivery', { exact: true }).waitFor()
    await expect
      .poll(() => rowsOf(page, 'Deliveries').allTextContents())
      .toEqual([expect.stringContaining('msg_too_long')])
  })

  test('the time range and the pause stand in the address, and paused it asks nothing', async () => {
    await using world = await startConsole()
    await havingTraffic(world)
    const page = await openAs(browser, world, 'viewer', '/overview')
    const live = page.getByRole('button', { name: 'Live', exact: true })
    await page.getByRole('combobox', { name: 'Time range' }).selectOption('Last 7 days')
    await live.click()
    await page.waitForURL(/window=7d.*live=off/)

    await page.reload()
    await chart(page, 'Delivery rate').waitFor()

    expect(await live.getAttribute('aria-pressed')).toBe('false')
    expect(await page.getByRole('combobox', { name: 'Time range' }).inputValue()).toBe('7d')
    await page.clock.install()
    const asked: string[] = []
    page.on('request', (request) => asked.push(request.url()))
    await page.clock.runFor(20_000)
    expect(asked.filter((url) => url.includes('/metrics/'))).toEqual([])
  })

  test('of several integrations one can be looked at alone, and its points lead to its own deliveries', async () => {
    await using world = await startConsole()
    await havingTraffic(world)
    const { id } = await world.havingIntegration({ name: 'Acme staging' })
    const channel = await havingChannel(world, id, '#audit-room')
    await havingSent(world, channel, 'Only here')
    const page = await openAs(browser, world, 'viewer', '/overview?window=1h')
    const rate = chart(page, 'Delivery rate')
    await rate.getByText('delivered4').waitFor()

    await page.getByRole('combobox', { name: 'Integration' }).selectOption('Acme staging')
    await rate.getByText('delivered1').waitFor()
    await rate.locator('.recharts-bar-rectangle path').first().click()

    await page.getByText('1 delivery', { exact: true }).waitFor()
    expect(new URL(page.url()).searchParams.get('integrationId')).toBe(id)
    await expect
      .poll(() => rowsOf(page, 'Deliveries').allTextContents())
      .toEqual([expect.stringContaining('Only here')])
    await page.getByRole('button', { name: 'Remove filter integration Acme staging' }).waitFor()
  })

  test('a bar that is hovered tells its figures, and by keyboard it is walked to and opened', async () => {
    await using world = await startConsole()
    await havingTraffic(world)
    const page = await openAs(browser, world, 'viewer', '/overview?window=1h')
    const usage = chart(page, 'Command usage')
    await usage.locator('.recharts-bar-rectangle path').first().hover()
    await usage.locator('dl').getByText('2', { exact: true }).waitFor()
    await page.mouse.move(0, 0)
    await usage.getByRole('application').or(usage.locator('svg[tabindex]')).first().focus()

    for (let step = 0; step < 70; step += 1) await page.keyboard.press('ArrowRight')
    await page.keyboard.press('Enter')

    await page.waitForURL(/\/commands\?from=/)
  })

  test('when the server cannot be asked, the figures stay and say that they are old', async () => {
    await using world = await startConsole()
    await havingTraffic(world)
    const page = await openAs(browser, world, 'viewer', '/overview')
    await chart(page, 'Delivery rate').waitFor()

    await page.route('**/api/metrics/overview*', (route) => route.fulfill({ status: 400, json: { error: {} } }))

    await page.getByText('These figures are no longer current').waitFor()
    expect(await chart(page, 'Delivery rate').isVisible()).toBe(true)
  })

  test.each(LOOKS)('%s at %d px it is accessible and does not scroll sideways', async (scheme, width, height) => {
    await using world = await startConsole()
    await havingTraffic(world)
    const page = await openAs(browser, world, 'admin', '/overview?window=1h', { scheme, width, height })
    await chart(page, 'Command usage').getByText('/switchboard').waitFor()
    await page.getByText('How these figures are counted').click()

    await expectNoAxeViolations(page)

    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(width)
    await screenshot(page, `overview-${scheme}-${width}`)
    expect(troubleOn(page)).toEqual([])
  })
})

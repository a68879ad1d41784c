import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { deliverDue } from '../../server/deliveries/worker.ts'
import { expectNoAxeViolations, LOOKS, openBrowser, screenshot, troubleOn } from '../support/browser.ts'
import { havingChannel, havingMessage, openAs, rowsOf, startConsole } from '../support/console-page.ts'
import { havingEachOutcome } from '../support/delivery-log.ts'
import type { World } from '../support/world.ts'

let browser: Browser
beforeAll(async () => {
  browser = await openBrowser()
})
afterAll(() => browser.close())

const story = (page: Page) => page.getByRole('region', { name: 'What happened' })

/** Two channels, of which Slack has archived the first, with one delivery that met it and one behind it. */
async function havingDeadChannel(world: World) {
  const { id: integrationId } = await world.havingIntegration()
  const dead = await havingChannel(world, integrationId, '#audit-room')
  const other = await havingChannel(world, integrationId, '#compliance')
  await world.slack.changeChannel(await world.slack.channel('audit-room'), { archived: true })
  const first = await havingMessage(world, dead, 'Signing key leaked')
  await deliverDue(world.ctx)
  world.clock.now += 2_000
  const second = await havingMessage(world, dead, 'And another one')
  await deliverDue(world.ctx)
  return { integrationId, dead, other, first, second }
}

describe('one delivery', () => {
  test('opened from the list by keyboard, it tells why it failed and what to do', async () => {
    await using world = await startConsole()
    const { failed } = await havingEachOutcome(world)
    const page = await openAs(browser, world, 'viewer', '/deliveries')
    await rowsOf(page, 'Deliveries').getByRole('link').first().focus()

    await page.keyboard.press('ArrowDown')
    await page.keyboard.press('Enter')

    await page.getByRole('heading', { name: 'Signing key leaked in payments' }).waitFor()
    expect(new URL(page.url()).pathname).toBe(`/deliveries/${failed}`)
    await story(page).getByText('The text of the message is longer than Slack allows.').waitFor()
    await story(page).getByText('msg_too_long').waitFor()
    const answer = page.getByRole('region', { name: 'Answer', exact: true })
    await expect.poll(() => answer.textContent()).toContain('"error": "msg_too_long"')
    expect(await answer.textContent()).toContain('x-slack-req-id')
    expect(await page.getByRole('region', { name: 'Request', exact: true }).textContent()).not.toContain('xoxb')
    expect(troubleOn(page)).toEqual([])
  })

  test('its message is shown as Slack would, with no way to run script and nothing fetched from elsewhere', async () => {
    await using world = await startConsole()
    const { failed } = await havingEachOutcome(world)
    const page = await openAs(browser, world, 'viewer', `/deliveries/${failed}`)
    const preview = page.getByRole('region', { name: 'As it looks in Slack' })

    await preview.getByText('Acknowledge').waitFor()
    await preview.getByText('Picture: A key').waitFor()

    expect(await preview.getByRole('link', { name: '#4512' }).getAttribute('href')).toBe('https://acme.example/b/1')
    expect(await preview.getByRole('link', { name: 'Not a link' }).count()).toBe(0)
    expect(await preview.getByRole('button').count()).toBe(0)
    for (const look of ['Dark', 'Light']) {
      await preview.getByText(look, { exact: true }).click()
      await expectNoAxeViolations(page)
    }
    await preview.getByText('Text', { exact: true }).click()
    await preview.getByText('Signing key leaked in payments').waitFor()
    expect(new URL(page.url()).searchParams.get('preview')).toBe('text')
    expect(troubleOn(page)).toEqual([])
  })

  test('the newer and the older one are those of the list one came from', async () => {
    await using world = await startConsole()
    const { failed, delivered } = await havingEachOutcome(world)
    const page = await openAs(browser, world, 'viewer', `/deliveries/${failed}?state=failed%2Cdelivered`)
    await page.getByRole('link', { name: 'Older delivery' }).click()

    await page.waitForURL(new RegExp(`/deliveries/${delivered}\\?state=failed%2Cdelivered`))

    await page.getByRole('link', { name: 'Newer delivery' }).click()
    await page.waitForURL(new RegExp(`/deliveries/${failed}\\?`))
    await expect.poll(() => page.getByRole('button', { name: 'Newer delivery' }).isDisabled()).toBe(true)
    await page.getByRole('link', { name: 'Deliveries', exact: true }).last().click()
    await page.getByText('2 deliveries', { exact: true }).waitFor()
  })

  test('each attempt shows the answer it got', async () => {
    await using world = await startConsole()
    const { channel } = await havingEachOutcome(world)
    await deliverDue(world.ctx)
    world.clock.now += 2_000
    await world.slack.fault({ method: 'chat.postMessage', kind: 'rate_limited', retryAfterSeconds: 3, times: 1 })
    const id = await havingMessage(world, channel, 'Twice')
    await deliverDue(world.ctx)
    world.clock.now += 5_000
    await deliverDue(world.ctx)
    const page = await openAs(browser, world, 'viewer', `/deliveries/${id}`)
    await page.getByText('1, after 1 wait').waitFor()

    await rowsOf(page, 'Attempts').filter({ hasText: 'Wait 3 s' }).getByRole('link').click()

    await page.getByText('retry-after: 3').waitFor()
    await page.reload()
    await page.getByText('retry-after: 3').waitFor()
    await rowsOf(page, 'Attempts').filter({ hasText: 'Delivered' }).getByRole('link').click()
    await page.getByText('"ok": true').waitFor()
  })

  test('what still waits can be taken back', async () => {
    await using world = await startConsole()
    const { waiting } = await havingEachOutcome(world)
    const page = await openAs(browser, world, 'operator', `/deliveries/${waiting}`)

    await page.getByRole('button', { name: 'Cancel delivery' }).click()

    await page.getByText('Somebody cancelled it before it was sent.').waitFor()
    await page.getByRole('button', { name: 'Replay' }).waitFor()
    expect(await deliverDue(world.ctx)).toBe(0)
  })

  test('a viewer is offered neither', async () => {
    await using world = await startConsole()
    const { failed, waiting } = await havingEachOutcome(world)

    for (const id of [failed, waiting]) {
      const page = await openAs(browser, world, 'viewer', `/deliveries/${id}`)
      await page.getByRole('region', { name: 'What happened' }).waitFor()
      expect(await page.getByRole('button', { name: /Replay|Cancel|Send elsewhere/ }).count()).toBe(0)
    }
  })

  test('an id that no delivery has is said to be one', async () => {
    await using world = await startConsole()
    const page = await openAs(browser, world, 'viewer', '/deliveries/dlv_unknown')

    await page.getByText('No delivery has this id').waitFor()

    await expectNoAxeViolations(page)
  })
})

describe('a delivery on its way', () => {
  test('says its place in line, and turns to delivered while one looks', async () => {
    await using world = await startConsole()
    // At midnight the day would be told as well.
    world.clock.now = Date.UTC(2026, 10, 20, 12)
    const { id } = await world.havingIntegration()
    const channel = await havingChannel(world, id, '#compliance')
    await havingMessage(world, channel, 'The one before')
    const waiting = await havingMessage(world, channel, 'Policy needs an owner')
    const page = await openAs(browser, world, 'viewer', `/deliveries/${waiting}`)
    await story(page)
      .getByText(/^1 before it, goes out about \d\d:\d\d:\d\d$/)
      .waitFor()

    await deliverDue(world.ctx)
    world.clock.now += 2_000
    await deliverDue(world.ctx)

    await story(page).getByText('Attempt 1 delivered').waitFor()
    await page.getByText('before it').waitFor({ state: 'detached' })
    expect(troubleOn(page)).toEqual([])
  })
})

describe('a message that Slack refused', () => {
  test('shows the block at fault in its place, with what Slack said of it', async () => {
    await using world = await startConsole()
    const { id } = await world.havingIntegration()
    const channel = await havingChannel(world, id, '#compliance')
    const blocks = [
      { type: 'section', text: { type: 'mrkdwn', text: 'All is well here' } },
      { type: 'header', text: { type: 'plain_text', text: 'Far too long a heading '.repeat(12) } },
    ]
    const failed = await havingMessage(world, channel, 'Refused', { message: { text: 'Refused', blocks } })
    await deliverDue(world.ctx)
    const page = await openAs(browser, world, 'viewer', `/deliveries/${failed}`)
    const preview = page.getByRole('region', { name: 'As it looks in Slack' })

    await preview.getByText('Slack refused this block: number 2, header').waitFor()

    await preview.getByText('Slack said of block 2').waitFor()
    await expectNoAxeViolations(page)
    await screenshot(page, 'delivery-faulty-block')
  })
})

describe('what can be done', () => {
  test('a replay is asked about, says what it marks, and opens the new delivery', async () => {
    await using world = await startConsole()
    const { id } = await world.havingIntegration()
    const channel = await havingChannel(world, id, '#compliance')
    const message = await havingMessage(world, channel, 'Policy needs an owner')
    await (await world.as('operator')).post(`/api/deliveries/${message}/cancel`)
    const page = await openAs(browser, world, 'operator', `/deliveries/${message}`)
    await page.getByRole('button', { name: 'Replay' }).click()
    await page.getByRole('checkbox', { name: 'Mark as delayed' }).waitFor()
    await expectNoAxeViolations(page)

    await page.getByRole('button', { name: 'Replay delivery' }).click()

    await page.getByText('Replayed: this is the new delivery.').waitFor()
    await page.getByRole('region', { name: 'Details' }).getByRole('link', { name: message }).waitFor()
    await deliverDue(world.ctx)
    await story(page).getByText('Slack took it in').waitFor()
    const posted = await world.slack.messages(await world.slack.channel('compliance'))
    expect(JSON.stringify(posted)).toMatch(/delayed/i)
  })

  test('what is held behind a dead channel goes elsewhere, found by a part of its name', async () => {
    await using world = await startConsole()
    const { first } = await havingDeadChannel(world)
    const page = await openAs(browser, world, 'operator', `/deliveries/${first}`)
    await page.getByRole('button', { name: 'Send elsewhere' }).click()
    await page.getByLabel('Destination', { exact: true }).fill('compl')
    await page.getByRole('option', { name: /compliance/ }).waitFor()
    expect(await page.getByRole('option', { name: /audit-room/ }).count()).toBe(0)
    await expectNoAxeViolations(page)
    await page.getByRole('option', { name: /compliance/ }).click()

    await page.getByRole('button', { name: 'Send to #compliance' }).click()

    await page.getByText('Sent to #compliance: this is the new delivery.').waitFor()
    await deliverDue(world.ctx)
    await story(page).getByText('Slack took it in').waitFor()
    await page.goto(`${world.url}/deliveries/${first}`)
    await page.getByText('Cancelled', { exact: true }).first().waitFor()
    await page.getByRole('table', { name: 'Related deliveries' }).getByText('Replay of this one').waitFor()
    expect(troubleOn(page)).toEqual([])
  })
})

describe.each(LOOKS)('%s at %d px', (scheme, width, height) => {
  test('a held delivery is accessible and does not scroll sideways', async () => {
    await using world = await startConsole()
    const { first } = await havingDeadChannel(world)
    const page = await openAs(browser, world, 'operator', `/deliveries/${first}`, { scheme, width, height })

    await story(page).getByText('Waits to be resumed').waitFor()

    await expectNoAxeViolations(page)
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(width)
    await screenshot(page, `delivery-held-${scheme}-${width}`)
    expect(troubleOn(page)).toEqual([])
  })
})

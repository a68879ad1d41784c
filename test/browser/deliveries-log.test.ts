import { text } from 'node:stream/consumers'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { deliverDue } from '../../server/deliveries/worker.ts'
import { expectNoAxeViolations, LOOKS, openBrowser, screenshot, troubleOn } from '../support/browser.ts'
import { followsLog, havingChannel, havingMessage, openAs, startConsole } from '../support/console-page.ts'
import type { World } from '../support/world.ts'

let browser: Browser
beforeAll(async () => {
  browser = await openBrowser()
})
afterAll(() => browser.close())

const rowOf = (page: Page, title: string) => page.getByRole('row').filter({ hasText: title })

/** Three that Slack refused and two that wait. */
async function havingLog(world: World): Promise<string> {
  const { id } = await world.havingIntegration()
  const channel = await havingChannel(world, id, '#compliance')
  await world.slack.fault({ method: 'chat.postMessage', kind: 'error', code: 'msg_too_long', times: 3 })
  for (const text of ['Evidence pack is ready', 'Policy needs an owner', 'Access review is due']) {
    await havingMessage(world, channel, text, { type: 'compliance.review_due', recipient: 'kim@acme.example' })
    await deliverDue(world.ctx)
    world.clock.now += 2_000
  }
  for (const text of ['Waits first', 'Waits second']) {
    await havingMessage(world, channel, text)
    world.clock.now += 1_000
  }
  return channel
}

test.each([700, 1024])('at %i px its table scrolls and not the page, however long a code is', async (width) => {
  await using world = await startConsole()
  await havingLog(world)
  const page = await openAs(browser, world, 'viewer', '/deliveries', { width, height: 900 })
  await page.getByText('5 deliveries', { exact: true }).waitFor()
  const code = rowOf(page, 'Evidence pack').locator('code')
  await code.waitFor()
  await code.evaluate((cell) => {
    cell.textContent = 'restricted_action_thread_only_channel_for_everybody'
  })

  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(width)
})

describe('the live log', () => {
  test('keeps what comes aside while paused, says how many, and changes rows where they stand', async () => {
    await using world = await startConsole()
    const channel = await havingLog(world)
    const page = await openAs(browser, world, 'viewer', '/deliveries')
    await page.getByText('5 deliveries', { exact: true }).waitFor()
    await followsLog(page)

    await page.getByRole('button', { name: 'Pause' }).click()
    await havingMessage(world, channel, 'Came meanwhile')
    await page.getByRole('button', { name: '1 new' }).waitFor()
    expect(await rowOf(page, 'Came meanwhile').count()).toBe(0)
    await page.getByRole('button', { name: '1 new' }).click()
    await rowOf(page, 'Came meanwhile').waitFor()
    await page.getByRole('button', { name: 'Resume' }).click()
    world.clock.now += 1_000
    await deliverDue(world.ctx)

    await rowOf(page, 'Waits first').getByText('Delivered').waitFor()
    expect(troubleOn(page)).toEqual([])
  })
})

describe('what the server refuses the log', () => {
  test('filters that it cannot keep are said to be so, with the way out of them', async () => {
    await using world = await startConsole()
    await havingLog(world)
    const page = await openAs(browser, world, 'viewer', '/deliveries')
    await page.getByText('5 deliveries', { exact: true }).waitFor()
    await page.goto(`${world.url}/deliveries?code=${'x'.repeat(101)}`)
    await page.getByText(/^code: At most 100 characters; this has 101/).waitFor()
    await expectNoAxeViolations(page)
    await page.getByRole('button', { name: 'Clear all filters' }).first().click()

    await page.getByText('5 deliveries', { exact: true }).waitFor()
    expect(new URL(page.url()).searchParams.get('code')).toBe(null)
  })

  test('why it does not follow by itself stands beside Live, until it does', async () => {
    await using world = await startConsole()
    const channel = await havingLog(world)
    const page = await openAs(browser, world, 'viewer', '/profile')
    const error = { code: 'rate_limited', message: 'Too many logs are followed at once.', requestId: 'req_1' }
    const isStream = ({ pathname }: URL) => pathname === '/api/deliveries/stream'
    await page.route(isStream, (route) =>
      route.fulfill({ status: 429, headers: { 'retry-after': '1' }, json: { error } }),
    )

    await page.goto(`${world.url}/deliveries`)
    await page.getByTitle(/^Too many logs are followed at once\. Until then it is read every 5 seconds\./).waitFor()
    await havingMessage(world, channel, 'Came meanwhile')
    await rowOf(page, 'Came meanwhile').waitFor()

    await page.unroute(isStream)
    await followsLog(page)
  })
})

describe('the log in a tab out of sight', () => {
  test('lets go of its connection, and is told what came meanwhile once it is seen again', async () => {
    await using world = await startConsole()
    const channel = await havingLog(world)
    const page = await openAs(browser, world, 'viewer', '/deliveries')
    await followsLog(page)

    await setHidden(page, true)
    await page.getByTitle(/^Connecting/).waitFor()
    await havingMessage(world, channel, 'Came meanwhile')
    await setHidden(page, false)

    await rowOf(page, 'Came meanwhile').waitFor()
    await followsLog(page)
    expect(troubleOn(page)).toEqual([])
  })
})

describe('what comes while one reads further down', () => {
  test('is counted where it can be seen and pushes nothing away', async () => {
    await using world = await startConsole()
    const channel = await havingLog(world)
    for (let number = 0; number < 30; number += 1) {
      world.clock.now += 1
      await havingMessage(world, channel, `Message ${number}`)
    }
    const page = await openAs(browser, world, 'viewer', '/deliveries')
    await page.getByText('35 deliveries', { exact: true }).waitFor()
    await followsLog(page)
    await page.mouse.wheel(0, 600)
    await page.waitForFunction(() => scrollY > 300)

    world.clock.now += 1
    await havingMessage(world, channel, 'Came meanwhile')
    await page.getByRole('button', { name: '1 new above' }).waitFor()
    expect(await rowOf(page, 'Came meanwhile').count()).toBe(0)
    await page.getByRole('button', { name: '1 new above' }).click()

    await rowOf(page, 'Came meanwhile').waitFor()
    await expect.poll(() => page.evaluate(() => scrollY)).toBe(0)
    expect(troubleOn(page)).toEqual([])
  })
})

describe('what can be done with many', () => {
  test('the chosen are saved as a spreadsheet', async () => {
    await using world = await startConsole()
    await havingLog(world)
    const page = await openAs(browser, world, 'operator', '/deliveries')
    await page.getByLabel('Select Policy needs an owner').check()
    await page.getByText('1 delivery selected').waitFor()

    const [file] = await Promise.all([
      page.waitForEvent('download'),
      page.getByTitle('As a spreadsheet reads it (CSV)').click(),
    ])

    const lines = (await text(await file.createReadStream())).split('\r\n')
    expect(lines).toHaveLength(3)
    expect(lines[1]).toContain('Policy needs an owner')
  })

  test('a row of the filter before is chosen no more once the new one is answered', async () => {
    await using world = await startConsole()
    await havingLog(world)
    const page = await openAs(browser, world, 'operator', '/deliveries?live=off')
    await rowOf(page, 'Waits first').waitFor()
    let answer = () => {}
    const answered = new Promise<void>((resolve) => {
      answer = resolve
    })
    await page.route(/\/api\/deliveries\?/, async (route) => {
      await answered
      await route.continue()
    })
    await page.getByRole('button', { name: /^state:failed/ }).click()
    await page
      .locator('[aria-busy="true"]')
      .filter({ has: page.getByRole('table') })
      .waitFor()
    await page.getByLabel('Select Waits first').check()
    await page.getByText('1 delivery selected').waitFor()
    answer()

    await page.getByText('1 delivery selected').waitFor({ state: 'hidden' })
    expect(await page.getByRole('button', { name: 'Replay…' }).count()).toBe(0)
  })

  test('rows are chosen by keyboard and replayed together', async () => {
    await using world = await startConsole()
    await havingLog(world)
    const page = await openAs(browser, world, 'operator', '/deliveries?state=failed')
    await page.getByRole('link', { name: /^Access review is due/ }).focus()

    await page.keyboard.press('Space')
    await page.getByText('1 delivery selected').waitFor()
    await page.keyboard.press('Shift+ArrowDown')
    await page.getByText('2 deliveries selected').waitFor()
    await screenshot(page, 'log-selected')
    await expectNoAxeViolations(page)
    await page.getByRole('button', { name: 'Replay…' }).click()

    await page.getByRole('button', { name: 'Replay 2 deliveries' }).waitFor()
  })

  test('all that match are replayed by the filter itself', async () => {
    await using world = await startConsole()
    await havingLog(world)
    const page = await openAs(browser, world, 'operator', '/deliveries?state=failed')

    await page.getByLabel('Select Policy needs an owner').check()
    await page.getByRole('button', { name: 'Select all 3 that match' }).click()
    await page.getByText('All 3 that match').waitFor()
    await page.getByRole('button', { name: 'Replay…' }).click()

    await page.getByRole('button', { name: 'Replay 3 deliveries' }).waitFor()
  })

  test('what waits among the chosen is cancelled after a question', async () => {
    await using world = await startConsole()
    await havingLog(world)
    const page = await openAs(browser, world, 'operator', '/deliveries')

    await page.getByLabel('Select Waits second').check()
    await page.getByLabel('Select Access review is due').check()
    await page.getByRole('button', { name: 'Cancel 1', exact: true }).click()
    await page.getByRole('button', { name: 'Cancel 1 delivery' }).click()

    await rowOf(page, 'Waits second').getByText('Cancelled', { exact: true }).waitFor()
    await rowOf(page, 'Waits first').getByText('Pending').waitFor()
  })

  test('who may only look is offered nothing to choose', async () => {
    await using world = await startConsole()
    await havingLog(world)
    const page = await openAs(browser, world, 'viewer', '/deliveries')
    await page.getByText('5 deliveries', { exact: true }).waitFor()

    expect(await page.getByRole('checkbox').count()).toBe(0)
  })
})

describe('columns, filters and files', () => {
  test('a channel and a time are typed like any other filter', async () => {
    await using world = await startConsole()
    await havingLog(world)
    const page = await openAs(browser, world, 'viewer', '/deliveries')
    await page.getByText('5 deliveries', { exact: true }).waitFor()

    const filter = page.getByLabel('Filter deliveries')
    await filter.pressSequentially('channel:')
    await page.getByRole('option', { name: 'channel:#compliance' }).waitFor() // the names are known
    await filter.pressSequentially('#compliance since:7d ')

    await page.getByRole('button', { name: 'Remove filter destination #compliance' }).waitFor()
    await page.getByRole('button', { name: /^Remove filter accepted since / }).waitFor()
    const { searchParams } = new URL(page.url())
    expect(searchParams.get('destinationId')).toMatch(/^dst_/)
    expect(searchParams.get('from')).toMatch(/Z$/)
  })

  test('a chosen column stays chosen, and the file holds what the filters find', async () => {
    await using world = await startConsole()
    await havingLog(world)
    const page = await openAs(browser, world, 'viewer', '/deliveries')
    await page.getByText('5 deliveries', { exact: true }).waitFor()

    await page.getByRole('button', { name: 'Columns' }).click()
    await page.getByRole('menuitemcheckbox', { name: 'Recipient' }).click()
    await page.keyboard.press('Escape')
    await page.getByLabel('Filter deliveries').pressSequentially('type:compliance.review_due ')
    await page.getByRole('button', { name: 'Remove filter type compliance.review_due' }).waitFor()
    await page.reload()
    await page.getByText('3 deliveries', { exact: true }).waitFor()
    await page.getByRole('columnheader', { name: 'Recipient' }).waitFor()
    await page.getByRole('button', { name: 'Export' }).click()
    const path = await page.getByRole('menuitem', { name: /^CSV/ }).getAttribute('href')

    const file = await (await page.request.get(`${world.url}${path}`)).text()
    expect(file.trim().split('\r\n')).toHaveLength(4)
  })
})

describe.each(LOOKS)('%s at %d px', (scheme, width, height) => {
  test('the log with everything on it is accessible and does not scroll sideways', async () => {
    await using world = await startConsole()
    await havingLog(world)
    const page = await openAs(browser, world, 'operator', '/deliveries', { scheme, width, height })
    await page.evaluate(() => {
      const all = ['destination', 'code', 'attempts', 'took', 'recipient', 'priority', 'integration', 'due', 'event']
      localStorage.setItem('switchboard-delivery-columns', JSON.stringify(all))
    })
    await page.reload()

    await page.getByLabel('Select Policy needs an owner').check()
    await page.getByLabel('Select Waits first').check()

    await expectNoAxeViolations(page)
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(width)
    await screenshot(page, `log-${scheme}-${width}`)
  })
})

/** What a browser says when another tab is shown instead; all tabs of a headless one are in sight. */
async function setHidden(page: Page, isHidden: boolean): Promise<void> {
  await page.evaluate((hidden) => {
    Object.defineProperty(document, 'hidden', { value: hidden, configurable: true })
    document.dispatchEvent(new Event('visibilitychange'))
  }, isHidden)
}

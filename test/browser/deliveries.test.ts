import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { deliverDue } from '../../server/deliveries/worker.ts'
import { expectNoAxeViolations, LOOKS, openBrowser, screenshot, troubleOn } from '../support/browser.ts'
import { followsLog, havingMessage, openAs, rowsOf, startConsole } from '../support/console-page.ts'
import { havingEachOutcome } from '../support/delivery-log.ts'

let browser: Browser
beforeAll(async () => {
  browser = await openBrowser()
})
afterAll(() => browser.close())

describe('the log of deliveries', () => {
  test('before the first message it says what will stand there', async () => {
    await using world = await startConsole()
    const page = await openAs(browser, world, 'viewer', '/deliveries')

    await page.getByText('Nothing was sent yet').waitFor()

    await expectNoAxeViolations(page)
  })

  test('a filter is typed, becomes a chip and an address, and can be taken away', async () => {
    await using world = await startConsole()
    await havingEachOutcome(world)
    const page = await openAs(browser, world, 'viewer', '/deliveries')
    await page.getByText('3 deliveries', { exact: true }).waitFor()
    const filter = page.getByLabel('Filter deliveries')

    await page.keyboard.press('/')
    await filter.pressSequentially('state:failed destination:')
    await page.getByRole('option', { name: 'destination:#audit-room' }).waitFor() // the names are known
    await filter.pressSequentially('#audit-room leaked')
    await page.keyboard.press('Enter')

    await page.waitForURL(/search=leaked/)
    await page.getByText('1 delivery', { exact: true }).waitFor()
    expect(new URL(page.url()).searchParams.get('state')).toBe('failed')
    expect(new URL(page.url()).searchParams.get('destinationId')).toMatch(/^dst_/)
    await page.reload()
    await page.getByText('1 delivery', { exact: true }).waitFor()
    expect(await filter.inputValue()).toBe('leaked')
    await filter.fill('nothing like this')
    await page.keyboard.press('Enter')
    await page.getByText('No delivery fits these filters').waitFor()
    await page.getByRole('button', { name: 'Clear all filters' }).click()
    await page.getByText('3 deliveries', { exact: true }).waitFor()
    await page.waitForURL(({ search }) => search === '')
  })

  test('a filter that can’t be is told of and kept as typed, and narrows nothing meanwhile', async () => {
    await using world = await startConsole()
    await havingEachOutcome(world)
    const page = await openAs(browser, world, 'viewer', '/deliveries')
    await page.getByText('3 deliveries', { exact: true }).waitFor()
    const filter = page.getByLabel('Filter deliveries')
    const problem = page.getByRole('alert').filter({ hasText: 'is no ' })

    await filter.pressSequentially('state:fialed since:2h ')
    await page.keyboard.press('Enter')

    expect(await problem.textContent()).toContain('“fialed” is no value of state. Use pending,')
    expect(await filter.inputValue()).toBe('state:fialed since:2h ')
    expect(new URL(page.url()).search).toBe('')
    await expectNoAxeViolations(page)
    await screenshot(page, 'deliveries-filter-problem')
    await filter.fill('state:failed')
    await problem.waitFor({ state: 'hidden' })
    await page.keyboard.press('Enter')
    await page.getByText('1 delivery', { exact: true }).waitFor()
  })

  test('the states at hand are one press away', async () => {
    await using world = await startConsole()
    await havingEachOutcome(world)
    const page = await openAs(browser, world, 'viewer', '/deliveries')

    await page.getByRole('button', { name: 'state:failed 1' }).click()

    await page.getByText('1 delivery', { exact: true }).waitFor()
    await page.getByRole('button', { name: 'Remove filter state failed' }).click()
    await page.getByText('3 deliveries', { exact: true }).waitFor()
  })

  test('what is sent while one looks appears by itself, unless paused', async () => {
    await using world = await startConsole()
    const { channel } = await havingEachOutcome(world)
    const page = await openAs(browser, world, 'viewer', '/deliveries', { reducedMotion: false })
    await page.getByText('3 deliveries', { exact: true }).waitFor()
    await followsLog(page)

    await havingMessage(world, channel, 'Just now')

    await page.getByRole('link', { name: /^Just now/ }).waitFor()
    expect(await page.locator('tr[data-new]').count()).toBe(1)
  })

  test('older ones come a page at a time', async () => {
    await using world = await startConsole()
    const { channel } = await havingEachOutcome(world)
    for (let number = 0; number < 60; number += 1) {
      world.clock.now += 1
      await havingMessage(world, channel, `Message ${number}`)
    }
    const page = await openAs(browser, world, 'viewer', '/deliveries')
    await page.getByText('50 of 63 shown').waitFor()

    await page.getByRole('button', { name: 'Load older' }).click()

    await page.getByText('63 of 63 shown').waitFor()
    expect(await rowsOf(page, 'Deliveries').count()).toBe(63)
    expect(await page.getByRole('button', { name: 'Load older' }).count()).toBe(0)
  })

  test('how many are held stands beside Deliveries in the navigation', async () => {
    await using world = await startConsole()
    const { integrationId } = await havingEachOutcome(world)
    await (await world.as('admin')).patch(`/api/integrations/${integrationId}`, { enabled: false })
    await deliverDue(world.ctx)

    const page = await openAs(browser, world, 'viewer', '/deliveries')

    await page.getByRole('link', { name: 'Deliveries 1 held' }).waitFor()
  })
})

describe('the commands', () => {
  test('each use is listed, filters narrow it, and refused requests say what they mean', async () => {
    await using world = await startConsole()
    const { integrationId } = await havingEachOutcome(world)
    const { appId } = await world.slack.app()
    const [person] = await world.slack.people()
    const channelId = await world.slack.channel('compliance')
    for (const text of ['help', 'status']) {
      world.clock.now += 1_000
      await world.slack.command({ appId, userId: person?.id, channelId, command: '/switchboard', text })
    }
    await fetch(`${world.url}/slack/${integrationId}/commands`, { method: 'POST', body: 'command=%2Fswitchboard' })
    const page = await openAs(browser, world, 'viewer', '/commands?window=1h')

    await page.getByText('2 shown, that is all').waitFor()
    await page.getByText('It carried no signature of Slack: somebody else called the address.').waitFor()
    expect(await rowsOf(page, 'Uses').first().textContent()).toContain('status')
    await page.getByLabel('Filter uses').fill('outcome:failed')
    await page.keyboard.press('Enter')
    await page.getByText('No use fits these filters').waitFor()
    expect(new URL(page.url()).searchParams.get('outcome')).toBe('failed')
    expect(troubleOn(page)).toEqual([])
  })
})

describe.each(LOOKS)('%s at %d px', (scheme, width, height) => {
  test('list, delivery and commands are accessible and do not scroll sideways', async () => {
    await using world = await startConsole()
    const { failed } = await havingEachOutcome(world)
    const page = await openAs(browser, world, 'admin', '/deliveries', { scheme, width, height })
    const shown = [
      ['/deliveries?state=failed', 'deliveries', '1 delivery'],
      [`/deliveries/${failed}`, 'delivery', 'Acknowledge'],
      ['/commands', 'commands', 'No command was used yet'],
    ] as const

    for (const [path, name, sign] of shown) {
      await page.goto(`${world.url}${path}`)
      await page.getByText(sign, { exact: true }).waitFor()
      await expectNoAxeViolations(page)
      expect(await page.evaluate(() => document.documentElement.scrollWidth), path).toBe(width)
      await screenshot(page, `${name}-${scheme}-${width}`)
    }
    expect(troubleOn(page)).toEqual([])
  })
})

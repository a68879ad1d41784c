import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { deliverDue } from '../../server/deliveries/worker.ts'
import { replayNext } from '../../server/replays/replay-next.ts'
import { expectNoAxeViolations, LOOKS, openBrowser, screenshot, troubleOn } from '../support/browser.ts'
import { havingChannel, havingMessage, openAs, startConsole } from '../support/console-page.ts'
import type { World } from '../support/world.ts'

let browser: Browser
beforeAll(async () => {
  browser = await openBrowser()
})
afterAll(() => browser.close())

/** Three messages that Slack would not take, and one that it took. */
async function havingFailures(world: World) {
  const { id } = await world.havingIntegration()
  const channel = await havingChannel(world, id, '#compliance')
  await world.slack.fault({ method: 'chat.postMessage', kind: 'error', code: 'msg_too_long', times: 3 })
  for (const text of ['Evidence pack is ready', 'Policy needs an owner', 'Access review is due', 'This one arrives']) {
    await havingMessage(world, channel, text)
    await deliverDue(world.ctx)
    world.clock.now += 2_000
  }
}

/** Makes and sends all that a replay has to do. */
async function runReplay(world: World): Promise<void> {
  for (let round = 0; round < 10; round += 1) {
    await replayNext(world.ctx)
    await deliverDue(world.ctx)
    world.clock.now += 1_500
  }
}

describe('a replay of many', () => {
  test('shows what it would send before it does, runs, and tells what became of each', async () => {
    await using world = await startConsole()
    await havingFailures(world)
    const page = await openAs(browser, world, 'operator', '/replays')
    await page.getByText('Nothing was replayed yet').waitFor()
    await expectNoAxeViolations(page)
    await page.getByRole('button', { name: 'Replay what failed' }).click()
    const dialog = page.getByRole('dialog', { name: 'Replay deliveries' })
    await dialog.getByText('3 deliveries', { exact: true }).waitFor()
    await dialog.getByRole('list', { name: 'Where they go' }).getByText('#compliance').waitFor()
    await dialog.getByText('Evidence pack is ready').waitFor()
    await dialog.getByText(/Delayed/).waitFor()
    await expectNoAxeViolations(page)
    await screenshot(page, 'replay-dialog')

    await dialog.getByRole('button', { name: 'Replay 3 deliveries' }).click()

    await page.getByRole('heading', { name: 'Replay of 3 deliveries', level: 1 }).waitFor()
    await runReplay(world)
    await page.getByText('3 of 3 sent again').waitFor()
    await page.reload()
    await page.getByText('Done', { exact: true }).waitFor()
    await page.getByRole('list', { name: 'Outcomes' }).getByRole('link', { name: '3 deliveries' }).waitFor()
    await expectNoAxeViolations(page)
    await page.getByRole('link', { name: 'Replays' }).click()
    await page.getByRole('row', { name: /Done .*3 deliveries/ }).waitFor()
    await expectNoAxeViolations(page)
    expect(troubleOn(page)).toEqual([])
  })

  test('is started once, however often the button is pressed until its page is there', async () => {
    await using world = await startConsole()
    await havingFailures(world)
    const page = await openAs(browser, world, 'operator', '/deliveries?state=failed')
    await page.getByRole('checkbox', { name: 'Select all rows on this page' }).click()
    await page.getByRole('button', { name: 'Replay…' }).click()
    const begin = page.getByRole('button', { name: 'Replay 3 deliveries' })
    await begin.waitFor()
    const fetched = Promise.withResolvers<void>()
    await page.route('**/*.js', async (route) => {
      await fetched.promise
      await route.continue()
    })

    const started = page.waitForResponse((answer) => new URL(answer.url()).pathname === '/api/replays')
    await begin.click()
    await started
    await page.evaluate(() => new Promise(requestAnimationFrame))
    await begin.click({ force: true })
    fetched.resolve()

    await page.getByRole('heading', { name: 'Replay of 3 deliveries', level: 1 }).waitFor()
    const { body } = await (await world.as('operator')).get('/api/replays')
    expect(body.items).toHaveLength(1)
  })

  test('is counted again as its options change, and says when nothing is left', async () => {
    await using world = await startConsole()
    await havingFailures(world)
    const operator = await world.as('operator')
    const which = { filter: { state: 'failed' } }
    await operator.post('/api/replays', { which, options: {}, expected: 3 })
    await runReplay(world)
    const page = await openAs(browser, world, 'operator', '/replays')

    await page.getByRole('button', { name: 'Replay what failed' }).click()

    await page.getByText('Nothing would be sent').waitFor()
    expect(await page.getByRole('button', { name: 'Replay deliveries' }).isDisabled()).toBe(true)
    await page.getByRole('checkbox', { name: 'Skip what was overtaken' }).click()
    await page.getByRole('button', { name: 'Replay 3 deliveries' }).waitFor()
  })

  test('is paused, resumed and cancelled with what still waits', async () => {
    await using world = await startConsole()
    await havingFailures(world)
    const operator = await world.as('operator')
    const which = { filter: { state: 'failed' } }
    const { body } = await operator.post('/api/replays', { which, options: { perMinute: 1 }, expected: 3 })
    await replayNext(world.ctx)
    const page = await openAs(browser, world, 'operator', `/replays/${body.id}`)

    await page.getByRole('button', { name: 'Pause' }).click()
    await page.getByText('Nothing more is sent until it is resumed').waitFor()
    await page.getByRole('button', { name: 'Resume' }).click()
    await page.getByText('You can leave this page: it goes on').waitFor()
    await page.getByRole('button', { name: 'Cancel replay' }).click()
    await page.getByRole('checkbox', { name: 'Also cancel what still waits' }).click()
    await expectNoAxeViolations(page)
    await page.getByRole('dialog').getByRole('button', { name: 'Cancel replay' }).click()

    await page.getByText('It was ended before its end').waitFor()
    expect(await page.getByRole('button', { name: /Pause|Resume|Cancel/ }).count()).toBe(0)
    const { body: counts } = await operator.get('/api/deliveries/counts')
    expect(counts.byState).toEqual({ delivered: 1, failed: 3, cancelled: 1 })
    expect(troubleOn(page)).toEqual([])
  })

  test('is watched by a viewer, who starts and stops none', async () => {
    await using world = await startConsole()
    await havingFailures(world)
    const operator = await world.as('operator')
    const which = { filter: { state: 'failed' } }
    const { body } = await operator.post('/api/replays', { which, options: {}, expected: 3 })
    const page = await openAs(browser, world, 'viewer', '/replays')

    await page.getByRole('row', { name: /3 deliveries/ }).waitFor()
    expect(await page.getByRole('button', { name: /Replay/ }).count()).toBe(0)
    await page.goto(`${world.url}/replays/${body.id}`)
    await page.getByText('0 of 3 sent again').waitFor()
    expect(await page.getByRole('button', { name: /Pause|Cancel/ }).count()).toBe(0)
  })

  test('an id that none has is said to be one', async () => {
    await using world = await startConsole()
    const page = await openAs(browser, world, 'viewer', '/replays/rpl_unknown')

    await page.getByText('No replay has this id').waitFor()

    await expectNoAxeViolations(page)
  })
})

describe.each(LOOKS)('%s at %d px', (scheme, width, height) => {
  test('the list and one replay are accessible and do not scroll sideways', async () => {
    await using world = await startConsole()
    await havingFailures(world)
    const operator = await world.as('operator')
    const which = { filter: { state: 'failed' } }
    const { body } = await operator.post('/api/replays', { which, options: {}, expected: 3 })
    await replayNext(world.ctx)
    const page = await openAs(browser, world, 'operator', '/replays', { scheme, width, height })

    for (const [path, sign] of [
      ['/replays', 'by A operator'],
      [`/replays/${body.id}`, 'How it is done'],
    ] as const) {
      await page.goto(`${world.url}${path}`)
      await page.getByText(sign).waitFor()
      await expectNoAxeViolations(page)
      expect(await page.evaluate(() => document.documentElement.scrollWidth), path).toBe(width)
      await screenshot(page, `replay-${path === '/replays' ? 'list' : 'page'}-${scheme}-${width}`)
    }
    expect(troubleOn(page)).toEqual([])
  })
})

import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { deliverDue } from '../../server/deliveries/worker.ts'
import { expectNoAxeViolations, LOOKS, openBrowser, screenshot, troubleOn } from '../support/browser.ts'
import { havingChannel, openAs, startConsole } from '../support/console-page.ts'
import type { World } from '../support/world.ts'

let browser: Browser
beforeAll(async () => {
  browser = await openBrowser()
})
afterAll(() => browser.close())

const VIOLATION = {
  type: 'compliance.violation',
  category: 'security',
  severity: 'critical',
  title: 'Access key found in a public repository',
  text: 'The key was switched off.',
  data: { days_remaining: 2, tags: ['gdpr'] },
}

/** A rule that sends a violation somewhere, one that does not match it, and an event that reaches nobody. */
async function havingDecided(world: World) {
  const { id: integrationId } = await world.havingIntegration()
  const security = await havingChannel(world, integrationId, '#security-alerts')
  const { post } = await world.as('admin')
  await post('/api/routing-rules', {
    name: 'Security incidents',
    condition: "category == 'security' AND (severity == 'high' OR severity == 'critical')",
    destinations: [security],
    mentions: ['@nobody-here'],
    priority: 'urgent',
    stop: true,
  })
  await post('/api/routing-rules', {
    name: 'Deadlines',
    condition: "type == 'deadline' AND owner exists",
    destinations: [security],
  })
  await post('/api/routing-rules', {
    name: 'Low',
    condition: "severity == 'low' AND owner == 'kim' AND true",
    destinations: [security],
  })
  const sent = await post('/api/events', VIOLATION)
  await deliverDue(world.ctx)
  const unsent = await post('/api/events', { ...VIOLATION, severity: 'low', title: 'Nobody is told of this' })
  return { sent: sent.body, unsent: unsent.body }
}

describe('why a message came here', () => {
  test('its page names the rule with the values it saw, and leads to all that was weighed', async () => {
    await using world = await startConsole()
    const { sent } = await havingDecided(world)
    const page = await openAs(browser, world, 'viewer', `/deliveries/${sent.deliveries[0].id}`)
    const why = page.getByRole('region', { name: 'Why here?' })

    await why.getByText('Because of the rule Security incidents.').waitFor()
    await why.getByText("true, was 'security'").waitFor()
    await why.getByText("false, was 'critical'").waitFor()
    await expectNoAxeViolations(page)
    await screenshot(page, 'why-here')
    await why.getByRole('link', { name: 'All that was weighed' }).click()

    await page.getByRole('heading', { name: VIOLATION.title, level: 1 }).waitFor()
    await page.getByText('Not tried: a rule before it stopped').first().waitFor()
    await page.getByText('Nobody in this workspace answers to @nobody-here').waitFor()
    expect(troubleOn(page)).toEqual([])
  })

  test('an event that reached nobody says why, part by part', async () => {
    await using world = await startConsole()
    const { unsent } = await havingDecided(world)
    const page = await openAs(browser, world, 'viewer', `/events/${unsent.id}`)

    await page.getByText('It reached nobody').waitFor()
    const rules = page.getByRole('list', { name: 'Rules that were tried' })
    await rules.getByText("true, was 'low'").waitFor()
    await rules.getByText('not in the event').waitFor()
    await rules.getByText('not needed').first().waitFor()
    await expectNoAxeViolations(page)
    await page.getByRole('link', { name: 'Try it again' }).click()
    await page.getByRole('textbox', { name: 'Event as JSON' }).waitFor()
    expect(await page.getByRole('textbox', { name: 'Event as JSON' }).inputValue()).toContain('Nobody is told of this')
    expect(troubleOn(page)).toEqual([])
  })

  test('an event whose rules are no longer kept says where it went, and that why is not known', async () => {
    await using world = await startConsole()
    const { sent, unsent } = await havingDecided(world)
    const { patch } = await world.as('admin')
    await patch('/api/notification-types/other', { priority: 'low' })
    await world.db.deleteFrom('routingSnapshots').execute()
    const page = await openAs(browser, world, 'viewer', `/events/${sent.id}`)

    await page.getByText('Because of types and rules that are no longer kept').waitFor()
    await page.getByText('only where it went is known, not why').waitFor()
    expect(await page.getByText('No rule was tried').count()).toBe(0)
    await expectNoAxeViolations(page)
    await screenshot(page, 'event-state-gone')
    await page.goto(`${world.url}/events/${unsent.id}`)
    await page.getByText('The types and rules that held then are no longer kept').waitFor()
    expect(troubleOn(page)).toEqual([])
  })

  test('an id that no event has is said to be one', async () => {
    await using world = await startConsole()
    const page = await openAs(browser, world, 'viewer', '/events/evt_unknown')

    await page.getByText('No event has this id').waitFor()
  })
})

describe('the tester', () => {
  test('tells of an event before it comes where it would go and what it would look like, and sends nothing', async () => {
    await using world = await startConsole()
    await havingDecided(world)
    const page = await openAs(browser, world, 'viewer', '/notifications/tester')
    await page.getByText('Try an event before it comes').waitFor()
    await expectNoAxeViolations(page)
    const field = page.getByRole('textbox', { name: 'Event as JSON' })
    const before = (await (await world.as('admin')).get('/api/deliveries')).body.items.length

    await field.fill('{"type": "a", "days": 1}')
    await page.getByRole('button', { name: 'Try event' }).click()
    await page.getByText('days: events have no such field; put it into data.').waitFor()
    await field.fill(JSON.stringify({ ...VIOLATION, title: 'Only an example' }, null, 2))
    await page.getByRole('button', { name: 'Try event' }).click()

    await page.getByText('Would be sent').waitFor()
    await page.getByRole('region', { name: 'As it would look in Slack' }).getByText('Only an example').first().waitFor()
    await page.getByText("true, was 'critical'").waitFor()
    await expectNoAxeViolations(page)
    await screenshot(page, 'tester')
    expect((await (await world.as('admin')).get('/api/deliveries')).body.items).toHaveLength(before)
    expect(troubleOn(page)).toEqual([])
  })

  test('takes an event that came', async () => {
    await using world = await startConsole()
    await havingDecided(world)
    const page = await openAs(browser, world, 'viewer', '/notifications/tester')

    await page.getByLabel('Take one that came').first().click()
    await page.getByRole('option', { name: /Nobody is told of this/ }).click()
    const field = page.getByRole('textbox', { name: 'Event as JSON' })
    await expect.poll(() => field.inputValue()).toContain('Nobody is told of this')
    await page.getByRole('button', { name: 'Try event' }).click()

    await page.getByText('It would reach nobody').waitFor()
    await expectNoAxeViolations(page)
  })
})

describe.each(LOOKS)('%s at %d px', (scheme, width, height) => {
  test('an event and the tester are accessible and do not scroll sideways', async () => {
    await using world = await startConsole()
    const { sent, unsent } = await havingDecided(world)
    const page = await openAs(browser, world, 'admin', '/', { scheme, width, height })

    for (const [name, path, sign] of [
      ['sent', `/events/${sent.id}`, 'Because of the rule'],
      ['unsent', `/events/${unsent.id}`, 'It reached nobody'],
      ['tester', `/notifications/tester?event=${sent.id}`, 'Try event'],
    ] as const) {
      await page.goto(`${world.url}${path}`)
      await page.getByText(sign).first().waitFor()
      if (name === 'tester') {
        await page.getByRole('button', { name: 'Try event' }).click()
        await page.getByText('Would be sent').waitFor()
      }
      await expectNoAxeViolations(page)
      expect(await page.evaluate(() => document.documentElement.scrollWidth), path).toBe(width)
      await screenshot(page, `event-${name}-${scheme}-${width}`)
    }
    expect(troubleOn(page)).toEqual([])
  })
})

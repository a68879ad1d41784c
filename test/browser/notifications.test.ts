import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { lineUp } from '../../server/deliveries/lanes/places-store.ts'
import { sweepOn } from '../../server/deliveries/sweeps/sweep.ts'
import { deliverDue } from '../../server/deliveries/worker.ts'
import { refreshChannels } from '../../server/destinations/refresh-channels.ts'
import { followFeatures, refreshDirectories } from '../../server/mentions/refresh-directories.ts'
import { expectNoAxeViolations, LOOKS, openBrowser, screenshot, troubleOn } from '../support/browser.ts'
import { havingChannel, openAs, startConsole } from '../support/console-page.ts'
import { deliveryRow } from '../support/factories.ts'
import type { World } from '../support/world.ts'

let browser: Browser
// Building the console takes its time, which is no test's.
beforeAll(async () => {
  browser = await openBrowser()
})
afterAll(() => browser.close())

const TYPE = 'compliance.violation'
const fits = (page: Page) => page.evaluate(() => document.documentElement.scrollWidth)

/** The people and groups of the sandbox, known by name. */
async function knowingPeople(world: World): Promise<string> {
  const { id } = await world.havingIntegration()
  await followFeatures(world.ctx)
  await refreshDirectories(world.ctx)
  return id
}

/** Types a part of a channel's name and takes the one that is meant, once the channels are read. */
async function pickChannel(page: Page, world: World, name: string): Promise<void> {
  const field = page.getByRole('textbox', { name: 'Channel' }).or(page.getByRole('combobox', { name: 'Channel' }))
  await field.first().fill(name)
  // Nothing is read until the page has asked for channels.
  await expect.poll(() => refreshChannels(world.ctx)).toBe(1)
  await page
    .getByRole('option', { name: new RegExp(`^${name}\\b`) })
    .first()
    .click()
}

/** More of a type waits than is paused with the answer to that. */
async function havingBacklog(world: World, integrationId: string): Promise<void> {
  const destinationId = await havingChannel(world, integrationId, '#compliance')
  for (let at = 0; at < 6_000; at += 1_000) {
    const rows = Array.from({ length: 1_000 }, () => deliveryRow({ type: TYPE, destinationId, integrationId }))
    await world.db.transaction().execute((trx) => lineUp(trx, rows))
  }
}

describe.each(LOOKS)('%s at %d px', (scheme, width, height) => {
  test('a backlog that is too large to be paused at once is told of until all of it is', async () => {
    await using world = await startConsole()
    const { id } = await world.havingIntegration()
    await havingBacklog(world, id)
    const page = await openAs(browser, world, 'operator', `/notifications/types/${TYPE}`, { scheme, width, height })

    await page.getByRole('button', { name: `Pause ${TYPE}` }).click()
    await page.getByText(/^What waited is still being set aside/).waitFor()
    await page.getByRole('link', { name: /deliveries held so far$/ }).waitFor()
    await screenshot(page, `notifications-under-way-${scheme}-${width}`)
    await expectNoAxeViolations(page)
    expect(await fits(page)).toBe(width)
    await page.goto(`${world.url}/queue`)
    await page.getByText(/^What waits of compliance\.violation is being set aside: [\d,]+ so far\.$/).waitFor()
    await screenshot(page, `queue-under-way-${scheme}-${width}`)
    await expectNoAxeViolations(page)
    expect(await fits(page)).toBe(width)

    while ((await sweepOn(world.ctx, { windows: 50 })).isMore);
    await page.getByText('A large backlog is still changing over').waitFor({ state: 'hidden' })
    await page.goto(`${world.url}/notifications/types/${TYPE}`)
    await page.getByRole('link', { name: /deliveries held$/ }).waitFor()
    expect(await page.getByText(/^What waited is still being set aside/).count()).toBe(0)
    expect(troubleOn(page)).toEqual([])
  })

  test('an empty console leads to a notification that arrives in Slack', async () => {
    await using world = await startConsole()
    await world.havingIntegration()
    const page = await openAs(browser, world, 'admin', '/notifications', { scheme, width, height })
    await page.getByText('No notification is set up yet').waitFor()
    await screenshot(page, `notifications-empty-${scheme}-${width}`)
    await expectNoAxeViolations(page)

    await page.getByRole('link', { name: 'Add type' }).click()
    await page.getByRole('heading', { name: 'New type', level: 1 }).waitFor()
    await page.getByRole('combobox', { name: 'Type of event' }).fill(TYPE)
    await pickChannel(page, world, 'compliance-alerts')
    await screenshot(page, `notifications-new-${scheme}-${width}`)
    await expectNoAxeViolations(page)
    expect(await fits(page)).toBe(width)
    await page.getByRole('button', { name: 'Add and send a test event' }).click()
    await page.getByRole('list', { name: 'Messages of the test event' }).getByText('On its way').waitFor()
    await deliverDue(world.ctx)
    await page.getByRole('list', { name: 'Messages of the test event' }).getByText('Delivered').waitFor()
    await screenshot(page, `notifications-arrived-${scheme}-${width}`)
    await expectNoAxeViolations(page)

    const posted = await world.slack.messages(await world.slack.channel('compliance-alerts'))
    expect(posted.at(-1)?.text).toContain(`Test of ${TYPE}`)
    await page.getByRole('link', { name: 'Set up the rest' }).click()
    await page.getByRole('list', { name: 'Destinations: chosen' }).getByText('compliance-alerts').waitFor()
    expect(troubleOn(page)).toEqual([])
  })

  test('everything about a type is set on its page, and mentions say whom they call', async () => {
    await using world = await startConsole()
    const id = await knowingPeople(world)
    const admin = await world.as('admin')
    await admin.patch(`/api/notification-types/${TYPE}`, {
      description: 'A control was broken',
      destinations: [{ integrationId: id, channel: '#compliance-alerts' }],
      mentions: ['@manager'],
      priority: 'urgent',
    })
    await admin.post('/api/templates/presets', { names: ['critical_alert'] })
    const page = await openAs(browser, world, 'admin', `/notifications/types/${TYPE}`, { scheme, width, height })
    await page.getByText('@manager → Grace Hopper').waitFor()

    for (const word of ['@compliance-team', '@nobody']) {
      const field = page.getByRole('combobox', { name: 'Mentions' })
      await field.fill(word)
      await field.press('Enter')
    }
    await page.getByText('@compliance-team → Compliance team').waitFor()
    await page.getByText('@nobody calls nobody').waitFor()
    const destinations = page.getByRole('combobox', { name: 'Destinations' })
    await destinations.fill('security-al')
    await refreshChannels(world.ctx)
    await page.getByRole('option', { name: /^security-alerts/ }).waitFor()
    await screenshot(page, `type-adding-${scheme}-${width}`)
    await page.getByRole('option', { name: /^security-alerts/ }).click()
    await destinations.fill('recipient')
    await page.getByRole('option', { name: /^The recipient’s own Slack/ }).click()
    await expectNoAxeViolations(page)
    await page.getByLabel('Emoji').fill(':rotating_light:')
    await page.getByRole('combobox', { name: 'Template' }).fill('critical')
    await page.getByRole('option', { name: 'critical_alert' }).click()
    await page.getByRole('radio', { name: 'By a field' }).click()
    await page.getByLabel('Thread field').fill('data.issue_id')
    await page.getByRole('checkbox', { name: 'Show replies in the channel too' }).click()
    await page.getByLabel('Update field').fill('data.issue_id')
    await page.getByRole('radio', { name: 'Do not repeat' }).click()
    await page.getByLabel('Attempts at most').fill('12')
    await page.getByRole('checkbox', { name: 'Fold a flood into a summary' }).click()
    await page.getByLabel('Fold when more than this many wait').fill('50')
    await page.getByRole('switch', { name: 'Only some fields may leave' }).click()
    await page.getByText('Names and URLs only: no content leaves.').waitFor()
    await page.getByLabel('Days kept').fill('30')
    await screenshot(page, `type-${scheme}-${width}`)
    await expectNoAxeViolations(page)
    expect(await fits(page)).toBe(width)

    await page.getByRole('button', { name: 'Save changes' }).click()

    await page.getByText('Not saved yet').waitFor({ state: 'detached' })
    const { body } = await admin.get(`/api/notification-types/${TYPE}`)
    expect(body).toMatchObject({
      destinations: [{ name: '#compliance-alerts' }, { name: '#security-alerts' }, { kind: 'recipient' }],
      ...{ priority: 'urgent', mentions: ['@manager', '@compliance-team', '@nobody'], emoji: ':rotating_light:' },
      template: 'critical_alert',
      ...{ threading: { enabled: true, by: 'data.issue_id', broadcast: true }, updateBy: 'data.issue_id' },
      ...{ policy: 'at_most_once', maxAttempts: 12, foldAfter: 50 },
      ...{ allowedFields: ['title', 'url'], retentionDays: 30, description: 'A control was broken' },
    })
    expect(await page.getByRole('button', { name: 'Save changes' }).count()).toBe(0)
    expect(troubleOn(page)).toEqual([])
  })

  test('the list says where each type goes, and holds one back and lets it go', async () => {
    await using world = await startConsole()
    const { id } = await world.havingIntegration()
    const admin = await world.as('admin')
    await admin.patch(`/api/notification-types/${TYPE}`, {
      description: 'A control was broken',
      destinations: [
        { integrationId: id, channel: '#compliance-alerts' },
        { integrationId: id, channel: '#security-alerts' },
        { integrationId: id, recipient: true },
      ],
      ...{ priority: 'urgent', emoji: ':rotating_light:' },
    })
    await admin.patch('/api/notification-types/report.ready', { enabled: false })
    await admin.post('/api/notification-types/system.heartbeat/pause')
    await admin.post('/api/events', [
      { type: TYPE, title: 'One' },
      { type: 'deadline', title: 'Two' },
    ])
    const page = await openAs(browser, world, 'admin', '/notifications', { scheme, width, height })

    await page.getByText('system.heartbeat').waitFor()
    await page.getByRole('region', { name: 'Seen, not set up' }).getByRole('link', { name: 'deadline' }).waitFor()
    await page.getByText('nothing held yet').waitFor()
    await screenshot(page, `types-${scheme}-${width}`)
    await expectNoAxeViolations(page)
    expect(await fits(page)).toBe(width)

    await page.getByRole('button', { name: 'Resume system.heartbeat' }).click()
    await page.getByRole('button', { name: 'Pause system.heartbeat' }).waitFor()
    await page.getByRole('link', { name: TYPE }).click()
    await page.getByRole('heading', { name: TYPE, level: 1 }).waitFor()
    expect(troubleOn(page)).toEqual([])
  })
})

test.each(LOOKS)(
  'what a change of a type would do is seen before it is saved, %s at %i px',
  async (scheme, width, height) => {
    await using world = await startConsole()
    const { id } = await world.havingIntegration()
    const admin = await world.as('admin')
    await admin.patch(`/api/notification-types/${TYPE}`, {
      destinations: [{ integrationId: id, channel: '#compliance-alerts' }],
    })
    await admin.post('/api/events', [
      { type: TYPE, title: 'Key leaked' },
      { type: 'report.ready', title: 'Report 7' },
    ])
    const page = await openAs(browser, world, 'admin', `/notifications/types/${TYPE}`, { scheme, width, height })
    await page.getByText('Change something, and the latest events are decided with it').waitFor()

    await page.getByRole('switch', { name: 'Send messages of this type' }).click()

    await page.getByText('1 of the last 2 events is of this type; 1 event would be sent differently.').waitFor()
    const different = page.getByRole('list', { name: 'Events that would be different' })
    await different.getByText('Key leaked').waitFor()
    await different.getByText('− no longer').waitFor()
    await screenshot(page, `type-what-if-${scheme}-${width}`)
    await expectNoAxeViolations(page)
    expect(await fits(page)).toBe(width)
    expect(troubleOn(page)).toEqual([])
  },
)

test('a viewer reads a type and changes nothing', async () => {
  await using world = await startConsole()
  const id = await knowingPeople(world)
  await (await world.as('admin')).patch(`/api/notification-types/${TYPE}`, {
    destinations: [{ integrationId: id, channel: '#compliance-alerts' }],
    mentions: ['@manager'],
  })
  const page = await openAs(browser, world, 'viewer', '/notifications')

  await page.getByRole('link', { name: TYPE }).click()

  await page.getByRole('list', { name: 'Destinations: chosen' }).getByText('compliance-alerts').waitFor()
  expect(await page.getByRole('checkbox', { name: 'Leave a trail of updates' }).isDisabled()).toBe(true)
  expect(await page.getByRole('button', { name: /Save|Add|Pause|Send|Remove/ }).count()).toBe(0)
  await expectNoAxeViolations(page)
  await page.goto(`${world.url}/notifications/new`)
  await page.getByText('An admin adds notification types').waitFor()
  expect(troubleOn(page)).toEqual([])
})

test('a word that the workspace does not have is explained by what the app may not read', async () => {
  await using world = await startConsole()
  const app = await world.slack.app()
  await world.slack.changeApp(app.appId, { scopes: app.scopes.filter((scope) => scope !== 'usergroups:read') })
  await knowingPeople(world)
  await (await world.as('admin')).patch(`/api/notification-types/${TYPE}`, { mentions: ['@compliance-team'] })

  const page = await openAs(browser, world, 'admin', `/notifications/types/${TYPE}`)

  await page.getByText(/Add the scope usergroups:read under OAuth & Permissions/).waitFor()
  expect(troubleOn(page)).toEqual([])
})

test('without an integration the way leads there first', async () => {
  await using world = await startConsole()
  const page = await openAs(browser, world, 'admin', '/notifications/new')

  await page.getByRole('link', { name: 'Connect Slack' }).click()

  await page.getByRole('heading', { name: 'Connect Slack', level: 1 }).waitFor()
  expect(troubleOn(page)).toEqual([])
})

test('what the server refuses of a form is said beside the field', async () => {
  await using world = await startConsole()
  await world.havingIntegration()
  const page = await openAs(browser, world, 'admin', `/notifications/types/${TYPE}`)
  await page.getByLabel('Emoji').fill('siren')

  await page.getByRole('button', { name: 'Save changes' }).click()

  await page
    .getByText(/Write an emoji by its name/)
    .first()
    .waitFor()
  await page.getByRole('button', { name: 'Discard' }).click()
  expect(await page.getByLabel('Emoji').inputValue()).toBe('')
})

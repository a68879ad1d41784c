import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
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
  data: { days_remaining: 2 },
}

/** Two channels, and events that came while there was no rule. */
async function havingEvents(world: World) {
  const { id: integrationId } = await world.havingIntegration()
  const channels = {
    compliance: await havingChannel(world, integrationId, '#compliance'),
    security: await havingChannel(world, integrationId, '#security-alerts'),
  }
  const { post } = await world.as('admin')
  await post('/api/events', VIOLATION)
  await post('/api/events', { ...VIOLATION, severity: 'low', title: 'Old access key still in use' })
  await post('/api/events', { type: 'report', title: 'Quarterly report is ready', data: { status: 'ready' } })
  return channels
}

const RULES = [
  { name: 'Security incidents', condition: "category == 'security' AND severity == 'critical'" },
  { name: 'Deadlines', condition: "type == 'deadline' AND days_remaining <= 3", priority: 'urgent', stop: true },
  { name: 'Reports', condition: "type == 'report' AND status == 'ready'", mentions: ['@management'], enabled: false },
]

async function havingRules(world: World) {
  const { compliance, security } = await havingEvents(world)
  const { post, put } = await world.as('admin')
  await post('/api/routing-rules', { ...RULES[0], destinations: [security, compliance], mentions: ['@here'] })
  await post('/api/routing-rules', { ...RULES[1], destinations: [compliance] })
  await post('/api/routing-rules', { ...RULES[2], destinations: [compliance] })
  await put('/api/routing-fallback', { destinations: [compliance] })
}

describe('a first rule', () => {
  test('is written with help at each step, tried on what came, and then stands in the list', async () => {
    await using world = await startConsole()
    await havingEvents(world)
    const page = await openAs(browser, world, 'admin', '/notifications/rules')
    await page.getByText('No rules yet').waitFor()
    await page.getByText('There is none: such an event is kept').waitFor()
    await expectNoAxeViolations(page)
    await screenshot(page, 'rules-empty')

    await page.getByRole('link', { name: 'Add rule' }).click()
    await page.getByRole('textbox', { name: 'Name' }).fill('Security incidents')
    const condition = page.getByRole('combobox', { name: 'Condition' })
    await condition.pressSequentially('cat')
    await page.getByRole('option', { name: 'category' }).click()
    await condition.pressSequentially("= 'security' && sverity == 'critical'")

    await page.getByText('A single = compares nothing').waitFor()
    await expectNoAxeViolations(page)
    await screenshot(page, 'rule-mistakes')
    await page.getByRole('button', { name: 'Use ==' }).click()
    await page.getByRole('button', { name: 'Use AND' }).click()
    await page.getByRole('button', { name: 'Use severity' }).click()
    expect(await condition.inputValue()).toBe("category == 'security' AND severity == 'critical'")

    await page.getByRole('combobox', { name: 'Also send to' }).fill('secur')
    await page.getByRole('option', { name: /security-alerts/ }).click()
    await page.getByRole('list', { name: 'Also send to: chosen' }).getByText('security-alerts').waitFor()
    await page.getByRole('combobox', { name: 'Also mention' }).fill('@here')
    await page.keyboard.press('Enter')
    await page.getByText('It matches 1 of the last 3 events').waitFor()
    const changed = page.getByRole('list', { name: 'Events that would be different' })
    await changed.getByRole('link', { name: 'Access key found in a public repository' }).waitFor()
    expect(await changed.getByText('security-alerts').count()).toBe(1)
    await expectNoAxeViolations(page)
    await screenshot(page, 'rule-what-if')
    await page.getByRole('button', { name: 'Add rule' }).click()

    await page.getByRole('list', { name: 'Routing rules' }).getByRole('link', { name: 'Security incidents' }).waitFor()
    const { body } = await (await world.as('admin')).get('/api/routing-rules')
    expect(body.items).toMatchObject([
      {
        condition: "category == 'security' AND severity == 'critical'",
        destinations: [{ name: '#security-alerts' }],
        mentions: ['@here'],
      },
    ])
    await expectNoAxeViolations(page)
    expect(troubleOn(page)).toEqual([])
  })

  test('the language is explained where it is written', async () => {
    await using world = await startConsole()
    const page = await openAs(browser, world, 'admin', '/notifications/rules/new')

    await page.getByRole('button', { name: 'How conditions are written' }).click()

    await page.getByText('Dates; a date without a time').waitFor()
    await expectNoAxeViolations(page)
    await screenshot(page, 'rule-help')
  })
})

describe('the list of rules', () => {
  test('is put in order with the keyboard, and the focus goes with the rule', async () => {
    await using world = await startConsole()
    await havingRules(world)
    const page = await openAs(browser, world, 'admin', '/notifications/rules')
    const names = async () => page.getByRole('list', { name: 'Routing rules' }).locator('div > a').allTextContents()
    await page.getByRole('button', { name: 'Move Reports up' }).focus()

    await page.keyboard.press('Enter')
    await page.getByText('Reports is now number 2.').waitFor()
    await expect.poll(names).toEqual(['Security incidents', 'Reports', 'Deadlines'])
    await expect
      .poll(() => page.evaluate(() => document.activeElement?.getAttribute('aria-label')))
      .toBe('Move Reports up')
    await page.keyboard.press('Enter')

    await page.getByText('Reports is now number 1.').waitFor()
    await expect.poll(names).toEqual(['Reports', 'Security incidents', 'Deadlines'])
    await expect
      .poll(() => page.evaluate(() => document.activeElement?.getAttribute('aria-label')))
      .toBe('Move Reports down')
  })

  test('a rule is dragged to another place, and the server has it there', async () => {
    await using world = await startConsole()
    await havingRules(world)
    const page = await openAs(browser, world, 'admin', '/notifications/rules')
    const rows = page.getByRole('list', { name: 'Routing rules' }).getByRole('listitem')
    const row = (name: string) => rows.filter({ has: page.getByRole('link', { name }) })

    await row('Reports').getByTitle('Drag to another place').dragTo(row('Security incidents'))
    await page.getByText('Reports is now number 1.').waitFor()

    const { body } = await (await world.as('admin')).get('/api/routing-rules')
    expect(body.items.map(({ name }: { name: string }) => name)).toEqual(['Reports', 'Security incidents', 'Deadlines'])
    const viewer = await openAs(browser, world, 'viewer', '/notifications/rules')
    await viewer.getByRole('link', { name: 'Reports' }).waitFor()
    expect(await viewer.getByTitle('Drag to another place').count()).toBe(0)
  })

  test('a change that was not saved is not left behind unasked', async () => {
    await using world = await startConsole()
    await havingRules(world)
    const page = await openAs(browser, world, 'admin', '/notifications/rules')
    await page.getByRole('link', { name: 'Deadlines' }).click()
    const name = page.getByRole('textbox', { name: 'Name' })
    await name.fill('Deadlines, soon')

    await page.getByRole('link', { name: 'Integrations' }).click()
    await page.getByRole('dialog', { name: 'Leave without saving?' }).waitFor()
    await expectNoAxeViolations(page)
    await page.getByRole('button', { name: 'Stay' }).click()
    expect(await name.inputValue()).toBe('Deadlines, soon')
    await page.getByRole('button', { name: 'Save rule' }).click()

    await page.getByText('Rule saved').waitFor()
    await page.getByRole('link', { name: 'Deadlines, soon' }).click()
    await page.getByRole('textbox', { name: 'Name' }).fill('Other')
    await page.goBack()
    await page.getByRole('button', { name: 'Leave without saving' }).click()
    await page.getByRole('link', { name: 'Deadlines, soon' }).waitFor()
  })

  test('what cannot be saved offline says so at once, and is not saved by itself later', async () => {
    await using world = await startConsole()
    await havingRules(world)
    const admin = await world.as('admin')
    const { id } = (await admin.get('/api/routing-rules')).body.items[1]
    const page = await openAs(browser, world, 'admin', `/notifications/rules/${id}`)
    const name = page.getByRole('textbox', { name: 'Name' })
    await name.fill('Deadlines, soon')

    await page.context().setOffline(true)
    await page.getByRole('button', { name: 'Save rule' }).click()
    await page.getByText('The server could not be reached.').first().waitFor()
    await page.context().setOffline(false)
    expect(await name.inputValue()).toBe('Deadlines, soon')
    expect((await admin.get(`/api/routing-rules/${id}`)).body.name).toBe('Deadlines')
    await page.getByRole('button', { name: 'Save rule' }).click()
    await page.getByText('Rule saved').waitFor()
  })

  test('saving puts back nothing that somebody else changed meanwhile', async () => {
    await using world = await startConsole()
    await havingRules(world)
    const admin = await world.as('admin')
    const { id } = (await admin.get('/api/routing-rules')).body.items[1]
    const page = await openAs(browser, world, 'admin', `/notifications/rules/${id}`)
    await page.getByRole('textbox', { name: 'Name' }).fill('Deadlines, soon')

    await admin.patch(`/api/routing-rules/${id}`, { condition: "type == 'deadline'", stop: false })
    await page.getByRole('button', { name: 'Save rule' }).click()
    await page.getByText('Rule saved').waitFor()

    const { body } = await admin.get(`/api/routing-rules/${id}`)
    expect(body).toMatchObject({ name: 'Deadlines, soon', condition: "type == 'deadline'", stop: false })
  })

  test('rules are switched, changed and deleted, and the fallback is chosen', async () => {
    await using world = await startConsole()
    await havingRules(world)
    const page = await openAs(browser, world, 'admin', '/notifications/rules')
    const { get } = await world.as('admin')
    const rules = async () => (await get('/api/routing-rules')).body.items

    await page.getByRole('switch', { name: 'Use Reports' }).press(' ')
    await expect.poll(async () => (await rules())[2].enabled).toBe(true)
    await page.getByRole('button', { name: 'Change fallback' }).click()
    await page.getByRole('button', { name: 'Remove #compliance' }).click()
    await page.getByRole('combobox', { name: 'Destinations of the fallback' }).fill('#lost-and-found')
    await page.getByRole('option', { name: /lost-and-found/ }).click()
    await page.getByRole('button', { name: 'Cancel' }).click()
    await page.getByRole('list', { name: 'Fallback' }).getByText('compliance').waitFor()
    await page.getByRole('link', { name: 'Deadlines' }).click()
    await page.getByRole('heading', { name: 'Deadlines', level: 1 }).waitFor()
    await page.getByRole('checkbox', { name: 'Stop here when it matches' }).click()
    await page.getByRole('button', { name: 'Save rule' }).click()
    await page.getByText('Rule saved').waitFor()
    expect((await rules())[1].stop).toBe(false)
    await page.getByRole('link', { name: 'Deadlines' }).click()
    await page.getByRole('button', { name: 'Delete' }).click()
    await page.getByRole('dialog').getByText('Events that come from now on').waitFor()
    await expectNoAxeViolations(page)
    await page.getByRole('dialog').getByRole('button', { name: 'Delete rule' }).click()

    await page.getByText('Deadlines was deleted').waitFor()
    expect(await rules()).toHaveLength(2)
    expect(troubleOn(page)).toEqual([])
  })

  test('a viewer reads it and changes nothing', async () => {
    await using world = await startConsole()
    await havingRules(world)
    const page = await openAs(browser, world, 'viewer', '/notifications/rules')

    await page.getByRole('link', { name: 'Security incidents' }).waitFor()
    await page.getByRole('list', { name: 'Fallback' }).waitFor()
    expect(await page.getByRole('button', { name: /Move|fallback|Add/ }).count()).toBe(0)
    expect(await page.getByRole('switch', { name: 'Use Reports' }).isDisabled()).toBe(true)
    await page.getByRole('link', { name: 'Security incidents' }).click()
    await page.getByText('Rules after it are tried too').waitFor()
    expect(await page.getByRole('combobox').count()).toBe(0)
    expect(await page.getByRole('button', { name: /Save|Delete/ }).count()).toBe(0)
    await expectNoAxeViolations(page)
  })

  test('an id that none has is said to be one', async () => {
    await using world = await startConsole()
    const page = await openAs(browser, world, 'viewer', '/notifications/rules/rul_unknown')

    await page.getByText('No rule has this id').waitFor()
  })
})

describe.each(LOOKS)('%s at %d px', (scheme, width, height) => {
  test('the list and one rule are accessible and do not scroll sideways', async () => {
    await using world = await startConsole()
    await havingRules(world)
    const { body } = await (await world.as('admin')).get('/api/routing-rules')
    const page = await openAs(browser, world, 'admin', '/notifications/rules', { scheme, width, height })

    for (const [path, sign] of [
      ['/notifications/rules', 'Stops here'],
      [`/notifications/rules/${body.items[0].id}`, 'It matches 1 of the last 3 events'],
    ] as const) {
      await page.goto(`${world.url}${path}`)
      await page.getByText(sign).waitFor()
      await expectNoAxeViolations(page)
      expect(await page.evaluate(() => document.documentElement.scrollWidth), path).toBe(width)
      await screenshot(page, `rules-${path.endsWith('rules') ? 'list' : 'one'}-${scheme}-${width}`)
    }
    expect(troubleOn(page)).toEqual([])
  })
})

test('names without a space push no page sideways', async () => {
  await using world = await startConsole()
  const { compliance } = await havingEvents(world)
  const { get, patch, post, put } = await world.as('admin')
  const name = 'W'.repeat(80)
  const [integration] = (await get('/api/integrations')).body.items
  await patch(`/api/integrations/${integration.id}`, { name })
  await put(`/api/notification-types/${name}`, { description: name, destinations: [compliance] })
  await post('/api/routing-rules', { name, condition: `type == '${name}'`, mentions: [`@${'m'.repeat(40)}`] })
  for (const width of [390, 1440]) {
    const page = await openAs(browser, world, 'admin', '/profile', { width, height: 900 })
    for (const path of ['/integrations', '/notifications', '/notifications/rules']) {
      await page.goto(`${world.url}${path}`)
      await page.getByRole('link', { name }).first().waitFor()
      expect({ path, width: await page.evaluate(() => document.documentElement.scrollWidth) }).toEqual({ path, width })
    }
  }
})

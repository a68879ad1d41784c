import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { deliverDue } from '../../server/deliveries/worker.ts'
import { followFeatures, refreshDirectories } from '../../server/mentions/refresh-directories.ts'
import { expectNoAxeViolations, LOOKS, openBrowser, screenshot, troubleOn } from '../support/browser.ts'
import { havingChannel, openAs, startConsole } from '../support/console-page.ts'
import type { World } from '../support/world.ts'

let browser: Browser
beforeAll(async () => {
  browser = await openBrowser()
})
afterAll(() => browser.close())

const source = (page: Page) => page.getByRole('textbox', { name: 'Source', exact: true })

/** Types over all of the source, as pasting does. */
async function write(page: Page, text: string): Promise<void> {
  await source(page).click()
  await page.keyboard.press('ControlOrMeta+a')
  await page.keyboard.insertText(text)
}

async function havingTemplates(world: World): Promise<void> {
  const admin = await world.as('admin')
  await admin.post('/api/templates/presets', {})
  await admin.patch('/api/notification-types/compliance.violation', { template: 'critical_alert' })
}

const message = (words: string) => `{\n  "text": "${words}: {{ title | truncate: 200 }}"\n}\n`

/** A card, a carousel, a container and small buttons, filled from the event. */
const CARDS = JSON.stringify(
  {
    text: 'Open issue: {{ title | truncate: 200 }}',
    blocks: [
      {
        type: 'card',
        title: { type: 'mrkdwn', text: '{{ title | truncate: 140 }}' },
        subtitle: { type: 'mrkdwn', text: 'Found in *production*' },
        body: { type: 'mrkdwn', text: '{{ text | truncate: 190 }}' },
        hero_image: { type: 'image', image_url: 'https://pictures.example/a.png', alt_text: 'A chart of open issues' },
        icon: { type: 'image', image_url: 'https://pictures.example/b.png', alt_text: 'A shield' },
        actions: [
          { type: 'button', text: { type: 'plain_text', text: 'Acknowledge' }, style: 'primary', action_id: 'ack' },
          { type: 'button', text: { type: 'plain_text', text: 'Later' }, action_id: 'later' },
        ],
      },
      {
        type: 'carousel',
        elements: ['Storage', 'Network', 'Access'].map((name) => ({
          type: 'card',
          title: { type: 'mrkdwn', text: name },
          body: { type: 'mrkdwn', text: '3 open, 1 of them critical' },
          actions: [
            { type: 'button', text: { type: 'plain_text', text: 'Open' }, url: 'https://platform.example.com' },
          ],
        })),
      },
      {
        type: 'container',
        title: { type: 'plain_text', text: 'What to do' },
        subtitle: { type: 'mrkdwn', text: 'In this order' },
        is_collapsible: true,
        child_blocks: [
          {
            type: 'section',
            text: { type: 'mrkdwn', text: '1. Close the bucket\n2. Ask `storage-admins` who opened it' },
          },
          { type: 'divider' },
          {
            type: 'actions',
            elements: [{ type: 'button', text: { type: 'plain_text', text: 'Done' }, action_id: 'done' }],
          },
        ],
      },
      {
        type: 'container',
        title: { type: 'plain_text', text: 'Who knows of it' },
        width: 'narrow',
        has_header_divider: true,
        child_blocks: [{ type: 'section', text: { type: 'mrkdwn', text: 'The owners of the bucket.' } }],
      },
      {
        type: 'context_actions',
        elements: [
          {
            type: 'feedback_buttons',
            positive_button: { text: { type: 'plain_text', text: 'Useful' }, value: 'yes' },
            negative_button: { text: { type: 'plain_text', text: 'Not useful' }, value: 'no' },
          },
        ],
      },
    ],
  },
  null,
  2,
)

/** One has written something while somebody else saved, and was refused. */
async function overtaken(world: World, look: Parameters<typeof openAs>[4] = {}): Promise<Page> {
  await havingTemplates(world)
  const page = await openAs(browser, world, 'admin', '/notifications/templates/critical_alert', look)
  await page.getByText('Acknowledge').first().waitFor()
  await write(page, message('Mine'))
  const other = await world.withKey(['config:write'])
  await other.put('/api/templates/critical_alert', { source: message('Theirs'), sample: {} })
  await page.getByRole('button', { name: 'Save version' }).click()
  return page
}

describe('templates', () => {
  test('from nothing to one of one’s own: added, broken, told where, mended, seen and saved', async () => {
    await using world = await startConsole()
    const page = await openAs(browser, world, 'admin', '/notifications/templates')
    await page.getByRole('heading', { name: 'Begin with one of these' }).waitFor()
    await expectNoAxeViolations(page)
    await screenshot(page, 'templates-empty')
    await page.getByRole('button', { name: 'Add critical_alert' }).click()
    await page
      .getByRole('row', { name: /critical_alert/ })
      .getByRole('link')
      .click()
    await page.getByText('Fits Slack, whatever the data').waitFor()
    await page.getByText('Acknowledge').first().waitFor()

    await source(page).click()
    await page.keyboard.press('ControlOrMeta+Home')
    await page.keyboard.insertText('\nx')
    await page.getByRole('list', { name: 'Problems' }).getByText('x is not a value.').waitFor()
    expect(await page.getByRole('button', { name: 'Save version' }).isDisabled()).toBe(true)
    await page.getByText('It makes no message yet').waitFor()
    await page.locator('.cm-lint-marker-error').waitFor()
    await expectNoAxeViolations(page)
    await screenshot(page, 'template-broken')
    await page.getByRole('button', { name: 'Line 2' }).click()
    await write(page, message('Look here'))
    await page.getByText('Look here: Public bucket holds customer records').first().waitFor()
    await page.getByRole('textbox', { name: 'What this version changes' }).fill('Only the words')
    await page.getByRole('button', { name: 'Save version' }).click()

    await page.getByRole('list', { name: 'Versions' }).getByText('Only the words').waitFor()
    await page.getByText('2 is in use', { exact: true }).waitFor()
    expect(troubleOn(page)).toEqual([])
  })

  test('shows what each version changed, and goes back to one as a new one', async () => {
    await using world = await startConsole()
    await havingTemplates(world)
    const admin = await world.as('admin')
    await admin.put('/api/templates/critical_alert', { source: message('Second'), sample: {}, note: 'Only the words' })
    const page = await openAs(browser, world, 'admin', '/notifications/templates/critical_alert')
    const versions = page.getByRole('list', { name: 'Versions' })
    await versions.getByRole('button', { name: /^Version 2 Only the words/ }).waitFor()

    await versions.getByRole('button', { name: /^Version 1 / }).click()
    const dialog = page.getByRole('dialog', { name: 'Version 1 of critical_alert' })
    await dialog.getByText('Acknowledge').first().waitFor()
    await expectNoAxeViolations(page)
    await screenshot(page, 'template-version')
    await dialog.getByRole('button', { name: 'Go back to version 1' }).click()

    await page.getByText('3 is in use', { exact: true }).waitFor()
    await versions.getByText('Back to version 1').waitFor()
    await expect.poll(() => source(page).textContent()).toContain('mentions.size')
    expect(troubleOn(page)).toEqual([])
  })

  test('is shown with a sample, with a real event and with as much as there can be', async () => {
    await using world = await startConsole()
    await havingTemplates(world)
    const { id } = await world.havingIntegration()
    const channel = await havingChannel(world, id, '#compliance')
    const sender = await world.withKey(['events:write'])
    await sender.post('/api/events', {
      type: 'compliance.violation',
      title: 'A real one',
      text: 'Hm',
      destinations: [channel],
    })
    const page = await openAs(browser, world, 'admin', '/notifications/templates/compliance_update')
    await page.getByText('Access reviews are complete').first().waitFor()

    await page.getByText('Real event').click()
    await page.getByRole('combobox', { name: 'Event' }).click()
    await page.getByRole('option', { name: /A real one/ }).click()
    await page.getByText('A real one', { exact: true }).first().waitFor()
    await page.getByText('Worst case').click()
    await page
      .getByText(/title & title & title/)
      .first()
      .waitFor()
    await screenshot(page, 'template-worst-case')
    await page.getByText('Sample', { exact: true }).click()
    await page.getByRole('textbox', { name: 'Sample event' }).click()
    await page.keyboard.press('ControlOrMeta+a')
    await page.keyboard.insertText('{ "title": "Another example" }')
    await page.getByText('Another example', { exact: true }).first().waitFor()

    await page.keyboard.press('ControlOrMeta+a')
    await page.keyboard.insertText('{ "title": ')
    await page.getByText(/This is not JSON/).waitFor()
    expect(await page.getByRole('button', { name: 'Save version' }).isDisabled()).toBe(true)
    expect(troubleOn(page)).toEqual([])
  })

  test('offers what fits at the cursor', async () => {
    await using world = await startConsole()
    await havingTemplates(world)
    const page = await openAs(browser, world, 'admin', '/notifications/templates/critical_alert')
    await page.getByText('Acknowledge').first().waitFor()

    await write(page, '{"text": "')
    await page.keyboard.type('{{ title | tru')
    await page.getByRole('option', { name: /truncate/ }).waitFor()
    await page.keyboard.press('Escape')
    await page.keyboard.type('ncate: 9 }} {{ data.iss')
    await page.getByRole('option', { name: /data\.issue_id/ }).waitFor()
    await screenshot(page, 'template-completion')
    // By hand: the editor takes no Enter for the list in the moment that it opens.
    await page.getByRole('option', { name: /data\.issue_id/ }).click()

    await expect.poll(() => source(page).textContent()).toContain('{{ data.issue_id')
    expect(troubleOn(page)).toEqual([])
  })

  test('sends a trial of what is on the screen', async () => {
    await using world = await startConsole()
    await havingTemplates(world)
    const { id } = await world.havingIntegration()
    await havingChannel(world, id, '#compliance')
    const page = await openAs(browser, world, 'admin', '/notifications/templates/critical_alert')
    await page.getByText('Acknowledge').first().waitFor()
    await write(page, message('Trial'))
    await page.getByText('Trial: Public bucket holds customer records').first().waitFor()

    await page.getByRole('button', { name: 'Send a trial' }).click()
    const dialog = page.getByRole('dialog', { name: 'Send a trial' })
    await dialog.getByRole('combobox', { name: 'To' }).click()
    await page.getByRole('option', { name: '#compliance' }).click()
    await expectNoAxeViolations(page)
    await dialog.getByRole('button', { name: 'Send trial' }).click()
    await expect
      .poll(async () => {
        await deliverDue(world.ctx)
        return (await world.slack.allMessages()).map(({ text }) => text)
      })
      .toEqual(['Trial: Public bucket holds customer records'])

    await dialog.getByText('Delivered').waitFor()
    await screenshot(page, 'template-trial')
    expect(troubleOn(page)).toEqual([])
  })

  test('asks before what was not saved is left', async () => {
    await using world = await startConsole()
    await havingTemplates(world)
    const page = await openAs(browser, world, 'admin', '/notifications/templates/critical_alert')
    await page.getByText('Acknowledge').first().waitFor()
    await write(page, message('Unsaved'))
    await page.getByRole('button', { name: 'Save version' }).waitFor()

    await page.getByRole('link', { name: 'Templates' }).click()
    await page.getByRole('dialog', { name: 'Leave without saving?' }).waitFor()
    await expectNoAxeViolations(page)
    await page.getByRole('button', { name: 'Stay' }).click()
    expect(await source(page).textContent()).toContain('Unsaved')
    await page.getByRole('button', { name: 'Discard' }).click()
    await page.getByRole('link', { name: 'Templates' }).click()

    await page.getByRole('button', { name: 'Add template' }).waitFor()
  })

  test('of somebody else that was changed meanwhile is not overwritten', async () => {
    await using world = await startConsole()
    const page = await overtaken(world)

    await page.getByText(/has changed critical_alert meanwhile/).waitFor()
    expect(await source(page).textContent()).toContain('Mine')
    await page.getByText('2 is in use').waitFor()
    await page.getByRole('button', { name: /^Version 2/ }).click()
    await page.getByRole('dialog').getByText('Theirs').first().waitFor()
    await page.keyboard.press('Escape')
    await page.getByText('Becomes version 3.').waitFor()
    await page.getByRole('button', { name: 'Save over version 2' }).click()
    await page.getByText('3 is in use').waitFor()
    expect(await page.getByText('It was not saved').count()).toBe(0)
  })

  test('that somebody else was first to save is taken over by whoever gives their own up', async () => {
    await using world = await startConsole()
    const page = await overtaken(world)
    await page.getByText('2 is in use').waitFor()

    await page.getByRole('button', { name: 'Discard' }).click()

    await expect.poll(() => source(page).textContent()).toContain('Theirs')
    expect(await page.getByText('It was not saved').count()).toBe(0)
    expect(await page.getByRole('button', { name: /^Save/ }).count()).toBe(0)
  })

  test('begins with a message that works, under a name that is checked', async () => {
    await using world = await startConsole()
    await havingTemplates(world)
    const page = await openAs(browser, world, 'admin', '/notifications/templates')
    await page.getByRole('button', { name: 'Add template' }).click()
    const dialog = page.getByRole('dialog', { name: 'Add a template' })
    await dialog.getByRole('textbox', { name: 'Name' }).fill('My Template')
    await dialog.getByText(/Write lower-case letters/).waitFor()
    await expectNoAxeViolations(page)
    await dialog.getByRole('textbox', { name: 'Name' }).fill('my_template')
    await dialog.getByRole('button', { name: 'Add template' }).click()

    await page.getByRole('heading', { name: 'my_template' }).waitFor()
    await page.getByText('Fits Slack, whatever the data').waitFor()
    await page.getByRole('button', { name: 'Delete' }).click()
    const confirm = page.getByRole('dialog', { name: 'Delete this template?' })
    await confirm.getByRole('textbox').fill('my_template')
    await confirm.getByRole('button', { name: 'Delete template' }).click()
    await page.getByRole('button', { name: 'Add template' }).waitFor()
    expect(await page.getByText('my_template', { exact: true }).count()).toBe(0)
  })

  test('keep cases: a change that makes another message of one is told before it is saved', async () => {
    await using world = await startConsole()
    const admin = await world.as('admin')
    const sample = { type: 'door.open', title: 'Door 3' }
    await admin.put('/api/templates/door', { source: message('Open'), sample })
    const page = await openAs(browser, world, 'admin', '/notifications/templates/door')
    await page.getByText('A case is an event with the message that must come of it.', { exact: false }).waitFor()

    await page.getByRole('textbox', { name: 'New case from the sample' }).fill('A door')
    await page.getByRole('button', { name: 'Add case' }).click()
    await page.getByText('Kept as it is now when you save').waitFor()
    await page.getByRole('button', { name: 'Save version' }).click()
    // Said of a case that is kept as well; a new one has not passed yet.
    await page.getByRole('list', { name: 'Cases' }).getByText('As it should', { exact: true }).waitFor()
    await write(page, message('Shut'))
    await page.getByRole('list', { name: 'What differs in A door' }).getByText('Shut: Door 3').waitFor()
    await page.getByText('Becomes version 3, with 1 case that fails.').waitFor()
    await expectNoAxeViolations(page)
    await screenshot(page, 'template-cases')
    await page.getByRole('button', { name: 'Accept what A door makes now' }).click()
    await page.getByText('Kept as it is now when you save').waitFor()
    await page.getByRole('button', { name: 'Save version' }).click()
    await page.getByText('Version 3 is in use.', { exact: true }).waitFor()

    const { body } = await admin.get('/api/templates/door')
    expect(body.cases).toEqual([{ name: 'A door', event: sample, expected: { text: 'Shut: Door 3' } }])
    expect(troubleOn(page)).toEqual([])
  })

  test('are shown as a notification type, and a viewer reads the names of whom it calls', async () => {
    await using world = await startConsole()
    await havingTemplates(world)
    const { id } = await world.havingIntegration()
    await followFeatures(world.ctx)
    while ((await refreshDirectories(world.ctx)) > 0) world.clock.now += 3_000
    const admin = await world.as('admin')
    await admin.patch('/api/notification-types/compliance.violation', {
      ...{ mentions: ['@manager', '@compliance-team'], emoji: ':fire:' },
      destinations: [await havingChannel(world, id, '#compliance')],
    })
    await admin.patch('/api/notification-types/door.open', { allowedFields: ['text'], emoji: ':door:' })
    const page = await openAs(browser, world, 'viewer', '/notifications/templates/critical_alert')
    await page.getByText('@Grace Hopper').first().waitFor()
    await page.getByText('@Compliance team').first().waitFor()
    expect(await page.getByText('U0GRACEHOPP').count()).toBe(0)

    await page.getByRole('combobox', { name: 'Shown as' }).click()
    await page.getByRole('option', { name: 'door.open' }).click()
    await page.getByText('@Grace Hopper').first().waitFor({ state: 'detached' })
    await expect.poll(() => page.getByText('Public bucket holds customer records').count()).toBe(1)
    await expectNoAxeViolations(page)
    await screenshot(page, 'template-shown-as')
    await page.getByRole('combobox', { name: 'Shown as' }).click()
    await page.getByRole('option', { name: 'The type of the event' }).click()

    await page.getByText('@Grace Hopper').first().waitFor()
    expect(troubleOn(page)).toEqual([])
  })

  test('are looked at by a viewer, who changes and sends nothing', async () => {
    await using world = await startConsole()
    await havingTemplates(world)
    const page = await openAs(browser, world, 'viewer', '/notifications/templates/critical_alert')
    await page.getByText('An admin can change it').waitFor()
    await page.getByText('Acknowledge').first().waitFor()

    expect(await page.getByRole('button', { name: /Send a trial|Save version/ }).count()).toBe(0)
    await page.goto(`${world.url}/notifications/templates/no_such_template`)
    await page.getByText('No template has this name').waitFor()
    await expectNoAxeViolations(page)
  })
})

describe.each(LOOKS)('%s at %d px', (scheme, width, height) => {
  test('the list and the workbench are accessible and do not scroll sideways', async () => {
    await using world = await startConsole()
    await havingTemplates(world)
    const page = await openAs(browser, world, 'admin', '/notifications/templates', { scheme, width, height })
    await page.getByText('daily_summary').first().waitFor()
    await expectNoAxeViolations(page)
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(width)
    await screenshot(page, `templates-list-${scheme}-${width}`)

    await page.goto(`${world.url}/notifications/templates/critical_alert`)
    await page.getByText('Fits Slack, whatever the data').waitFor()
    for (const pane of width < 700 ? ['Data', 'Editor', 'Preview'] : ['']) {
      if (pane) await page.getByRole('radiogroup', { name: 'Show', exact: true }).getByText(pane).click()
      await expectNoAxeViolations(page)
      expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(width)
      await screenshot(page, `template-${pane.toLowerCase() || 'whole'}-${scheme}-${width}`)
    }
    if (width < 700) await page.getByRole('radiogroup', { name: 'Show', exact: true }).getByText('Editor').click()
    await write(page, '{ "text": "{{ title }}", "blocks": [{ "type": "sektion" }] }')
    await page
      .getByRole('list', { name: 'Problems' })
      .getByText(/There is no block of type/)
      .waitFor()
    await expectNoAxeViolations(page)
    await screenshot(page, `template-changed-${scheme}-${width}`)
    expect(troubleOn(page)).toEqual([])
  })

  test('cards, carousels and containers are drawn as Slack does, and scroll within themselves', async () => {
    await using world = await startConsole()
    await havingTemplates(world)
    const admin = await world.as('admin')
    const { body } = await admin.get('/api/templates/critical_alert')
    const cases = [
      { name: 'As in the sample', event: body.sample },
      { name: 'Without a title', event: {}, expected: { text: 'Open issue: none' } },
    ]
    await admin.put('/api/templates/cards', { source: CARDS, sample: body.sample, cases })
    const path = '/notifications/templates/cards'
    const page = await openAs(browser, world, 'admin', path, { scheme, width, height })
    if (width < 700) await page.getByRole('radiogroup', { name: 'Show', exact: true }).getByText('Preview').click()

    await page.getByText('Picture: A chart of open issues').waitFor()
    await page.getByRole('img', { name: 'Picture: A shield' }).waitFor()
    await page.getByRole('region', { name: '3 cards' }).getByText('Network').waitFor()
    await page.getByText('Not useful').waitFor()
    await page.getByText('Fits Slack, whatever the data').waitFor()
    await expectNoAxeViolations(page)
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(width)
    await screenshot(page, `template-cards-${scheme}-${width}`)
    await page.getByText('What to do').click()
    expect(await page.getByText('Close the bucket').isVisible()).toBe(false)
    expect(troubleOn(page)).toEqual([])
  })
})

import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { startDeliveryWorker } from '../../server/deliveries/worker.ts'
import { refreshChannels } from '../../server/destinations/refresh-channels.ts'
import { startChannelRefresh } from '../../server/destinations/worker.ts'
import { TEST_ACTION_ID } from '../../shared/connection-tests.ts'
import { expectNoAxeViolations, newPage, openBrowser, screenshot, troubleOn } from '../support/browser.ts'
import { startConsole } from '../support/console-page.ts'
import { PASSWORD, type World } from '../support/world.ts'

let browser: Browser
beforeAll(async () => {
  browser = await openBrowser()
})
afterAll(() => browser.close())

type Look = Parameters<typeof newPage>[1]

async function signedIn(world: World, role: 'viewer' | 'operator' | 'admin', to: string, look?: Look): Promise<Page> {
  await world.as(role)
  const page = await newPage(browser, look)
  page.setDefaultTimeout(30_000)
  await page.goto(`${world.url}/sign-in?to=${encodeURIComponent(to)}`)
  await page.getByLabel('E-mail').fill(role === 'admin' ? 'ada@acme.example' : `${role}@acme.example`)
  await page.getByRole('textbox', { name: 'Password' }).fill(PASSWORD)
  await page.getByRole('button', { name: 'Sign in' }).click()
  await page.waitForURL((url) => !url.pathname.startsWith('/sign-in'))
  return page
}

/** The press of Confirm in the message that the connection test posted. */
async function pressConfirm(world: World, id: string): Promise<void> {
  const { appId } = await world.slack.app()
  await world.slack.changeApp(appId, { interactivityUrl: `${world.url}/slack/${id}/interactions` })
  const channelId = await world.slack.channel('compliance')
  const messages = await world.slack.messages(channelId)
  const message = messages.find(({ blocks }) => JSON.stringify(blocks ?? []).includes(TEST_ACTION_ID))
  const [person] = await world.slack.people()
  await world.slack.click({ channelId, ts: message?.ts, actionId: TEST_ACTION_ID, userId: person?.id })
}

/** A world in which messages go out and channels are read, as in a running server. */
function withLoops(world: World): AsyncDisposable {
  const loops = [startDeliveryWorker(world.ctx), startChannelRefresh(world.ctx)]
  return {
    async [Symbol.asyncDispose]() {
      for (const loop of loops) await loop.stop()
    },
  }
}

describe('connecting Slack', () => {
  test('an admin pastes what Slack shows, saves, sees every step, and the last one turns green by a click', async () => {
    await using world = await startConsole()
    const app = await world.slack.app()
    const page = await signedIn(world, 'admin', '/integrations')
    await page.getByText('Slack is not connected yet').waitFor()
    await expectNoAxeViolations(page)
    await page.getByRole('link', { name: 'Connect Slack' }).click()

    await page
      .getByLabel('Paste anything')
      .fill(
        [
          `SLACK_APP_ID=${app.appId}`,
          `SLACK_CLIENT_ID=${app.clientId}`,
          `SLACK_CLIENT_SECRET=${app.clientSecret}`,
          `SLACK_SIGNING_SECRET=${app.signingSecret}`,
          `SLACK_APP_TOKEN=${app.appToken}`,
        ].join('\n'),
      )
    await page.getByRole('textbox', { name: 'Name', exact: true }).fill('Acme production')
    await page.getByText('5 values sorted into the fields').waitFor()
    expect(await page.getByLabel('Paste anything').inputValue()).not.toContain(app.clientSecret)
    expect(await page.getByRole('textbox', { name: 'App ID' }).inputValue()).toBe(app.appId)

    await page.getByLabel(/^Bot token/).fill(app.userToken)
    await page.getByText('This is a user token (xoxp).').waitFor()
    await page.getByRole('button', { name: 'Save and test connection' }).click()
    expect(await page.getByLabel(/^Bot token/).evaluate((field) => field === document.activeElement)).toBe(true)
    await page.getByLabel(/^Bot token/).fill(app.botToken)
    await page.getByLabel(/^Test channel/).fill('#compliance')
    await screenshot(page, 'integration-new')
    await expectNoAxeViolations(page)
    await page.getByRole('button', { name: 'Save and test connection' }).click()

    await page.waitForURL(/\/integrations\/int_\w+\/connection$/)
    await page.getByText('Bot token is @switchboard in Acme').waitFor()
    await page.getByText('Posted to #compliance').waitFor()
    await page.getByText('10 of 11 done').waitFor()
    await screenshot(page, 'integration-waiting')
    await expectNoAxeViolations(page)
    await pressConfirm(world, page.url().split('/').at(-2) ?? '')
    await page.getByText('11 of 11 done').waitFor()
    await page.getByRole('link', { name: 'Add a channel' }).waitFor()
    expect(troubleOn(page)).toEqual([])
  })

  test('what is typed outlives a reload, but no secret does', async () => {
    await using world = await startConsole()
    const page = await signedIn(world, 'admin', '/integrations/new')
    const idOf = () => page.evaluate(() => sessionStorage.getItem('switchboard-new-integration') ?? '')
    await page.getByRole('button', { name: 'Copy manifest' }).waitFor()
    await page.getByRole('textbox', { name: 'Name', exact: true }).fill('Acme staging')
    await page.getByRole('textbox', { name: 'App ID' }).fill('A07QK2M41RD')
    await page.getByRole('textbox', { name: 'Signing secret' }).fill('0123456789abcdef0123456789abcdef')
    const before = JSON.parse(await idOf())

    await page.reload()

    await page.getByRole('button', { name: 'Copy manifest' }).waitFor()
    expect(await page.getByRole('textbox', { name: 'Name', exact: true }).inputValue()).toBe('Acme staging')
    expect(await page.getByRole('textbox', { name: 'App ID' }).inputValue()).toBe('A07QK2M41RD')
    expect(await page.getByRole('textbox', { name: 'Signing secret' }).inputValue()).toBe('')
    expect(await idOf()).not.toContain('0123456789abcdef')
    expect(JSON.parse(await idOf()).integrationId).toBe(before.integrationId)
  })

  test('it can be tested before it is saved, and nothing is stored by that', async () => {
    await using world = await startConsole()
    const app = await world.slack.app()
    const page = await signedIn(world, 'admin', '/integrations/new')
    await page.getByRole('textbox', { name: 'App ID' }).fill(app.appId)
    await page.getByLabel(/^Bot token/).fill(app.botToken)

    await page.getByRole('button', { name: 'Test without saving' }).click()

    await page.getByText('Bot token is @switchboard in Acme').waitFor()
    await page.getByText(/of 11 done/).waitFor()
    expect((await (await world.as('admin')).get('/api/integrations')).body.items).toEqual([])
  })
})

describe('testing a connection', () => {
  test('what is on screen is tested; a failed step opens with code, meaning, fix and request', async () => {
    await using world = await startConsole()
    const { id } = await world.havingIntegration()
    const page = await signedIn(world, 'admin', `/integrations/${id}/connection`)

    await page.getByRole('button', { name: 'Replace client secret' }).click()
    await page.getByLabel('New Client secret').fill('abcdef0123456789abcdef0123456789')
    await page.getByText('also what is not saved yet: client secret').waitFor()
    await page.getByRole('button', { name: 'Test connection' }).click()

    const failed = page.getByRole('listitem').filter({ hasText: 'The client secret does not belong to this client ID' })
    await failed.getByText('bad_client_secret').waitFor()
    await failed.getByRole('link', { name: /Basic Information/ }).waitFor()
    await failed.getByRole('button', { name: 'Copy request ID' }).waitFor()
    await page.getByRole('button', { name: 'Test again' }).waitFor()
    await screenshot(page, 'integration-failed')
    await expectNoAxeViolations(page)
    expect((await (await world.as('admin')).get(`/api/integrations/${id}`)).body.state).toBe('untested')
  })

  test('replacing keeps the old secret until the new one is saved', async () => {
    await using world = await startConsole()
    const { id } = await world.havingIntegration()
    const page = await signedIn(world, 'admin', `/integrations/${id}/connection`)
    const shown = async () =>
      (await (await world.as('admin')).get(`/api/integrations/${id}`)).body.credentials.signingSecret.shown
    const before = await shown()
    await page.getByRole('button', { name: 'Replace signing secret' }).click()
    await page.getByLabel('New Signing secret').fill('00000000000000000000000000001234')
    expect(await shown()).toBe(before)

    await page.getByRole('button', { name: 'Save change' }).click()

    await page.getByText('•••• 1234').waitFor()
    expect(await shown()).toBe('•••• 1234')
  })

  test('each run is kept at an address of its own', async () => {
    await using world = await startConsole()
    const { id } = await world.havingIntegration({ testChannel: '#no-such-channel' })
    const page = await signedIn(world, 'operator', `/integrations/${id}/connection`)
    await page.getByRole('button', { name: 'Test connection' }).click()
    await page.getByRole('link', { name: 'Run 1: 1 failed' }).waitFor()
    await page.getByRole('button', { name: 'Test again' }).click()
    await page.getByRole('link', { name: 'Run 2: 1 failed' }).waitFor()

    await page.getByRole('link', { name: 'Run 1: 1 failed' }).click()

    await page.waitForURL(/\?run=tst_/)
    await page.reload()
    await page.getByText('by A operator').first().waitFor()
    await page.getByRole('link', { name: 'Show the newest' }).click()
    await page.waitForURL((url) => url.search === '')
  })

  test('a test that hangs can be cancelled, and what had ended stays', async () => {
    await using world = await startConsole()
    const { id } = await world.havingIntegration()
    await world.slack.fault({ kind: 'never_answers', method: 'auth.test' })
    const page = await signedIn(world, 'admin', `/integrations/${id}/connection`)
    await page.getByRole('button', { name: 'Test connection' }).click()
    await page.getByText('Fields look right').waitFor()

    await page.getByRole('button', { name: 'Cancel test' }).click()

    await page.getByText('The test was cancelled.').first().waitFor()
    await page.getByText('Fields look right').waitFor()
    await page.getByRole('button', { name: 'Test again' }).waitFor()
  })
})

describe('destinations', () => {
  test('a channel is found by a part of its name, added, and tried with a message of one’s own', async () => {
    await using world = await startConsole()
    await using _loops = withLoops(world)
    const { id } = await world.havingIntegration()
    const page = await signedIn(world, 'admin', `/integrations/${id}/destinations`)
    await page.getByText('No destination yet', { exact: true }).waitFor()
    await page.getByRole('button', { name: 'Add destination' }).click()
    const dialog = page.getByRole('dialog')

    await dialog.getByRole('combobox', { name: 'Channel' }).fill('alerts')
    await page.getByRole('option', { name: /compliance-alerts/ }).click()
    await screenshot(page, 'destination-add')
    await expectNoAxeViolations(page)
    await dialog.getByRole('button', { name: 'Add channel' }).click()
    await dialog.getByRole('button', { name: 'Send test message' }).click()
    await dialog.getByRole('textbox', { name: 'Message' }).fill('Hello from a test')
    await dialog.getByRole('button', { name: 'Send test message' }).click()

    await dialog.getByText(/^Delivered in/).waitFor()
    await dialog.getByRole('link', { name: 'See the delivery' }).waitFor()
    await screenshot(page, 'destination-tried')
    await expectNoAxeViolations(page)
    const messages = await world.slack.messages(await world.slack.channel('compliance-alerts'))
    expect(messages.map(({ text }) => text)).toContain('Hello from a test')
  })

  test('among 20,000 channels one is found as its name is typed, and the page says how many are known', async () => {
    await using world = await startConsole({ seed: 'large' })
    const { id } = await world.havingIntegration()
    const page = await signedIn(world, 'admin', `/integrations/${id}/destinations?add=channel`)
    const dialog = page.getByRole('dialog')
    await dialog.getByText(/^0 channels known/).waitFor()
    while (await refreshChannels(world.ctx)) world.clock.now += 3_000 // one page each, as Slack allows
    await dialog.getByText(/^20,\d{3} channels known, read/).waitFor()

    await dialog.getByRole('combobox', { name: 'Channel' }).fill('compliance-al')

    await page.getByRole('option', { name: /compliance-alerts/ }).waitFor()
    await expect.poll(() => page.getByRole('option').count()).toBeLessThan(10)
    await dialog.getByRole('combobox', { name: 'Channel' }).fill('a')
    await page.getByText(/[\d,]+ match. Type more to narrow it down./).waitFor()
    await screenshot(page, 'destination-large')
    await expectNoAxeViolations(page)
  })

  test('a webhook that was removed says so, by Slack’s own code and with the way out', async () => {
    await using world = await startConsole()
    await using _loops = withLoops(world)
    const { id } = await world.havingIntegration()
    const [webhook] = (await world.slack.app()).webhooks
    const page = await signedIn(world, 'admin', `/integrations/${id}/destinations?add=webhook`)
    const dialog = page.getByRole('dialog')
    await dialog.getByRole('textbox', { name: 'Webhook URL' }).fill(webhook?.url ?? '')
    await dialog.getByRole('textbox', { name: 'Name' }).fill('Alerts of Kim')
    await dialog.getByRole('button', { name: 'Add webhook' }).click()
    await dialog.getByRole('button', { name: 'Done' }).click()
    await world.slack.ask('DELETE', `/webhooks/${webhook?.id}`)

    await page.getByRole('button', { name: 'Test send to Alerts of Kim' }).click()
    await dialog.getByText('Block Kit').click()
    await dialog.getByLabel('Blocks').fill('[{"text":"x"}]')
    await dialog.getByText('Block 1 has no “type”.').waitFor()
    await dialog.getByLabel('Blocks').fill('[{"type":"divider"}]')
    await dialog.getByRole('button', { name: 'Send test message' }).click()

    await dialog.getByText(/Not delivered: no_(service|active_hooks)/).waitFor()
    await dialog.getByRole('button', { name: 'Done' }).click()
    await page.getByRole('row', { name: /Alerts of Kim.*Failing/ }).waitFor()
    await expectNoAxeViolations(page)
  })

  test('one is renamed, switched off and on, and deleted after a question', async () => {
    await using world = await startConsole()
    const { id } = await world.havingIntegration()
    const admin = await world.as('admin')
    await admin.post('/api/destinations', { integrationId: id, kind: 'channel', channel: '#compliance' })
    const page = await signedIn(world, 'admin', `/integrations/${id}/destinations`)
    const choose = async (name: string, item: string) => {
      await page.getByRole('button', { name: `More for ${name}` }).click()
      await page.getByRole('menuitem', { name: item }).click()
    }

    await choose('#compliance', 'Edit')
    await page.getByRole('dialog').getByLabel('Name').fill('Compliance desk')
    await page.getByRole('dialog').getByLabel('Owner').fill('Noor Haddad')
    await page.getByRole('button', { name: 'Save changes' }).click()
    await page.getByRole('row', { name: /Compliance desk.*Noor Haddad/ }).waitFor()
    await choose('Compliance desk', 'Switch off')
    await page.getByRole('row', { name: /Compliance desk.*Switched off/ }).waitFor()
    await choose('Compliance desk', 'Switch on')
    await page.getByRole('button', { name: 'Test send to Compliance desk' }).waitFor()
    await choose('Compliance desk', 'Delete')
    await page.getByRole('button', { name: 'Delete destination' }).click()

    await page.getByText('No destination yet', { exact: true }).waitFor()
  })
})

test('deleting an integration asks for its name and says what goes with it', async () => {
  await using world = await startConsole()
  const { id } = await world.havingIntegration()
  const page = await signedIn(world, 'admin', `/integrations/${id}/settings`)
  await page.getByRole('button', { name: 'Delete integration' }).click()
  const dialog = page.getByRole('dialog')
  await dialog.getByText('0 destinations').waitFor()
  await dialog.getByLabel(/^Type/).fill('Acme')
  expect(await dialog.getByRole('button', { name: 'Delete integration' }).isDisabled()).toBe(true)

  await dialog.getByLabel(/^Type/).fill('Acme production')
  await dialog.getByRole('button', { name: 'Delete integration' }).click()

  await page.getByText('Slack is not connected yet').waitFor()
})

test('settings are changed together, and a feature that needs more scopes says so', async () => {
  await using world = await startConsole()
  const { id } = await world.havingIntegration()
  const page = await signedIn(world, 'admin', `/integrations/${id}/settings`)
  await page.getByRole('textbox', { name: 'Name' }).fill('Acme staging')
  await page.getByText('Files', { exact: true }).click()
  await page.getByText(/then also needs files:write/).waitFor()

  await page.getByRole('button', { name: 'Save settings' }).click()

  await page.getByRole('heading', { name: 'Acme staging', level: 1 }).waitFor()
  const { body } = await (await world.as('admin')).get(`/api/integrations/${id}`)
  expect(body).toMatchObject({ name: 'Acme staging', features: expect.arrayContaining(['file_posts']) })
})

test('settings half changed are not left behind unasked, and put nothing back of somebody else', async () => {
  await using world = await startConsole()
  const { id } = await world.havingIntegration()
  const admin = await world.as('admin')
  const page = await signedIn(world, 'admin', `/integrations/${id}/settings`)
  await page.getByRole('textbox', { name: 'Name' }).fill('Acme staging')
  await page
    .getByRole('link', { name: 'Connection' })
    .or(page.getByRole('tab', { name: 'Connection' }))
    .click()
  await page.getByRole('button', { name: 'Stay' }).click()

  await admin.patch(`/api/integrations/${id}`, { testChannel: '#audit-room' })
  await page.getByRole('button', { name: 'Save settings' }).click()
  await page.getByRole('heading', { name: 'Acme staging', level: 1 }).waitFor()
  const { body } = await admin.get(`/api/integrations/${id}`)
  expect(body).toMatchObject({ name: 'Acme staging', testChannel: '#audit-room' })

  await page.getByRole('textbox', { name: 'Name' }).fill('Acme gone')
  await page.getByRole('button', { name: 'Delete integration' }).click()
  const dialog = page.getByRole('dialog')
  await dialog.getByLabel(/^Type/).fill('Acme staging')
  await dialog.getByRole('button', { name: 'Delete integration' }).click()
  await page.getByText('Slack is not connected yet').waitFor()
})

describe('who may do what', () => {
  test('a viewer sees all of it and no way to change it', async () => {
    await using world = await startConsole()
    const { id } = await world.havingIntegration()
    const admin = await world.as('admin')
    await admin.post('/api/destinations', { integrationId: id, kind: 'channel', channel: '#compliance' })
    const page = await signedIn(world, 'viewer', `/integrations/${id}/connection`)
    await page.getByText('Never shown again').waitFor()
    const named = (name: RegExp) => page.getByRole('button', { name }).count()

    expect(await named(/^(Replace|Change|Paste|Test connection|Switch off)/)).toBe(0)
    await page.getByRole('link', { name: 'Destinations', exact: true }).click()
    await page.getByRole('row', { name: /compliance/ }).waitFor()
    expect(await named(/^(Add destination|Test send|More for)/)).toBe(0)
    await page.getByRole('link', { name: 'Settings', exact: true }).click()
    await page.getByText('Test channel').waitFor()
    expect(await named(/^(Save|Delete)/)).toBe(0)
    expect(await page.getByRole('textbox', { name: 'Name' }).isDisabled()).toBe(true)
  })

  test('an operator tests and tries, and changes nothing', async () => {
    await using world = await startConsole()
    const { id } = await world.havingIntegration()
    const page = await signedIn(world, 'operator', `/integrations/${id}/connection`)

    await page.getByRole('button', { name: 'Test connection' }).waitFor()

    expect(await page.getByRole('button', { name: /^(Replace|Paste|Switch off)/ }).count()).toBe(0)
  })
})

describe.each([
  ['wide and light', { width: 1440, height: 900, scheme: 'light' }],
  ['wide and dark', { width: 1440, height: 900, scheme: 'dark' }],
  ['a phone in light', { width: 390, height: 844, scheme: 'light' }],
  ['a phone in dark', { width: 390, height: 844, scheme: 'dark' }],
] as const)('%s', (look, size) => {
  test('every page of integrations can be used by everyone, and nothing scrolls sideways', async () => {
    await using world = await startConsole()
    const { id } = await world.havingIntegration({ features: ['channel_messages', 'reactions'] })
    const admin = await world.as('admin')
    await admin.post('/api/destinations', { integrationId: id, kind: 'channel', channel: '#compliance', note: 'All' })
    await admin.post(`/api/integrations/${id}/test`, {})
    const page = await signedIn(world, 'admin', '/integrations', size)
    const pages: [path: string, there: string][] = [
      ['/integrations', 'Not built yet'],
      ['/integrations/new', 'Choose features'],
      [`/integrations/${id}/connection`, 'Posted to #compliance'],
      [`/integrations/${id}/destinations`, 'Last delivered'],
      [`/integrations/${id}/commands`, 'Refused requests'],
      [`/integrations/${id}/health`, 'Availability'],
      [`/integrations/${id}/settings`, 'Delete this integration'],
      ['/integrations/int_0000000000000000000000', 'There is no such integration'],
    ]

    for (const [path, there] of pages) {
      await page.goto(`${world.url}${path}`)
      await page.getByText(there).first().waitFor({ state: 'attached' })
      await screenshot(page, `${path.replaceAll('/', '-').replace(id, 'one').slice(1)}-${look.replaceAll(' ', '-')}`)
      await expectNoAxeViolations(page)
      const sideways = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth)
      expect(sideways, `${path} scrolls sideways`).toBeLessThanOrEqual(0)
    }
  })
})

import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { expectNoAxeViolations, newPage, openBrowser, screenshot, troubleOn } from '../../support/browser.ts'
import { builtConsole } from '../../support/ground.ts'
import { startApp, startSandbox, type TestSandbox } from './support.ts'

let browser: Browser
let sandbox: TestSandbox
beforeAll(async () => {
  browser = await openBrowser()
  sandbox = await startSandbox({ clientDir: await builtConsole(), now: Date.now })
}, 120_000)
afterAll(async () => {
  await browser?.close()
  await sandbox?.stop()
})
beforeEach(() => sandbox.ask('POST', '/reset'))

const APP = 'A0SWITCHBRD'
const CHANNEL = 'C0COMPALERT'
const blocks = [
  { type: 'header', text: { type: 'plain_text', text: 'Signing key leaked' } },
  {
    type: 'section',
    text: {
      type: 'mrkdwn',
      text: 'In <https://acme.example/b/1|#4512> of `payments`. <javascript:alert(1)|Not a link> <@U0NOORHADDA>',
    },
  },
  {
    type: 'actions',
    elements: [
      { type: 'button', action_id: 'ack', style: 'primary', text: { type: 'plain_text', text: 'Acknowledge' } },
      {
        type: 'static_select',
        action_id: 'snooze',
        placeholder: { type: 'plain_text', text: 'Snooze' },
        options: [{ text: { type: 'plain_text', text: '1 hour' }, value: '1h' }],
      },
    ],
  },
]

async function open(path = '/', look: Parameters<typeof newPage>[1] = {}): Promise<Page> {
  const page = await newPage(browser, look)
  await page.goto(`${sandbox.url}${path}`)
  await page.getByRole('heading', { name: 'compliance-alerts' }).waitFor()
  return page
}

async function havingAlert(): Promise<void> {
  await sandbox.client().chat.postMessage({ channel: CHANNEL, text: 'Signing key leaked', blocks })
}

const composer = (page: Page) => page.getByRole('textbox', { name: /^Message #/ })

describe('the simulator’s page', () => {
  test('a message appears as it is posted, and its links cannot run script', async () => {
    const page = await open()

    await havingAlert()
    await page.getByText('Signing key leaked').waitFor()

    expect(await page.getByRole('link', { name: '#4512' }).getAttribute('href')).toBe('https://acme.example/b/1')
    expect(await page.getByRole('link', { name: 'Not a link' }).count()).toBe(0)
    expect(await page.locator('a[href^="javascript"]').count()).toBe(0)
    await page.getByText('@Noor Haddad').waitFor()
    expect(troubleOn(page)).toEqual([])
    await page.context().close()
  })

  test('a click reaches the app as the person acted for', async () => {
    await using app = await startApp(() => ({}))
    await sandbox.changeApp(APP, { interactivityUrl: app.url })
    await havingAlert()
    const page = await open()

    await page.getByRole('combobox', { name: 'Acting as' }).selectOption('Kim Park')
    const answered = page.waitForResponse((response) => response.url().endsWith('/_sim/clicks'))
    await page.getByRole('button', { name: 'Acknowledge' }).click()
    await answered

    const payload = JSON.parse(new URLSearchParams(app.received[0]?.body).get('payload') ?? '')
    expect(payload).toMatchObject({ user: { username: 'kim' }, actions: [{ action_id: 'ack' }] })
    await page.context().close()
  })

  test('a command shows its answer to the person who typed it', async () => {
    await using app = await startApp(() => ({ body: 'All is *well*' }))
    await sandbox.changeApp(APP, { commandsUrl: app.url })
    const page = await open()

    await composer(page).fill('/switchboard status')
    await composer(page).press('Enter')
    const answer = page.getByRole('listitem').filter({ hasText: 'All is well' })
    await answer.waitFor()
    const shown = await answer.textContent()
    await page.getByRole('combobox', { name: 'Acting as' }).selectOption('Kim Park')
    await answer.waitFor({ state: 'detached' })

    expect(shown).toContain('Only visible to you')
    await page.context().close()
  })

  test('a failed command says in Slack’s word how it failed', async () => {
    await using app = await startApp(() => ({ status: 500 }))
    await sandbox.changeApp(APP, { commandsUrl: app.url })
    const page = await open()

    await composer(page).fill('/switchboard')
    await composer(page).press('Enter')

    await page.getByText('/switchboard failed with the error "dispatch_failed"').waitFor()
    await page.getByText(/^HTTP 500 after \d/).waitFor()
    await page.context().close()
  })

  test('the fault dial strikes, and what struck is in the record of calls', async () => {
    const page = await open('/?tab=faults')

    await page.getByRole('combobox', { name: 'What goes wrong' }).selectOption('Error code')
    await page.getByRole('textbox', { name: 'Error code' }).fill('fatal_error')
    await page.getByRole('button', { name: 'Add fault' }).click()
    await page.getByRole('button', { name: 'Remove fault Error code on chat.postMessage' }).waitFor()
    await sandbox.raw('chat.postMessage', { channel: CHANNEL, text: 'hello' })
    await page.getByText('None. Every call goes through.').waitFor()
    await page.getByRole('tab', { name: 'Calls' }).click()

    await page.getByText('fatal_error (error)').waitFor()
    await page.context().close()
  })

  test('credentials are copied in one go, in a form that Switchboard can read', async () => {
    const page = await open()

    await page.getByRole('button', { name: 'Copy all' }).click()

    const copied = () => page.evaluate(() => navigator.clipboard.readText())
    await expect.poll(copied).toContain(`SLACK_APP_ID=${APP}`)
    expect(await copied()).toContain(`SLACK_BOT_TOKEN=${sandbox.credentials.botToken}`)
    await page.context().close()
  })

  test('archiving, revoking and taking a scope away work from the page', async () => {
    const page = await open()

    await page.getByRole('button', { name: 'Change #compliance-alerts' }).click()
    await page.getByRole('menuitem', { name: 'Archive' }).click()
    await page.getByRole('main').getByText('archived').waitFor()
    await page.getByRole('checkbox', { name: 'channels:join' }).uncheck()
    const post = async () => (await sandbox.raw('chat.postMessage', { channel: CHANNEL, text: 'hello' })).json()
    const archived = await post()
    const saved = page.waitForResponse((response) => response.url().endsWith('/tokens/bot'))
    await page.getByRole('combobox', { name: 'Bot token' }).selectOption('revoked')
    await saved
    const revoked = await post()

    expect([archived.error, revoked.error]).toEqual(['is_archived', 'token_revoked'])
    await expect.poll(async () => (await sandbox.app()).scopes).not.toContain('channels:join')
    await page.context().close()
  })

  test.each([
    ['wide and light', {}, ''],
    ['wide and dark', { scheme: 'dark' }, '?tab=faults'],
    ['wide with calls', {}, '?tab=calls'],
    ['narrow and light', { width: 390, height: 844 }, ''],
    ['narrow and dark', { width: 390, height: 844, scheme: 'dark' }, ''],
  ] as const)('it is accessible and fits: %s', async (name, look, path) => {
    await havingAlert()
    await sandbox.fault({ method: '*', channel: '#risk-watch', kind: 'lost_answer', times: null })
    const page = await open(`/${path}`, look)
    await page.getByRole('button', { name: 'Acknowledge' }).waitFor()

    await expectNoAxeViolations(page)
    const width = await page.evaluate(() => document.documentElement.scrollWidth)
    await screenshot(page, `simulator-${name.replaceAll(' ', '-')}`)

    expect(width).toBeLessThanOrEqual('width' in look ? look.width : 1440)
    expect(troubleOn(page)).toEqual([])
    await page.context().close()
  })

  test('on a phone channels and controls open from the side', async () => {
    const page = await open('/', { width: 390, height: 844 })

    await page.getByRole('button', { name: 'Channels' }).click()
    await page.getByRole('dialog').getByRole('button', { name: 'security-alerts' }).click()
    await page.getByRole('heading', { name: 'security-alerts' }).waitFor()
    await page.getByRole('button', { name: 'Controls' }).click()
    await page.getByRole('dialog').getByRole('tab', { name: 'Faults' }).click()
    await page.getByRole('button', { name: 'Add fault' }).waitFor()

    await expectNoAxeViolations(page)
    await page.context().close()
  })
})

test('in a workspace of 20,000 channels one is found by its name', async () => {
  await using large = await startSandbox({ seed: 'large', clientDir: await builtConsole() })
  const page = await newPage(browser)
  await page.goto(large.url)

  await page.getByRole('textbox', { name: 'Find a channel' }).fill('team-19')
  await page.getByRole('button', { name: 'team-19001' }).click()

  await page.getByRole('heading', { name: 'team-19001' }).waitFor()
  await page.context().close()
})

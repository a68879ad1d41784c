import type { Browser, Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, describe, expect, onTestFailed, test } from 'vitest'
import { type Simulator, startSimulator } from '../../server/simulator/simulator.ts'
import { expectNoAxeViolations, newPage, openBrowser, screenshot, troubleOn } from '../support/browser.ts'
import { endPrograms, startProgram } from '../support/program.ts'
import { type Sandbox, type SandboxApp, sandboxOf } from '../support/sandbox.ts'
import { PASSWORD } from '../support/world.ts'

/* The whole story as a new admin lives it: a fresh machine, the printed link, a wrong secret found and put right, a
 * button pressed and a command typed in Slack, messages sent, and charts that show those very requests. */

let browser: Browser
beforeAll(async () => {
  browser = await openBrowser()
})
afterEach(endPrograms)
afterAll(() => browser.close())

describe.each([
  { width: 1440, height: 900, scheme: 'light' as const },
  { width: 390, height: 844, scheme: 'dark' as const },
])('at $width px, $scheme', (look) => {
  test('an admin connects Slack, mends what the test found, sends messages and sees them on the charts', async () => {
    await using simulator = await startSimulator()
    const sandbox = sandboxOf(simulator)
    const app = await sandbox.app()
    const program = await startProgram(slackAt(simulator))
    const page = await newPage(browser, look)
    page.setDefaultTimeout(30_000)
    onTestFailed(() => screenshot(page, `story-failed-${look.width}-${look.scheme}`))
    const shown = async (name: string) => {
      await expectNoAxeViolations(page)
      await screenshot(page, `story-${name}-${look.width}-${look.scheme}`)
      const isWide = await page.evaluate(() => document.documentElement.scrollWidth > window.innerWidth)
      expect(isWide, `${name} scrolls sideways`).toBe(false)
    }

    await makeFirstAdmin(page, program.setupLink ?? '')
    await shown('welcome')

    await page.getByRole('link', { name: 'Connect Slack' }).click()
    await pasteCredentials(page, app)
    await shown('new-integration')
    await page.getByRole('button', { name: 'Save and test connection' }).click()
    await step(page, /client secret/i, 'bad_client_secret')
    await step(page, /#board/, 'channel_not_found')
    await shown('test-failed')

    const integrationId = /integrations\/(int_\w+)/.exec(page.url())?.[1] ?? ''
    await callBack(sandbox, app, `${program.url}/slack/${integrationId}`)
    await replaceSecret(page, 'Client secret', app.clientSecret)
    await chooseTestChannel(page, integrationId, '#compliance')
    await page.goto(`${program.url}/integrations/${integrationId}/connection`)
    await page.getByRole('button', { name: /^Test (again|connection)$/ }).click()
    await page.getByText('Waiting for Slack’s first signed request').waitFor()
    await shown('test-waiting')
    await pressTestButton(sandbox)
    await page.getByText(/Slack’s signed request arrived/).waitFor()
    await shown('test-passed')

    await page.goto(`${program.url}/integrations/${integrationId}/destinations`)
    await addChannel(page, 'compliance-alerts')
    await shown('test-send')
    await sendTest(page, 'Hello from the story')
    await addWebhook(page, app.webhooks[0]?.url ?? '', 'Kim’s webhook')
    await sendTest(page, 'Hello through a webhook')
    await shown('destinations')
    await typeCommand(sandbox)

    await page.goto(`${program.url}/overview?window=1h`)
    await page.getByText(/^1 invocation/).waitFor()
    await page.getByText(/^delivered\s*2$/).waitFor()
    await shown('overview')

    await page.goto(`${program.url}/deliveries`)
    await page.getByText('2 deliveries', { exact: true }).waitFor()
    await shown('deliveries')
    await page.getByText('Hello from the story').first().click()
    await page.getByRole('heading', { name: 'Hello from the story', level: 1 }).waitFor()
    await page.getByText('As it looks in Slack').waitFor()
    await shown('delivery')

    const channel = await sandbox.channel('compliance-alerts')
    const posted = await sandbox.messages(channel)
    expect(posted.map((message) => message.text)).toContain('Hello from the story')
    expect(troubleOn(page)).toEqual([])
  })
})

const slackAt = (simulator: Simulator) => ({
  SWITCHBOARD_SETUP_TOKEN: '',
  SLACK_API_URL: simulator.apiUrl,
  SLACK_WEBHOOK_HOSTS: simulator.host,
  SLACK_UPLOAD_HOSTS: simulator.host,
})

async function makeFirstAdmin(page: Page, setupLink: string): Promise<void> {
  await page.goto(setupLink)
  await page.getByLabel('Name').fill('Ada Ferrer')
  await page.getByLabel('E-mail').fill('ada@acme.example')
  await page.getByRole('textbox', { name: 'Password' }).fill(PASSWORD)
  await page.getByRole('button', { name: 'Make admin account' }).click()
  await page.getByRole('heading', { name: 'Welcome, Ada Ferrer' }).waitFor()
}

/** As copied from a file: every value in one go, the client secret of another app among them. */
async function pasteCredentials(page: Page, app: SandboxApp): Promise<void> {
  await page.getByRole('radio', { name: 'I already have an app' }).click()
  const copied = [
    `SLACK_APP_ID=${app.appId}`,
    `SLACK_CLIENT_ID=${app.clientId}`,
    `SLACK_CLIENT_SECRET=${app.clientSecret.split('').reverse().join('')}`,
    `SLACK_SIGNING_SECRET=${app.signingSecret}`,
    `export SLACK_BOT_TOKEN="${app.botToken}"`,
    `SLACK_APP_TOKEN=${app.appToken}`,
  ].join('\n')
  await page.evaluate((text) => navigator.clipboard.writeText(text), copied)
  await page.getByLabel('Paste anything').focus()
  await page.keyboard.press('Control+V')
  await page.getByText('6 values sorted into the fields:').waitFor()
  await page.getByLabel('Name', { exact: true }).fill('Acme production')
  await page.getByLabel(/^Test channel/).fill('#board')
}

/** A failed step opens by itself and shows Slack's code. */
async function step(page: Page, title: RegExp, code: string): Promise<void> {
  await page.getByRole('listitem').filter({ hasText: title }).filter({ hasText: code }).first().waitFor()
}

async function replaceSecret(page: Page, label: string, secret: string): Promise<void> {
  await page.getByRole('button', { name: `Replace ${label.toLowerCase()}` }).click()
  await page.getByLabel(`New ${label}`).fill(secret)
  await page.getByRole('button', { name: 'Save change' }).click()
  await page.getByText(`Saved: ${label.toLowerCase()}`).waitFor()
}

async function chooseTestChannel(page: Page, integrationId: string, channel: string): Promise<void> {
  await page.goto(page.url().replace(/\/integrations\/.*/, `/integrations/${integrationId}/settings`))
  await page.getByLabel(/^Test channel/).fill(channel)
  await page.getByRole('button', { name: /^Save/ }).click()
  await page.getByText('Settings saved').waitFor()
}

async function callBack(sandbox: Sandbox, app: SandboxApp, address: string): Promise<void> {
  const urls = { commandsUrl: `${address}/commands`, interactivityUrl: `${address}/interactions` }
  await sandbox.changeApp(app.appId, urls)
}

/** What a person in the channel does: presses Confirm in the message that the test posted. */
async function pressTestButton(sandbox: Sandbox): Promise<void> {
  const channelId = await sandbox.channel('compliance')
  const message = (await sandbox.messages(channelId)).find(({ blocks }) =>
    JSON.stringify(blocks).includes('switchboard_test'),
  )
  await sandbox.click({ channelId, ts: message?.ts, actionId: 'switchboard_test', userId: 'U0ADAFERRER' })
}

async function typeCommand(sandbox: Sandbox): Promise<void> {
  const channelId = await sandbox.channel('compliance')
  const answered = await sandbox.command({ command: '/switchboard', text: 'help', userId: 'U0KIMPARK01', channelId })
  expect(answered.status).toBe(200)
}

async function addChannel(page: Page, name: string): Promise<void> {
  await page
    .getByRole('button', { name: /^Add (a )?(destination|channel)$/ })
    .first()
    .click()
  const dialog = page.getByRole('dialog')
  await dialog.getByRole('combobox', { name: 'Channel' }).fill(name)
  await page.getByRole('option', { name: new RegExp(name) }).click()
  await dialog.getByRole('button', { name: /^Add/ }).click()
  await dialog.getByRole('button', { name: 'Send test message' }).click()
}

async function addWebhook(page: Page, url: string, name: string): Promise<void> {
  await page
    .getByRole('button', { name: /^Add (a )?destination$/ })
    .first()
    .click()
  const dialog = page.getByRole('dialog')
  await dialog.getByText('Webhook', { exact: true }).click()
  await dialog.getByLabel('Webhook URL').fill(url)
  await dialog.getByLabel('Name', { exact: true }).fill(name)
  await dialog.getByRole('button', { name: /^Add/ }).click()
  await dialog.getByRole('button', { name: 'Send test message' }).click()
}

async function sendTest(page: Page, text: string): Promise<void> {
  const dialog = page.getByRole('dialog')
  await dialog.getByLabel('Message', { exact: true }).fill(text)
  await dialog.getByRole('button', { name: 'Send test message' }).click()
  await dialog.getByText(/^Delivered in/).waitFor()
  await dialog.getByRole('button', { name: 'Done' }).click()
}

import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { deliverDue } from '../../server/deliveries/worker.ts'
import { expectNoAxeViolations, LOOKS, openBrowser, screenshot, troubleOn } from '../support/browser.ts'
import { havingChannel, havingMessage, openAs, startConsole } from '../support/console-page.ts'
import type { World } from '../support/world.ts'

let browser: Browser
beforeAll(async () => {
  browser = await openBrowser()
})
afterAll(() => browser.close())
const rowOf = (page: Page, name: RegExp) => page.getByRole('row', { name })

async function havingTwoChannels(world: World) {
  const { id: integrationId } = await world.havingIntegration()
  const audit = await havingChannel(world, integrationId, '#audit-room')
  const compliance = await havingChannel(world, integrationId, '#compliance')
  return { integrationId, audit, compliance }
}

describe('a destination', () => {
  test('that paused itself says why and what to do, counts what waits, and goes on when resumed', async () => {
    await using world = await startConsole()
    const { integrationId, audit } = await havingTwoChannels(world)
    const channel = await world.slack.channel('audit-room')
    await world.slack.changeChannel(channel, { archived: true })
    await havingMessage(world, audit, 'Held until it is resumed')
    await deliverDue(world.ctx)
    const page = await openAs(browser, world, 'operator', `/integrations/${integrationId}/destinations`)
    const row = rowOf(page, /audit-room/)
    await row.getByText('Paused').waitFor()
    await row.getByText('is_archived').waitFor()
    await row.getByText(/The channel is archived/).waitFor()
    await row.getByRole('link', { name: '1 delivery held' }).waitFor()
    await expectNoAxeViolations(page)
    await screenshot(page, 'destination-paused')

    await world.slack.changeChannel(channel, { archived: false })
    await page.getByRole('button', { name: /^Resume / }).click()

    await page.getByText(/goes on: what was held is sent in order/).waitFor()
    await deliverDue(world.ctx)
    expect((await world.slack.messages(channel)).map(({ text }) => text)).toContain('Held until it is resumed')
    expect(await page.getByRole('button', { name: /^Resume / }).count()).toBe(0)
    expect(troubleOn(page)).toEqual([])
  })

  test('is paused by an operator with a reason that the audit trail keeps', async () => {
    await using world = await startConsole()
    const { integrationId } = await havingTwoChannels(world)
    const page = await openAs(browser, world, 'operator', `/integrations/${integrationId}/destinations`)
    await page.getByRole('button', { name: /^More for .*audit-room/ }).click()
    await page.getByRole('menuitem', { name: 'Pause' }).click()
    await page.getByRole('textbox', { name: 'Reason' }).fill('Move of the team')
    await expectNoAxeViolations(page)

    await page.getByRole('button', { name: 'Pause destination' }).click()

    await rowOf(page, /audit-room/)
      .getByText('by A operator')
      .waitFor()
    const { text } = await (await world.as('admin')).get('/api/audit')
    expect(text).toContain('Move of the team')
  })
})

describe('an integration', () => {
  test('is paused with a reason, tells what waits behind it, and is resumed from its banner', async () => {
    await using world = await startConsole()
    const { integrationId, compliance } = await havingTwoChannels(world)
    const page = await openAs(browser, world, 'operator', `/integrations/${integrationId}/connection`)
    await page.getByRole('button', { name: 'Pause', exact: true }).click()
    await page.getByRole('textbox', { name: 'Reason' }).fill('Maintenance')
    await page.getByRole('button', { name: 'Pause integration' }).click()
    await page.getByText(/^Paused by A operator/).waitFor()
    await havingMessage(world, compliance, 'Waits for the end of it')
    await deliverDue(world.ctx)
    await page.reload()

    await page.getByRole('link', { name: '1 delivery held' }).waitFor()

    await expectNoAxeViolations(page)
    await screenshot(page, 'integration-paused')
    await page.getByRole('button', { name: 'Resume' }).click()
    await page.getByText(/goes on: what was held is sent in order/).waitFor()
    expect(await page.getByRole('button', { name: 'Resume' }).count()).toBe(0)
    await deliverDue(world.ctx)
    const posted = await world.slack.messages(await world.slack.channel('compliance'))
    expect(posted.map(({ text }) => text)).toContain('Waits for the end of it')
    expect(troubleOn(page)).toEqual([])
  })

  test('that paused itself says what Slack answered', async () => {
    await using world = await startConsole()
    const { integrationId, compliance } = await havingTwoChannels(world)
    const { appId } = await world.slack.app()
    await world.slack.changeToken(appId, 'bot', { state: 'revoked' })
    await havingMessage(world, compliance, 'Held')
    await deliverDue(world.ctx)
    const page = await openAs(browser, world, 'viewer', `/integrations/${integrationId}/connection`)

    await page.getByText(/It paused itself .*: Slack answered token_revoked/).waitFor()

    await page.getByRole('link', { name: '1 delivery held' }).waitFor()
    expect(await page.getByRole('button', { name: 'Resume' }).count()).toBe(0)
    await expectNoAxeViolations(page)
    await screenshot(page, 'integration-paused-itself')
  })
})

describe.each(LOOKS)('%s at %d px', (scheme, width, height) => {
  test('types, paused destinations and a paused integration are accessible and do not scroll sideways', async () => {
    await using world = await startConsole()
    const { integrationId, audit, compliance } = await havingTwoChannels(world)
    const admin = await world.as('admin')
    await admin.patch('/api/notification-types/security.key_leaked', { updateTrail: true })
    await havingMessage(world, audit, 'Still here', { type: 'system.heartbeat' })
    await admin.post('/api/notification-types/system.heartbeat/pause')
    await admin.post(`/api/destinations/${compliance}/pause`)
    await admin.post(`/api/integrations/${integrationId}/pause`)
    const page = await openAs(browser, world, 'admin', '/notifications', { scheme, width, height })
    const shown = [
      ['/notifications', 'types', 'system.heartbeat'],
      [`/integrations/${integrationId}/destinations`, 'destinations-paused', 'by Ada Ferrer'],
      ['/queue', 'queue-paused-type', 'Goes out in its old order once the type is resumed.'],
    ] as const

    for (const [path, name, sign] of shown) {
      await page.goto(`${world.url}${path}`)
      await page.getByText(sign).first().waitFor()
      await expectNoAxeViolations(page)
      expect(await page.evaluate(() => document.documentElement.scrollWidth), path).toBe(width)
      await screenshot(page, `${name}-${scheme}-${width}`)
    }
    expect(troubleOn(page)).toEqual([])
  })
})

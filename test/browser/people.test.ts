import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { PASSWORD, startPeople, TOKEN } from '../server/users/people-server.ts'
import { expectNoAxeViolations, newPage, openBrowser, screenshot, troubleOn } from '../support/browser.ts'
import { builtConsole } from '../support/ground.ts'

let browser: Browser
beforeAll(async () => {
  browser = await openBrowser()
})
afterAll(() => browser.close())

async function signedIn(look: Parameters<typeof newPage>[1] = {}) {
  const people = await startPeople({ clientDir: await builtConsole() })
  await people.setUp()
  const page = await newPage(browser, look)
  await page.goto(`${people.url}/sign-in?to=/people`)
  await page.getByLabel('E-mail').fill('ada@acme.example')
  await page.getByRole('textbox', { name: 'Password' }).fill(PASSWORD)
  await page.getByRole('button', { name: 'Sign in' }).click()
  await page.getByRole('heading', { name: 'People', level: 1 }).waitFor()
  return { people, page }
}

test('the setup link makes the first admin and leads into the console', async () => {
  await using people = await startPeople({ clientDir: await builtConsole() })
  const page = await newPage(browser)

  await page.goto(`${people.url}/setup#token=${TOKEN}`)
  await page.getByLabel('Name').fill('Ada Ferrer')
  await page.getByLabel('E-mail').fill('ada@acme.example')
  await page.getByRole('textbox', { name: 'Password' }).fill(PASSWORD)
  await page.getByRole('button', { name: 'Make admin account' }).click()

  await page.getByRole('heading', { name: 'Welcome, Ada Ferrer' }).waitFor()
  expect(troubleOn(page)).toEqual([])
})

test('what is wrong is said at its field, and an account that was made is not called missing', async () => {
  await using people = await startPeople({ clientDir: await builtConsole() })
  const page = await newPage(browser)
  await page.goto(`${people.url}/setup#token=${TOKEN}`)
  const make = page.getByRole('button', { name: 'Make admin account' })
  await page.getByLabel('Name').fill('  ')
  await page.getByLabel('E-mail').fill('ada@acme.example')
  await page.getByRole('textbox', { name: 'Password' }).fill(PASSWORD)
  await make.click()
  await page.getByText('A name is needed.', { exact: true }).waitFor()
  await page.getByLabel('Name').fill('Ada Ferrer')
  await page.getByLabel('E-mail').fill('ada@acme')
  await make.click()
  await page.getByText(/^This is not a whole e-mail address/).waitFor()

  await page.getByLabel('E-mail').fill('ada@acme.example')
  await page.route('**/api/auth/sign-in/email', (route) => route.fulfill({ status: 503, body: 'later' }))
  await make.click()
  await page.getByRole('heading', { name: 'This server is set up' }).waitFor()
  await page.getByRole('link', { name: 'Sign in' }).click()
  await page.getByRole('heading', { name: 'Sign in' }).waitFor()
})

test('the setup link that another tab has used up leads to the sign-in', async () => {
  await using people = await startPeople({ clientDir: await builtConsole() })
  const page = await newPage(browser)
  await page.goto(`${people.url}/setup#token=${TOKEN}`)
  await page.getByLabel('Name').fill('Oda Berg')
  await page.getByLabel('E-mail').fill('oda@acme.example')
  await page.getByRole('textbox', { name: 'Password' }).fill(PASSWORD)
  await people.setUp()

  await page.getByRole('button', { name: 'Make admin account' }).click()

  await page.getByRole('heading', { name: 'This server is set up' }).waitFor()
  await page.getByRole('link', { name: 'Sign in' }).waitFor()
})

test('a dialog gives the focus back to what opened it', async () => {
  const { people, page } = await signedIn()
  await using _ = people
  for (const [path, name] of [
    ['/people', 'Change Ada Ferrer'],
    ['/settings', 'Make API key'],
    ['/overview', 'Search Ctrl K'],
  ] as const) {
    await page.goto(`${people.url}${path}`)
    const opener = page.getByRole('button', { name })
    await opener.focus()
    await page.keyboard.press('Enter')
    await page.getByRole('dialog').waitFor()
    await page.keyboard.press('Escape')
    await page.getByRole('dialog').waitFor({ state: 'detached' })
    await expect
      .poll(() => opener.evaluate((button) => button === document.activeElement), { message: name })
      .toBe(true)
  }
})

test('an admin adds a person, changes their role and keeps them out', async () => {
  const { people, page } = await signedIn()
  await using _ = people

  await page.getByRole('button', { name: 'Add person' }).click()
  const dialog = page.getByRole('dialog')
  await dialog.getByLabel('Name').fill('Oda Berg')
  await dialog.getByLabel('E-mail').fill('oda@acme.example')
  await dialog.getByRole('radio', { name: 'Operator' }).check()
  await dialog.getByRole('textbox', { name: 'First password' }).fill('short')
  await dialog.getByRole('button', { name: 'Add person' }).click()
  await dialog.getByText('At least 12 characters: three unrelated words do.').waitFor()
  await screenshot(page, 'people-add')
  await expectNoAxeViolations(page)
  await dialog.getByRole('textbox', { name: 'First password' }).fill(PASSWORD)
  await dialog.getByRole('button', { name: 'Add person' }).click()
  await page.getByRole('row', { name: /Oda Berg/ }).waitFor()

  await page.getByRole('button', { name: 'Change Oda Berg' }).click()
  await dialog.getByRole('switch', { name: 'Disabled' }).check()
  await dialog.getByRole('button', { name: 'Save changes' }).click()
  await page.getByRole('row', { name: /Oda Berg.*Disabled/ }).waitFor()
  await screenshot(page, 'people')
  await expectNoAxeViolations(page)
  expect((await people.signIn('oda@acme.example')).status).toBe(403)
})

test('a key is shown once, works, is listed without its value, and is revoked by name', async () => {
  const { people, page } = await signedIn()
  await using _ = people
  await page.getByRole('link', { name: 'Settings' }).click()
  await page.getByRole('heading', { name: 'API keys' }).waitFor()
  await page.getByText('No API key yet').waitFor()
  await expectNoAxeViolations(page)

  await page.getByRole('button', { name: 'Make API key' }).click()
  const dialog = page.getByRole('dialog')
  await dialog.getByLabel('Name').fill('Billing service')
  await dialog.getByRole('checkbox', { name: 'deliveries:read' }).check()
  await screenshot(page, 'people-key-make')
  await dialog.getByRole('button', { name: 'Make API key' }).click()
  const shown = dialog.getByRole('region', { name: 'API key' })
  const key = (await shown.textContent()) ?? ''
  await expectNoAxeViolations(page)
  expect((await people.ask('GET', '/api/deliveries', { headers: { authorization: `Bearer ${key}` } })).status).toBe(200)
  await dialog.getByRole('button', { name: 'I have copied it' }).click()
  await dialog.waitFor({ state: 'detached' })

  expect(await page.content()).not.toContain(key)
  await page.getByRole('row', { name: /Billing service.*deliveries:read/ }).waitFor()
  await screenshot(page, 'people-settings')
  await page.getByRole('button', { name: 'Revoke Billing service' }).click()
  await dialog.getByLabel('Type “Billing service” to confirm').fill('Billing service')
  await dialog.getByRole('button', { name: 'Revoke key' }).click()
  await page.getByRole('row', { name: /Billing service.*Revoked/ }).waitFor()
  expect((await people.ask('GET', '/api/deliveries', { headers: { authorization: `Bearer ${key}` } })).status).toBe(401)
  expect(troubleOn(page)).toEqual([])
})

test('what an entry changed is readable on a tablet, and a long name makes nothing wider than the page', async () => {
  const { people, page } = await signedIn()
  await using _ = people
  await people.ask('POST', '/api/users', {
    headers: await people.session('ada@acme.example'),
    body: { name: 'Wolfeschlegelsteinhausen'.repeat(4), email: 'w@acme.example', role: 'viewer', password: PASSWORD },
  })
  await page.setViewportSize({ width: 768, height: 1024 })

  await page.goto(`${people.url}/audit`)
  await page.getByRole('row', { name: /User made/ }).waitFor()

  const detail = await page.getByRole('columnheader', { name: 'Detail' }).boundingBox()
  expect(detail?.width).toBeGreaterThan(240)
  expect(await page.getByRole('table').evaluate((table) => table.clientWidth)).toBeLessThan(1000)
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(768)
  await screenshot(page, 'people-audit-tablet')
})

test('the trail is read, filtered in the address, and checked', async () => {
  const { people, page } = await signedIn()
  await using _ = people
  await people.ask('POST', '/api/users', {
    headers: await people.session('ada@acme.example'),
    body: { name: 'Oda Berg', email: 'oda@acme.example', role: 'viewer', password: PASSWORD },
  })

  await page.goto(`${people.url}/audit?q=action:user.made`)
  await page.getByRole('row', { name: /User made.*Oda Berg/ }).waitFor()
  expect(await page.getByRole('row', { name: /signed in/ }).count()).toBe(0)
  await page.getByRole('button', { name: 'Remove filter action user.made' }).click()
  await page.getByRole('row', { name: /Setup done/ }).waitFor()
  await page.getByRole('button', { name: 'Check the trail' }).click()
  await page.getByText(/The trail is whole: \d+ entries/).waitFor()
  await screenshot(page, 'people-audit')
  await expectNoAxeViolations(page)

  await people.db.updateTable('auditEntries').set({ subjectName: 'Someone else' }).where('number', '=', 2).execute()
  await page.getByRole('button', { name: 'Check the trail' }).click()
  await page.getByText('The trail was changed outside Switchboard').waitFor()
  await screenshot(page, 'people-audit-broken')
  expect(troubleOn(page)).toEqual([])
})

test('one’s own password is changed in the profile', async () => {
  const { people, page } = await signedIn()
  await using _ = people
  await page.getByRole('button', { name: 'Ada Ferrer', exact: true }).click()
  await page.getByRole('link', { name: 'Profile' }).click()

  await page.getByRole('textbox', { name: 'Current password' }).fill('not that')
  await page.getByRole('textbox', { name: 'New password' }).fill('another three unrelated words')
  await page.getByRole('button', { name: 'Change password' }).click()
  await page.getByText('The current password is not right.').waitFor()
  await screenshot(page, 'people-profile')
  await expectNoAxeViolations(page)
  await page.getByRole('textbox', { name: 'Current password' }).fill(PASSWORD)
  await page.getByRole('button', { name: 'Change password' }).click()
  await page.getByText('Your password was changed.').waitFor()

  expect((await people.signIn('ada@acme.example', 'another three unrelated words')).status).toBe(200)
})

test('a session that ends takes nothing along that was half filled in', async () => {
  const { people, page } = await signedIn()
  await using _ = people
  await page.getByRole('button', { name: 'Add person' }).click()
  const half = page.getByRole('dialog', { name: 'Add person' })
  await half.getByLabel('Name').fill('Oda Berg')

  await page.context().clearCookies()
  await half.getByLabel('E-mail').fill('oda@acme.example')
  await half.getByRole('textbox', { name: 'First password' }).fill(PASSWORD)
  await half.getByRole('button', { name: 'Add person' }).click()
  const again = page.getByRole('dialog', { name: 'Sign in again' })
  await again.waitFor()
  await expectNoAxeViolations(page)
  await screenshot(page, 'people-sign-in-again')
  expect(await again.getByLabel('E-mail').inputValue()).toBe('ada@acme.example')
  await page.keyboard.press('Escape')
  await page.keyboard.type(PASSWORD)
  await page.keyboard.press('Enter')

  await again.waitFor({ state: 'detached' })
  expect(await half.getByLabel('Name').inputValue()).toBe('Oda Berg')
})

test('the dialog of an API key does not go before the key was seen, and not by Escape then', async () => {
  const { people, page } = await signedIn()
  await using _ = people
  await page.goto(`${people.url}/settings`)
  await page.route('**/api/api-keys', async (route) => {
    if (route.request().method() === 'POST') await new Promise((resolve) => setTimeout(resolve, 1_000))
    await route.continue()
  })
  await page.getByRole('button', { name: 'Make API key' }).click()
  const dialog = page.getByRole('dialog')
  await dialog.getByLabel('Name').fill('Billing service')
  await dialog.getByRole('checkbox', { name: 'events:write' }).check()
  await dialog.getByRole('button', { name: 'Make API key' }).click()
  await page.keyboard.press('Escape')

  await page.getByText('Copy it now').waitFor()
  await page.keyboard.press('Escape')
  await page.getByText('Authorization: Bearer sk_').waitFor()
  await page.getByRole('button', { name: 'I have copied it' }).click()
  await page.getByRole('row', { name: /Billing service/ }).waitFor()
})

describe.each([
  ['on a phone', { width: 390, height: 844 }],
  ['in the dark', { scheme: 'dark' as const }],
])('%s', (name, look) => {
  test('people, audit, settings and profile hold up', async () => {
    const { people, page } = await signedIn(look)
    await using _ = people
    await people.havingKeyOf('ada@acme.example')

    for (const path of ['people', 'audit', 'settings', 'profile']) {
      await page.goto(`${people.url}/${path}`, { waitUntil: 'networkidle' })
      await page.getByRole('heading', { level: 1 }).waitFor()
      await expectNoAxeViolations(page)
      await screenshot(page, `people-${path}-${name.replaceAll(' ', '-')}`)
      const width = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth)
      expect({ path, sideways: width > 0 }).toEqual({ path, sideways: false })
    }
    expect(troubleOn(page)).toEqual([])
  })
})

test('the API’s page shows every route under its own strict policy', async () => {
  await using people = await startPeople()
  const page = await newPage(browser)

  await page.goto(`${people.url}/api/docs`)
  await page.getByText('/api/audit/check').waitFor()
  await page.getByText('Make an API key').click()
  await page.getByText('The answer holds the key this once').waitFor()

  await screenshot(page, 'people-docs')
  expect(await page.title()).toBe('Switchboard API')
  expect(troubleOn(page)).toEqual([])
})

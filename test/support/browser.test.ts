import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { expectNoAxeViolations, newPage, openBrowser, screenshot, troubleOn } from './browser.ts'

let browser: Browser
beforeAll(async () => {
  browser = await openBrowser()
})
afterAll(() => browser.close())

test('a page has the size, the scheme and the motion asked for, and its picture can be kept', async () => {
  const page = await newPage(browser, { width: 390, height: 844, scheme: 'dark' })
  await page.setContent('<!doctype html><html lang="en"><title>Hello</title><main><h1>Hello</h1></main></html>')

  const seen = await page.evaluate(() => ({
    width: window.innerWidth,
    dark: window.matchMedia('(prefers-color-scheme: dark)').matches,
    still: window.matchMedia('(prefers-reduced-motion: reduce)').matches,
  }))

  expect(seen).toEqual({ width: 390, dark: true, still: true })
  await expectNoAxeViolations(page)
  await screenshot(page, 'smoke')
})

test('an unnamed control and a request to another host are told', async () => {
  const page = await newPage(browser)
  await page.setContent('<!doctype html><html lang="en"><title>Bad</title><main><button></button></main></html>')

  await page.evaluate(() => fetch('http://elsewhere.test/').catch(() => undefined))

  await expect(expectNoAxeViolations(page)).rejects.toMatchObject({
    actual: [{ rule: expect.stringContaining('button-name') }],
  })
  expect(troubleOn(page)).toContain('asked another host: http://elsewhere.test/')
})

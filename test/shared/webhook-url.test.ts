import { describe, expect, test } from 'vitest'
import { isLoopback, isWebhookUrl, isWorkflowWebhook, webhookUrlProblem } from '../../shared/webhook-url.ts'

const path = '/services/T01234567/B01234567/secret'
const hosts = ['hooks.slack.com', 'hooks.slack-gov.com', '127.0.0.1:4600', 'localhost', '[::1]:4600', '10.0.0.5:8080']

describe('a webhook URL', () => {
  test.each([
    `https://hooks.slack.com${path}`,
    ` https://hooks.slack.com${path}\n`,
    `https://HOOKS.slack.com${path}`,
    `https://hooks.slack.com:443${path}`,
    `https://hooks.slack-gov.com${path}`,
    'https://hooks.slack.com/workflows/T1/A1/1/x',
    'https://hooks.slack.com/triggers/T1/1/x',
    `http://127.0.0.1:4600${path}`,
    `http://localhost${path}`,
    `http://[::1]:4600${path}`,
    `https://10.0.0.5:8080${path}`,
  ])('may be %s', (url) => {
    expect(webhookUrlProblem(url, hosts)).toBeUndefined()
    expect(isWebhookUrl(url, hosts)).toBe(true)
  })

  test.each<[string, RegExp]>([
    ['', /not a web address/],
    ['hooks.slack.com/services/T1/B1/x', /not a web address/],
    [`http://hooks.slack.com${path}`, /https, not http/],
    [`http://10.0.0.5:8080${path}`, /https, not http/],
    [`https://hooks.slack.com.evil.test${path}`, /The host hooks\.slack\.com\.evil\.test/],
    [`https://evil.test/https://hooks.slack.com${path}`, /The host evil\.test/],
    [`https://hooks.slack.com@evil.test${path}`, /user name/],
    [`https://user:pass@hooks.slack.com${path}`, /user name/],
    [`https://hooks.slack.com\\@evil.test${path}`, /path/],
    [`https://hooks.slack.com.${path}`, /The host/],
    [`https://xhooks.slack.com${path}`, /The host/],
    [`https://hooks.slack.com:8443${path}`, /The host hooks\.slack\.com:8443/],
    [`http://127.0.0.1:4601${path}`, /The host 127\.0\.0\.1:4601/],
    [`http://localhost:4600${path}`, /The host localhost:4600/],
    ['https://hooks.slack.com/commands/T1/1/x', /The path/],
    ['https://hooks.slack.com/services', /The path/],
    ['https://hooks.slack.com/services/', /The path/],
    ['https://hooks.slack.com/services/../commands/T1', /The path/],
    ['https://hooks.slack.com/services/%2e%2e/commands/T1', /The path/],
    ['https://hooks.slack.com/x/services/T1/B1/x', /The path/],
    ['https://hooks.slack.com/services/..%2f..%2fcommands/T1', /The path/],
    ['https://hooks.slack.com/services/T1/B1/x%0d%0ahost:evil', /The path/],
    ['javascript:alert(1)', /begins with https/],
    ['file:///services/T1/B1/x', /begins with https/],
    [`https://hooks.slack.com${path}${'x'.repeat(2_000)}`, /too long/],
  ])('is not %s', (url, reason) => {
    expect(webhookUrlProblem(url, hosts)).toMatch(reason)
    expect(isWebhookUrl(url, hosts)).toBe(false)
  })

  test.each([`http://127.0.0.1:4600${path}`, `https://10.0.0.5:8080${path}`, `http://localhost${path}`])(
    'is not %s while its host is not named',
    (url) => {
      expect(isWebhookUrl(url)).toBe(false)
    },
  )

  test('no reason quotes the secret part', () => {
    expect(webhookUrlProblem(`https://evil.test${path}`)).not.toContain('secret')
  })
})

test.each([
  ['https://hooks.slack.com/triggers/T1/1/x', true],
  ['https://hooks.slack.com/workflows/T1/1/x', true],
  [`https://hooks.slack.com${path}`, false],
  ['nonsense', false],
])('%s belongs to a workflow: %s', (url, is) => {
  expect(isWorkflowWebhook(url)).toBe(is)
})

test.each([
  ['localhost', true],
  ['api.localhost', true],
  ['127.9.9.9', true],
  ['[::1]', true],
  ['127.0.0.1.evil.test', false],
  ['localhost.evil.test', false],
  ['10.0.0.1', false],
])('%s is this machine: %s', (hostname, is) => {
  expect(isLoopback(hostname)).toBe(is)
})

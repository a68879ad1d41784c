import { expect, test } from 'vitest'
import { closest } from '../../../../server/lib/closest.ts'
import { readChannel } from '../../../../server/providers/slack/check/channel-name.ts'

test.each([
  ['C0COMPLIANC', 'C0COMPLIANC'],
  [' C0COMPLIANC ', 'C0COMPLIANC'],
  ['https://acme.slack.com/archives/C0COMPLIANC', 'C0COMPLIANC'],
  ['https://acme.slack.com/archives/C0COMPLIANC/p1700000000000000?thread_ts=1&cid=C0OTHER001', 'C0COMPLIANC'],
  ['https://app.slack.com/client/T0ACMEDEMO1/G0PRIVATE01', 'G0PRIVATE01'],
  ['<#C0COMPLIANC|compliance>', 'C0COMPLIANC'],
  ['<#C0COMPLIANC>', 'C0COMPLIANC'],
])('%s is the channel with the id %s', (text, id) => {
  expect(readChannel(text)).toEqual({ kind: 'id', id })
})

test.each([
  ['#compliance', 'compliance'],
  ['compliance', 'compliance'],
  ['Compliance', 'compliance'],
  ['#général', 'général'],
])('%s is the channel of the name %s', (text, name) => {
  expect(readChannel(text)).toEqual({ kind: 'name', name })
})

test.each([
  ['complaince', 'compliance'],
  ['compliance-alert', 'compliance-alerts'],
  ['security', 'security-alerts'],
  ['nothing-like-it', undefined],
])('whoever types %s probably means %s', (typed, meant) => {
  expect(closest(typed, ['general', 'compliance', 'compliance-alerts', 'security-alerts'])).toBe(meant)
})

import { expect, test } from 'vitest'
import { closest } from '../../../server/lib/closest.ts'

test.each([
  ['complaince', 'compliance'],
  ['compliance-alert', 'compliance-alerts'],
  ['security', 'security-alerts'],
  ['nothing-like-it', undefined],
])('whoever types %s probably means %s', (typed, meant) => {
  expect(closest(typed, ['general', 'compliance', 'compliance-alerts', 'security-alerts'])).toBe(meant)
})

import { expect, test } from 'vitest'
import { slackLink, slackPageLabel, slackPages } from '../../shared/slack-links.ts'

test.each([
  ['general', 'https://api.slack.com/apps/A0123456789/general'],
  ['oauth', 'https://api.slack.com/apps/A0123456789/oauth'],
  ['interactivity', 'https://api.slack.com/apps/A0123456789/interactive-messages'],
  ['commands', 'https://api.slack.com/apps/A0123456789/slash-commands'],
  ['webhooks', 'https://api.slack.com/apps/A0123456789/incoming-webhooks'],
  ['install', 'https://api.slack.com/apps/A0123456789/install-on-team'],
  ['status', 'https://slack-status.com'],
] as const)('the page %s of an app is at %s', (page, link) => {
  expect(slackLink(page, ' A0123456789 ')).toBe(link)
})

test.each([undefined, '', 'A', 'T0123456789', 'a0123456789', '../oauth', 'A0123456789/../..', 'A012345678?x=1'])(
  'with %j for an app ID the link goes to the list of apps',
  (appId) => {
    expect(slackLink('general', appId)).toBe('https://api.slack.com/apps')
  },
)

test.each(slackPages)('the page %s has a label', (page) => {
  expect(slackPageLabel(page)).toMatch(/^[A-Z]/)
})

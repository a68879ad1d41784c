import { expect, test } from 'vitest'
import { parseChannel } from '../../shared/channel-input.ts'

test.each([
  'C0AUDIT42',
  '#C0AUDIT42',
  '<#C0AUDIT42|audit-room>',
  'https://acme.slack.com/archives/C0AUDIT42',
  'https://acme.slack.com/archives/C0AUDIT42/p1700000000000100?thread_ts=1700000000.000100&cid=C0OTHER001',
  'acme.slack.com/archives/C0AUDIT42',
  'acme.enterprise.slack.com/archives/C0AUDIT42',
  'https://app.slack.com/client/T0ACME/C0AUDIT42',
  'app.slack.com/client/T0ACME/C0AUDIT42/thread/C0AUDIT42-1700000000.000100',
  'slack://channel?team=T0ACME&id=C0AUDIT42',
])('%s means the channel with that id', (typed) => {
  expect(parseChannel(typed)).toEqual({ kind: 'id', id: 'C0AUDIT42' })
})

test.each([
  'audit-room',
  '#audit-room',
  ' #Audit-Room ',
  '##audit-room',
  '＃audit-room',
  '"#audit-room"',
  '`audit-room`',
])('%s means the channel of that name', (typed) => {
  expect(parseChannel(typed)).toEqual({ kind: 'name', name: 'audit-room' })
})

test.each(['D0AUDIT42', 'https://acme.slack.com/archives/D0AUDIT42', 'slack://channel?team=T0ACME&id=D0AUDIT42'])(
  '%s is a direct message',
  (typed) => {
    expect(parseChannel(typed)).toEqual({ kind: 'direct_message', id: 'D0AUDIT42' })
  },
)

test.each(['https://acme.slack.com/team/W0KIM', 'slack://open', 'https://'])('%s names no channel', (typed) => {
  expect(parseChannel(typed)).toEqual({ kind: 'name', name: typed })
})

import { describe, expect, test } from 'vitest'
import * as invocations from '../../../client/commands/filter.ts'
import { fromChips, readFilter, toChips } from '../../../client/deliveries/filter.ts'

const names = {
  integrations: [{ id: 'int_1', name: 'Acme production' }],
  destinations: [
    { id: 'dst_1', name: '#compliance', integrationId: 'int_2' },
    { id: 'dst_2', name: '#compliance', integrationId: 'int_1' },
  ],
}

describe('the filter of deliveries', () => {
  test.each([
    'state=failed%2Cheld&integrationId=int_1&destinationId=dst_2&code=is_archived',
    'method=webhook&search=leaked+key',
    'by=ended&from=2026-11-24T10%3A00%3A00.000Z&to=2026-11-24T10%3A30%3A00.000Z',
    'from=2026-11-24T10%3A00%3A00.000Z',
    'integrationId=int_gone',
    'type=security.key_leaked&recipient=kim%40acme.example&eventId=evt_1&replayId=rpl_1&mark=maybe_sent',
    'state=held&destinationId=dst_2',
  ])('%s reads the same after a way through its chips', (query) => {
    const filter = readFilter(new URLSearchParams(query))

    expect(fromChips(toChips(filter, names), filter, names)).toEqual(filter)
  })

  test('chips show names in place of ids', () => {
    const { chips } = toChips({ state: 'failed,held', integrationId: 'int_1', destinationId: 'dst_2' }, names)

    expect(chips).toEqual([
      { key: 'state', value: 'failed, held' },
      { key: 'integration', value: 'Acme production' },
      { key: 'destination', value: '#compliance' },
    ])
  })

  test('a state typed after another one is looked for as well, one that does not exist is left out', () => {
    const chips = ['failed', 'held', 'lost'].map((value) => ({ key: 'state', value }))

    expect(fromChips({ chips, text: '' }, {}, names)).toEqual({ state: 'failed,held' })
  })

  test('people type the words for an event and a replay, and a mark that does not exist is left out', () => {
    const chips = ['event:evt_1', 'replay:rpl_1', 'mark:lost'].map((word) => {
      const [key = '', value = ''] = word.split(':')
      return { key, value }
    })

    expect(fromChips({ chips, text: '' }, {}, names)).toEqual({ eventId: 'evt_1', replayId: 'rpl_1' })
  })

  test('of two destinations with one name, the one of the chosen integration is meant', () => {
    const chips = [
      { key: 'integration', value: 'Acme production' },
      { key: 'destination', value: '#compliance' },
    ]

    expect(fromChips({ chips, text: '' }, {}, names)).toEqual({ integrationId: 'int_1', destinationId: 'dst_2' })
  })

  test('taking the chip of a window away takes its instants and what they speak of', () => {
    const before = { by: 'ended', from: '2026-11-24T10:00:00.000Z', code: 'is_archived' }
    const { chips } = toChips(before, names)

    const after = fromChips({ chips: chips.filter(({ key }) => key !== 'ended'), text: '' }, before, names)

    expect(after).toEqual({ code: 'is_archived' })
  })
})

describe('the filter of uses', () => {
  test.each(['integrationId=int_1&command=%2Fswitchboard&outcome=failed', 'from=2026-11-24T10%3A00%3A00.000Z'])(
    '%s reads the same after a way through its chips',
    (query) => {
      const filter = invocations.readFilter(new URLSearchParams(query))

      const { integrations } = names
      expect(invocations.fromChips(invocations.toChips(filter, integrations), filter, integrations)).toEqual(filter)
    },
  )

  test('an outcome that does not exist is not asked for', () => {
    expect(invocations.readFilter(new URLSearchParams('outcome=lost'))).toEqual({})
  })
})

import { describe, expect, test } from 'vitest'
import { countNew, type LogPages, withTold } from '../../../client/deliveries/told-rows.ts'
import type { DeliverySummary } from '../../../shared/deliveries.ts'

const row = (number: number, change: Partial<DeliverySummary> = {}): DeliverySummary => ({
  id: `dlv_${number}`,
  integrationId: 'int_1',
  integrationName: 'Acme production',
  destination: { id: 'dst_1', kind: 'channel', name: '#compliance' },
  origin: 'event',
  title: `Message ${number}`,
  state: 'pending',
  priority: 'normal',
  createdAt: `2026-11-26T10:00:0${number}.000Z`,
  tries: 0,
  action: 'post',
  ...change,
})
const listOf = (...pages: DeliverySummary[][]): LogPages => ({
  pages: pages.map((items, at) => ({ items, ...(at < pages.length - 1 && { next: `after ${at}` }) })),
  pageParams: pages.map((_, at) => (at === 0 ? '' : `after ${at - 1}`)),
})
const idsOf = ({ pages }: LogPages) => pages.map(({ items }) => items.map(({ id }) => id))

describe('what the live view tells', () => {
  test('changes a row where it stands', () => {
    const after = withTold(listOf([row(3), row(2)]), [row(2, { state: 'delivered' })], {})

    expect(idsOf(after)).toEqual([['dlv_3', 'dlv_2']])
    expect(after.pages[0]?.items[1]?.state).toBe('delivered')
  })

  test('puts what is new before what is older, on whatever page that is', () => {
    const after = withTold(listOf([row(8), row(6)], [row(4), row(2)]), [row(9), row(3), row(7)], {})

    expect(idsOf(after)).toEqual([
      ['dlv_9', 'dlv_8', 'dlv_7', 'dlv_6'],
      ['dlv_4', 'dlv_3', 'dlv_2'],
    ])
  })

  test('leaves what is older than all that is loaded to the pages that are not', () => {
    const log = listOf([row(8)], [row(6)])
    const [first] = log.pages

    expect(idsOf(withTold({ pages: first ? [first] : [], pageParams: [''] }, [row(1)], {}))).toEqual([['dlv_8']])
  })

  test('leaves out what was accepted before the window', () => {
    const after = withTold(listOf([row(8)]), [row(5)], { from: '2026-11-26T10:00:06.000Z' })

    expect(idsOf(after)).toEqual([['dlv_8']])
  })

  test('does not change the list that was there', () => {
    const log = listOf([row(2)])

    withTold(log, [row(3)], {})

    expect(idsOf(log)).toEqual([['dlv_2']])
  })

  test('is counted once however often one changed, without what the list holds', () => {
    expect(countNew([row(1)], [row(1), row(2), row(2, { state: 'delivered' }), row(3)])).toBe(2)
  })
})

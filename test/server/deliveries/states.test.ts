import { expect, test } from 'vitest'
import {
  canChange,
  cancellableStates,
  endedStates,
  replayableStates,
  stateChanges,
} from '../../../server/deliveries/states.ts'
import { deliveryStates } from '../../../shared/deliveries.ts'

test('what has ended never changes again', () => {
  for (const from of endedStates) for (const to of deliveryStates) expect(canChange(from, to)).toBe(false)
})

test('only a worker that claimed a delivery, or looked for it, says that it has to be tried again or looked for', () => {
  const before = (state: string) => stateChanges.filter(({ to }) => to === state).map(({ from }) => from)

  expect(before('retrying').sort()).toEqual(['sending', 'unconfirmed'])
  expect(before('unconfirmed')).toEqual(['sending'])
})

test('each change stands in the table once and says why', () => {
  const pairs = stateChanges.map(({ from, to }) => `${from} ${to}`)

  expect(new Set(pairs).size).toBe(pairs.length)
  expect(stateChanges.filter(({ because }) => because.length < 10)).toEqual([])
})

test('whatever still waits can be cancelled, and every state can be reached', () => {
  for (const from of cancellableStates) expect(canChange(from, 'cancelled')).toBe(true)
  const reached = new Set(['pending'])
  for (let round = 0; round < deliveryStates.length; round += 1) {
    for (const { from, to } of stateChanges) if (reached.has(from)) reached.add(to)
  }
  expect(deliveryStates.filter((state) => !reached.has(state))).toEqual([])
})

test('a replay is for what ended without arriving', () => {
  expect(replayableStates).toEqual(['failed', 'unconfirmed', 'cancelled', 'suppressed'])
})

import { describe, expect, test } from 'vitest'
import {
  ACCOUNT_EVERYWHERE_LIMIT,
  ACCOUNT_LIMIT,
  ADDRESS_LIMIT,
  afterFailure,
  type Failures,
  waitMs,
} from '../../../server/users/attempt-limits.ts'
import { ENGINES } from '../../support/each-store.ts'
import { PASSWORD, startPeople } from './people-server.ts'

const from = (address: string) => ({ 'x-forwarded-for': address })

describe('how long a guesser waits', () => {
  const failed = (failures: number): Failures => ({ failures, firstAt: 0, lastAt: 0 })

  test.each([
    [4, 0],
    [5, 30_000],
    [6, 60_000],
    [7, 120_000],
    [8, 240_000],
    [9, 480_000],
    [10, 900_000],
    [500, 900_000],
  ])('after %i failures of an account the wait is %i ms', (failures, wait) => {
    expect(waitMs(ACCOUNT_LIMIT, failed(failures), 0)).toBe(wait)
  })

  test('the wait runs out to the millisecond', () => {
    expect(waitMs(ACCOUNT_LIMIT, failed(5), 29_999)).toBe(1)
    expect(waitMs(ACCOUNT_LIMIT, failed(5), 30_000)).toBe(0)
  })

  test('a quarter of an hour without failures makes an account new', () => {
    const once = afterFailure(ACCOUNT_LIMIT, failed(9), 900_000)

    expect(once.failures).toBe(1)
  })

  test('an address is counted over a quarter of an hour from its first failure', () => {
    expect(waitMs(ADDRESS_LIMIT, { failures: 29, firstAt: 0, lastAt: 0 }, 0)).toBe(0)
    expect(waitMs(ADDRESS_LIMIT, { failures: 30, firstAt: 0, lastAt: 899_000 }, 899_000)).toBe(30_000)
    expect(waitMs(ADDRESS_LIMIT, { failures: 30, firstAt: 0, lastAt: 899_000 }, 900_000)).toBe(0)
  })

  test('the cap over all addresses never makes an account wait longer than a minute', () => {
    expect(waitMs(ACCOUNT_EVERYWHERE_LIMIT, failed(10_000), 0)).toBe(60_000)
  })
})

test.each(ENGINES)(
  'after five wrong passwords even the right one waits, and longer each time, on %s',
  async (engine) => {
    await using people = await startPeople({ engine })
    await people.setUp()
    for (let tries = 0; tries < 5; tries += 1) {
      expect((await people.signIn('ada@acme.example', 'wrong password')).status).toBe(401)
    }

    const held = await people.signIn('ada@acme.example')
    expect(held).toMatchObject({ status: 429, headers: { 'retry-after': '30' }, body: { error: { code: 'too_many' } } })

    people.clock.now += 30_000
    expect((await people.signIn('ada@acme.example', 'wrong password')).status).toBe(401)
    expect((await people.signIn('ada@acme.example')).headers['retry-after']).toBe('60')

    people.clock.now += 60_000
    expect((await people.signIn('ada@acme.example')).status).toBe(200)
  },
)

test('a success clears the count of the account', async () => {
  await using people = await startPeople()
  await people.setUp()
  for (let tries = 0; tries < 4; tries += 1) await people.signIn('ada@acme.example', 'wrong password')
  await people.signIn('ada@acme.example')

  for (let tries = 0; tries < 4; tries += 1) await people.signIn('ada@acme.example', 'wrong password')

  expect((await people.signIn('ada@acme.example')).status).toBe(200)
})

test('guesses made at once are all counted', async () => {
  await using people = await startPeople()
  await people.setUp()

  const all = await Promise.all(Array.from({ length: 20 }, () => people.signIn('ada@acme.example', 'wrong password')))

  expect(all.filter(({ status }) => status === 401)).toHaveLength(5)
  expect(all.filter(({ status }) => status === 429)).toHaveLength(15)
})

test('many who sign in at once with the right password all get in, and a wrong one among them does not change that', async () => {
  await using people = await startPeople()
  await people.setUp()

  const right = Array.from({ length: 45 }, () => people.signIn('ada@acme.example'))
  const wrong = Array.from({ length: 4 }, () => people.signIn('nobody@acme.example', 'wrong password'))
  const all = await Promise.all([...right, ...wrong])

  expect(all.slice(0, 45).filter(({ status }) => status !== 200)).toEqual([])
  expect(all.slice(45).map(({ status }) => status)).toEqual([401, 401, 401, 401])
}, 60_000)

test('an account nobody has is held off like any other', async () => {
  await using people = await startPeople()
  for (let tries = 0; tries < 5; tries += 1) await people.signIn('nobody@acme.example', 'wrong password')

  expect((await people.signIn('nobody@acme.example')).status).toBe(429)
})

test('one address may fail thirty times over all accounts', async () => {
  await using people = await startPeople({ proxyHops: 1 })
  const guess = (name: string, address: string) => people.signIn(`${name}@acme.example`, 'wrong', from(address))
  for (let tries = 0; tries < 30; tries += 1) {
    expect((await guess(`name${tries}`, '198.51.100.7')).status).toBe(401)
  }

  expect((await guess('other', '198.51.100.7')).status).toBe(429)
  expect((await guess('other', '203.0.113.7')).status).toBe(401)
})

test('who guesses at an admin from elsewhere does not lock the admin out', async () => {
  await using people = await startPeople({ proxyHops: 1 })
  await people.setUp()
  for (let tries = 0; tries < 12; tries += 1) {
    await people.signIn('ada@acme.example', 'wrong', from('198.51.100.7'))
  }

  expect((await people.signIn('ada@acme.example', PASSWORD, from('198.51.100.9'))).status).toBe(429)
  expect((await people.signIn('ada@acme.example', PASSWORD, from('203.0.113.7'))).status).toBe(200)
})

test('a crowd of addresses is slowed down, but not someone who has a session from their network', async () => {
  await using people = await startPeople({ proxyHops: 1 })
  await people.setUp()
  await people.signIn('ada@acme.example', PASSWORD, from('203.0.113.7'))
  for (let tries = 0; tries < 50; tries += 1) {
    await people.signIn('ada@acme.example', 'wrong', from(`10.1.${tries}.1`))
  }

  expect((await people.signIn('ada@acme.example', 'wrong', from('10.2.1.1'))).status).toBe(429)
  expect((await people.signIn('ada@acme.example', PASSWORD, from('203.0.113.200'))).status).toBe(200)
})

test('without a proxy of ours, X-Forwarded-For changes nothing', async () => {
  await using people = await startPeople()
  await people.setUp()
  for (let tries = 0; tries < 5; tries += 1) {
    await people.signIn('ada@acme.example', 'wrong', from(`198.51.${tries}.7`))
  }

  expect((await people.signIn('ada@acme.example', PASSWORD, from('203.0.113.7'))).status).toBe(429)
})

test('behind one proxy, what the client wrote before the proxy’s entry changes nothing', async () => {
  await using people = await startPeople({ proxyHops: 1 })
  await people.setUp()
  for (let tries = 0; tries < 5; tries += 1) {
    await people.signIn('ada@acme.example', 'wrong', from(`10.${tries}.0.1, 198.51.100.7`))
  }

  const smuggled = await people.signIn('ada@acme.example', PASSWORD, from('203.0.113.7, 198.51.100.7'))

  expect(smuggled.status).toBe(429)
})

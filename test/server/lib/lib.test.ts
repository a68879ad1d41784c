import { describe, expect, test } from 'vitest'
import { groupCommit } from '../../../server/lib/group-commit.ts'
import { drawAhead, makeNewId } from '../../../server/lib/ids.ts'
import { toPage } from '../../../server/lib/paging.ts'
import { redactSecrets } from '../../../server/lib/redact.ts'
import { repeat } from '../../../server/lib/repeat.ts'

describe('ids', () => {
  test('sort in the order they were made, inside one millisecond too', () => {
    const newId = makeNewId(
      () => 1_764_000_000_000,
      (length) => new Uint8Array(length).fill(31),
    )

    const ids = Array.from({ length: 2_000 }, () => newId('dlv'))

    expect([...ids].sort()).toEqual(ids)
    expect(new Set(ids).size).toBe(2_000)
    expect(ids[0]).toMatch(/^dlv_[0-9a-z]{22}$/)
  })

  test('keep their order when the clock is set back', () => {
    let now = 2_000
    const newId = makeNewId(
      () => now,
      (length) => new Uint8Array(length),
    )
    const before = newId('dlv')

    now = 1_000

    expect(newId('dlv') > before).toBe(true)
  })

  test('are drawn ahead so that no byte is given out twice', () => {
    const asked: number[] = []
    let next = 0
    const draw = drawAhead((length) => {
      asked.push(length)
      return Uint8Array.from({ length }, () => next++ % 256)
    })

    const parts = Array.from({ length: 1_000 }, () => [...draw(12)])

    const isNext = (byte: number, place: number, all: number[]) =>
      place === 0 || byte === ((all[place - 1] ?? 0) + 1) % 256
    expect(parts.every((part) => part.length === 12)).toBe(true)
    expect(parts.slice(0, 300).flat().every(isNext)).toBe(true)
    expect(asked.length).toBeLessThan(5)
    expect([...draw(5_000)]).toHaveLength(5_000)
  })
})

describe('group commit', () => {
  test('callers of one turn share one commit and each gets its own answer', async () => {
    const groups: number[][] = []
    const commit = groupCommit<number, number>(async (items) => {
      groups.push(items)
      return items.map((item) => item * 10)
    }, 100)

    const answers = await Promise.all([1, 2, 3].map(commit))

    expect(answers).toEqual([10, 20, 30])
    expect(groups).toEqual([[1, 2, 3]])
  })

  test('those who come while a commit is under way wait for the next', async () => {
    const groups: number[][] = []
    const release: (() => void)[] = []
    const commit = groupCommit<number, number>(async (items) => {
      groups.push(items)
      if (groups.length === 1) await new Promise<void>((resolve) => release.push(resolve))
      return items
    }, 2)
    const first = commit(1)
    await new Promise((resolve) => setImmediate(resolve))

    const later = [commit(2), commit(3), commit(4)]
    release[0]?.()
    await Promise.all([first, ...later])

    expect(groups).toEqual([[1], [2, 3], [4]])
  })

  test('a failed commit fails its own callers and nobody else', async () => {
    const commit = groupCommit<string, string>(async (items) => {
      if (items.includes('bad')) throw new Error('disk full')
      return items
    }, 1)

    const [good, bad, next] = await Promise.allSettled([commit('good'), commit('bad'), commit('next')])

    expect([good.status, bad.status, next.status]).toEqual(['fulfilled', 'rejected', 'fulfilled'])
  })
})

describe('a repeated work', () => {
  test('is never run twice at once, and a nudge during a run causes one more', async () => {
    let running = 0
    let most = 0
    let runs = 0
    let release: () => void = () => {}
    const loop = repeat(
      async () => {
        running += 1
        runs += 1
        most = Math.max(most, running)
        await new Promise<void>((resolve) => {
          release = resolve
        })
        running -= 1
        return undefined
      },
      60_000,
      () => {},
    )

    loop.nudge()
    loop.nudge()
    release()
    await new Promise((resolve) => setImmediate(resolve))
    expect(runs).toBe(2)
    const stopped = loop.stop()
    release()
    await stopped

    expect({ most, running }).toEqual({ most: 1, running: 0 })
  })

  test('goes on after a failure, which it reports', async () => {
    const errors: unknown[] = []
    let runs = 0
    const loop = repeat(
      async () => {
        runs += 1
        if (runs === 1) throw new Error('once')
        return undefined
      },
      60_000,
      (error) => errors.push(error),
    )
    await new Promise((resolve) => setImmediate(resolve))

    loop.nudge()
    await loop.stop()

    expect({ runs, errors: errors.length }).toEqual({ runs: 2, errors: 1 })
  })
})

describe('redaction', () => {
  test.each([
    ['xoxb-1234567890-1234567890123-AbCdEfGhIjKlMnOpQrStUvWx'],
    ['xoxe.xoxb-1-Mi0yLTEyMzQ1Njc4OTAxMjM0NTY3ODkw'],
    ['xapp-1-A0123456789-1234567890123-0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef'],
    ['sk_abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG'],
  ])('takes %s out of any text', (secret) => {
    const clean = JSON.stringify(redactSecrets({ deep: [{ line: `it says ${secret} here` }] }))

    expect(clean).not.toContain(secret.slice(8))
  })

  test('hides the address that Slack gives out for a file, whole or in an answer that broke off', () => {
    const url = 'https://files.slack.com/upload/v1/CwABAAAAXAoAAVnX19YVmJaZ'
    const cutOff = `{"ok":true,"upload_url":"${url.replaceAll('/', '\\/')}","fil`

    for (const value of [{ upload_url: url }, { text: `it says ${url}` }, cutOff]) {
      expect(JSON.stringify(redactSecrets(value))).not.toContain('CwABAAAAXAoA')
    }
  })

  test('keeps the workspace of a webhook and hides its secret', () => {
    expect(redactSecrets('https://hooks.slack.com/services/T012AB/B034CD/AbCdEfGhIjKlMnOpQrStUvWx')).toBe(
      'https://hooks.slack.com/services/T012AB/B034CD/[removed]',
    )
  })

  test('takes credentials out of a header and leaves the name of a page that only begins alike', () => {
    const clean = redactSecrets(['authorization: Basic dXNlcjpwYXNzd29yZA==', 'Copy it under Basic Information.'])

    expect(clean).toEqual(['authorization: Basic [removed]', 'Copy it under Basic Information.'])
  })

  test('hides known secrets of no known shape, and fields that are secrets by name', () => {
    const clean = redactSecrets({ password: 'pw', note: 'got 8f742231b10e here', code: 'invalid_auth' }, [
      '8f742231b10e',
    ])

    expect(clean).toEqual({ password: '[removed]', note: 'got [removed] here', code: 'invalid_auth' })
  })

  test('gives back what holds no secret as it is, without a copy', () => {
    const answer = { ok: true, message: { blocks: [{ text: 'All is well' }] } }

    expect(redactSecrets(answer, ['8f742231b10e'])).toBe(answer)
  })

  test.each(['\n', '\t', '"', '\\', '\u0001', 'é', '/'])(
    'is not thrown off by %j beside a secret, or inside one',
    (odd) => {
      const token = 'xoxb-1234567890-AbCdEfGhIjKl'
      const known = `p${odd}ssw${odd}rd`

      const clean = redactSecrets({ text: `${odd}${token}${odd}${known}${odd}` }, [known]) as { text: string }

      expect(clean.text).not.toContain('AbCdEf')
      expect(clean.text).not.toContain(known)
    },
  )

  test('is no less where the JSON is at hand already', () => {
    const value = { url: 'https://hooks.slack.com/services/T012AB/B034CD/AbCdEfGhIjKlMnOpQrStUvWx' }

    expect(JSON.stringify(redactSecrets(value, [], JSON.stringify(value)))).not.toContain('AbCdEf')
  })

  test('ends where a value turns back on itself', () => {
    const circle: Record<string, unknown> = { token: 'abcdef' }
    circle.again = circle

    expect(JSON.stringify(redactSecrets(circle))).toContain('too deep')
  })
})

test('a page says what comes next only when something does', () => {
  const rows = [{ id: 'a' }, { id: 'b' }, { id: 'c' }]

  expect(toPage(rows, 2, ({ id }) => id)).toEqual({ items: ['a', 'b'], next: 'b' })
  expect(toPage(rows, 3, ({ id }) => id)).toEqual({ items: ['a', 'b', 'c'] })
})

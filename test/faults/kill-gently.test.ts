import { once } from 'node:events'
import { connect } from 'node:net'
import { afterAll, expect, test } from 'vitest'
import { endPrograms, startProgram } from '../support/program.ts'

afterAll(endPrograms)

test('a program told to end does not wait for connections on which nothing was ever asked', async () => {
  const program = await startProgram()
  const { hostname, port } = new URL(program.url)
  // As browsers open them ahead of need.
  const silent = connect(Number(port), hostname)
  await once(silent, 'connect')
  const askedAt = performance.now()

  const code = await program.stop()

  expect(code).toBe(0)
  expect(performance.now() - askedAt).toBeLessThan(8_000)
  silent.destroy()
})

import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { expect, test } from 'vitest'
import { runSimulator } from '../../../server/simulator/main.ts'

const MAIN = new URL('../../../server/simulator/main.ts', import.meta.url).href

test.each([
  [{ seed: 'huge' }, '--seed: one of acme, large, empty'],
  [{ port: 'http' }, '--port: a port number'],
  [{ pace: 'warp' }, '--pace: one of slack, fast'],
])('%j is refused by its option', async (options, sentence) => {
  await expect(runSimulator(options)).rejects.toThrow(sentence)
})

test('it says how to reach it, and ends cleanly when asked to', async () => {
  const source = `(await import(${JSON.stringify(MAIN)})).runSimulator({ port: '0', pace: 'fast' })`
  const child = spawn(process.execPath, ['--input-type=module', '--eval', source], {
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const exited = once(child, 'exit')
  let output = ''
  for await (const chunk of child.stdout.setEncoding('utf8')) {
    output += chunk
    if (output.includes('#compliance-reports')) break
  }

  const url = /Slack simulator at (\S+)/.exec(output)?.[1] ?? ''
  const answer = await fetch(`${url}/api/api.test`, { method: 'POST' })
  child.kill('SIGTERM')
  const [code] = await exited

  expect((await answer.json()).ok).toBe(true)
  expect(output).toContain(`SLACK_API_URL=${url}/api/ SLACK_WEBHOOK_HOSTS=${new URL(url).host}`)
  expect(output).toContain('bot token        xoxb-')
  expect(code).toBe(0)
})

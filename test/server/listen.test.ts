import { expect, test } from 'vitest'
import { listen } from '../../server/listen.ts'
import { ErrorAnswer } from '../../shared/refusals.ts'

test('until the app stands, whoever asks is told so and when to come back', async () => {
  const { url, close } = await listen({ host: '127.0.0.1', port: 0 })
  try {
    const answer = await fetch(`${url}/api/events`, { method: 'POST', body: '{}' })

    expect(answer.status).toBe(503)
    expect(answer.headers.get('retry-after')).toBe('1')
    expect(ErrorAnswer.parse(await answer.json()).error).toMatchObject({
      code: 'unavailable',
      message: 'Switchboard is starting.',
    })
  } finally {
    await close()
  }
})

import { expect, test } from 'vitest'
import { newRoutes, refusalOf, z } from '../../../server/lib/routes.ts'

const refused = (schema: z.ZodType, value: unknown) => {
  const { error } = schema.safeParse(value)
  if (!error) throw new Error('it fits')
  const { message, field } = refusalOf(error)
  return { message, field }
}

test('a refused value is told by its field and in plain words', () => {
  const schema = z.object({ state: z.array(z.enum(['pending', 'failed'])) })

  expect(refused(schema, { state: ['gone'] })).toEqual({
    message: 'state.0: This has to be one of pending, failed.',
    field: 'state.0',
  })
  expect(refused(schema, {})).toEqual({ message: 'state: This is missing; it has to be a list.', field: 'state' })
  expect(refused(schema, [])).toEqual({ message: 'This has to be an object, not a list.', field: undefined })
})

test('of several forms the one that was meant is told', () => {
  const schema = z.object({ to: z.union([z.string(), z.object({ channel: z.string().max(3) })]) })

  expect(refused(schema, { to: { channel: 'long' } })).toEqual({
    message: 'to.channel: At most 3 characters; this has 4.',
    field: 'to.channel',
  })
  expect(refused(schema, { to: 5 })).toEqual({
    message: 'to: This has to be a text or an object, not a number.',
    field: 'to',
  })
})

test('a route refuses a query that does not fit in these words', async () => {
  const routes = newRoutes()
  const query = z.object({ limit: z.coerce.number().max(200) })
  routes.openapi({ method: 'get', path: '/', request: { query }, responses: {} }, (c) => c.text('fits') as never)
  const refusals: unknown[] = []
  routes.onError((error, c) => {
    refusals.push(error.message)
    return c.text('refused', 422)
  })

  await routes.request('/?limit=many')
  await routes.request('/?limit=201')

  expect(refusals).toEqual(['limit: This has to be a number.', 'limit: At most 200.'])
})

import { expect, test } from 'vitest'
import { type AccessRow, accessTable, includesRole } from '../../../server/users/access.ts'
import { roles, scopes } from '../../../shared/users.ts'
import { type Answer, type Caller, startWorld } from '../../support/world.ts'

/** A stream that is let through would not end: it is asked for what its route refuses. */
const address = ({ path }: AccessRow) =>
  path.endsWith('/stream') ? `${path}?state=none` : path.replace(/\{(\w+)\}/g, (_, name: string) => `no_such_${name}`)

function ask(caller: Caller, row: AccessRow): Promise<Answer> {
  switch (row.method) {
    case 'GET':
      return caller.get(address(row))
    case 'POST':
      return caller.post(address(row))
    case 'PUT':
      return caller.put(address(row), {})
    case 'PATCH':
      return caller.patch(address(row), {})
    case 'DELETE':
      return caller.delete(address(row))
  }
}

/** What the guard said; a refusal by the route itself (not found, not valid) means it was let through. */
function verdict({ status, body }: Answer): 'passed' | 'broke' | 'unauthenticated' | 'role' | 'scope' | 'no key' {
  if (status === 500) return 'broke'
  if (status === 401) return 'unauthenticated'
  const said = status === 403 && body.error?.code === 'forbidden' ? String(body.error.message) : ''
  if (said.startsWith('This needs the role')) return 'role'
  if (said.startsWith('This needs an API key')) return 'scope'
  return said.startsWith('This is done by a person') ? 'no key' : 'passed'
}

const closed = accessTable.filter((row) => !('open' in row))

test('the mounted routes and the access table are the same list', async () => {
  await using world = await startWorld()
  const document = (await world.anonymous.get('/api/openapi.json')).body
  const mounted = Object.entries(document.paths).flatMap(([path, operations]) =>
    Object.keys(operations as object).map((method) => `${method.toUpperCase()} ${path}`),
  )
  const handled = new Set(
    world.app.routes
      .filter(({ method }) => method !== 'ALL')
      .map(({ method, path }) => `${method} ${path.replace(/:(\w+)(\{[^}]*\})?/g, '{$1}')}`),
  )

  const rows = accessTable.map(({ method, path }) => `${method} ${path}`)

  expect(mounted.filter((each) => !rows.includes(each))).toEqual([])
  expect(rows.filter((each) => !handled.has(each))).toEqual([])
})

test('nobody gets past the guard but where the table says open', async () => {
  await using world = await startWorld()

  for (const row of closed) {
    expect({ row, said: verdict(await ask(world.anonymous, row)) }).toEqual({ row, said: 'unauthenticated' })
  }
})

test.each(roles)('a person with the role %s gets where it leads and no further', async (role) => {
  await using world = await startWorld()
  const caller = await world.as(role)

  for (const row of closed) {
    if ('open' in row) continue
    const said = verdict(await ask(caller, row))
    expect({ row, said }).toEqual({ row, said: includesRole(role, row.role) ? 'passed' : 'role' })
  }
})

test.each(scopes)('a key with the scope %s gets where it leads and no further', async (scope) => {
  await using world = await startWorld()
  const caller = await world.withKey([scope])

  for (const row of closed) {
    if ('open' in row) continue
    const said = verdict(await ask(caller, row))
    const expected = row.scope === null ? 'no key' : row.scope === scope ? 'passed' : 'scope'
    expect({ row, said }).toEqual({ row, said: expected })
  }
})

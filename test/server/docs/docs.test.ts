import { describe, expect, test } from 'vitest'
import { accessTable } from '../../../server/users/access.ts'
import { startPeople } from '../users/people-server.ts'

// biome-ignore lint/suspicious/noExplicitAny: a document is looked at wherever the test wants
async function documentOf(): Promise<any> {
  await using people = await startPeople()
  return (await people.ask('GET', '/api/openapi.json')).body
}

test('the document names every mounted route, who may ask it and how it refuses', async () => {
  const document = await documentOf()

  expect(document.openapi).toBe('3.1.0')
  const change = document.paths['/api/users/{id}'].patch
  expect(change.security).toEqual([{ session: [] }])
  expect(change.description).toContain('For a person with the role **admin**; no API key may ask this.')
  expect(Object.keys(change.responses)).toEqual(
    expect.arrayContaining(['200', '400', '401', '403', '404', '413', '415', '422', '500']),
  )
  const audit = document.paths['/api/audit'].get
  expect(audit.security).toEqual([{ session: [] }, { apiKey: ['audit:read'] }])
  expect(document.paths['/api/auth/sign-in/email'].post.security).toEqual([])
  expect(document.paths['/api/auth/sign-in/email'].post.responses['429']).toBeDefined()
  expect(document.components.schemas.Error.properties.error).toBeDefined()
})

test('every operation of it has a row in the access table, and an id of its own', async () => {
  const document = await documentOf()
  const operations = Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.entries(methods as Record<string, { operationId: string }>).map(([method, { operationId }]) => ({
      asked: `${method.toUpperCase()} ${path}`,
      operationId,
    })),
  )

  const rows = new Set(accessTable.map(({ method, path }) => `${method} ${path}`))

  expect(operations.filter(({ asked }) => !rows.has(asked))).toEqual([])
  expect(new Set(operations.map(({ operationId }) => operationId)).size).toBe(operations.length)
})

describe('the page', () => {
  test('and its files come from here, and nothing inline needs leave', async () => {
    await using people = await startPeople()

    const page = await people.ask('GET', '/api/docs')

    expect(page.status).toBe(200)
    expect(page.text).toContain('<title>Switchboard API</title>')
    expect(page.text).not.toMatch(/<script>|<style>|\sstyle=|\son\w+=|https?:/)
    const files = [...page.text.matchAll(/(?:src|href)="(\/api\/docs\/[^"]+)"/g)].map(([, file]) => file ?? '')
    expect(files).toHaveLength(4)
    for (const file of files) {
      const { status, headers } = await people.ask('GET', file)
      expect({ file, status }).toEqual({ file, status: 200 })
      expect(headers['content-type']).toMatch(file.endsWith('.css') ? /^text\/css/ : /^text\/javascript/)
    }
    expect(page.headers['content-security-policy']).not.toContain('unsafe')
  })

  test.each(['/api/docs/index.html', '/api/docs/..%2fhttp.ts', '/api/docs/constructor'])('%s is 404', async (path) => {
    await using people = await startPeople()

    expect((await people.ask('GET', path)).status).toBe(404)
  })
})

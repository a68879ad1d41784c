import { expect, test } from 'vitest'
import { listEntries } from '../../../server/audit/store.ts'
import { findSigningSecret, openConnection } from '../../../server/integrations/credentials.ts'
import { listCredentials } from '../../../server/integrations/store.ts'
import { Integration } from '../../../shared/integrations.ts'
import { Manifest } from '../../../shared/manifest.ts'
import { startSlice } from './slice.ts'

test('a new integration is answered with fingerprints and addresses, and with no secret', async () => {
  await using slice = await startSlice()
  const draft = await slice.draft()

  const made = await slice.call('POST', '/api/integrations', draft)

  expect(made.status).toBe(201)
  expect(Integration.parse(made.body)).toMatchObject({
    name: 'Acme production',
    state: 'untested',
    destinations: 0,
    notes: [],
    credentials: { botToken: { shown: `xoxb •••• ${draft.botToken?.slice(-4)}`, setBy: 'Kim Park' } },
    addresses: [
      { surface: 'commands', url: `${slice.url}/slack/${made.body.id}/commands` },
      { surface: 'interactions', url: `${slice.url}/slack/${made.body.id}/interactions` },
    ],
  })
  const stored = JSON.stringify(await listCredentials(slice.db, [made.body.id]))
  const answers = [
    made,
    await slice.call('GET', `/api/integrations/${made.body.id}`),
    await slice.call('GET', '/api/integrations'),
  ]
  for (const secret of [draft.clientSecret, draft.signingSecret, draft.botToken, draft.appToken]) {
    expect(stored).not.toContain(secret)
    for (const { text } of answers) expect(text).not.toContain(secret)
  }
})

test.each(['appId', 'clientId'] as const)(
  'a secret in the place of the %s, which everybody sees, is not kept',
  async (field) => {
    await using slice = await startSlice()
    const draft = await slice.draft()

    for (const secret of [draft.signingSecret, draft.botToken]) {
      const answer = await slice.call('POST', '/api/integrations', { ...draft, [field]: secret })

      expect(answer.status).toBe(422)
      expect(answer.body.error).toMatchObject({ field })
      expect(answer.text).not.toContain(secret)
    }
  },
)

test('a token for a name, which everybody sees, is not kept', async () => {
  await using slice = await startSlice()
  const draft = await slice.draft()

  const answer = await slice.call('POST', '/api/integrations', { ...draft, name: draft.botToken })

  expect(answer).toMatchObject({ status: 422, body: { error: { field: 'name' } } })
  expect(answer.text).not.toContain(draft.botToken)
})

test('a field that does not exist is refused by its name', async () => {
  await using slice = await startSlice()

  const answer = await slice.call('POST', '/api/integrations', { ...(await slice.draft()), botTokn: 'x' })

  expect(answer.status).toBe(422)
  expect(answer.body.error).toMatchObject({ field: 'botTokn' })
})

test('a name is given once, whatever its case, and stays free for its own integration', async () => {
  await using slice = await startSlice()
  const id = await slice.connect({ name: 'Acme' })
  const other = await slice.connect({ name: 'Beta' })

  const taken = await slice.call('POST', '/api/integrations', await slice.draft({ name: 'acme' }))
  const renamed = await slice.call('PATCH', `/api/integrations/${other}`, { name: 'ACME' })
  const own = await slice.call('PATCH', `/api/integrations/${id}`, { name: 'ACME' })

  expect(taken.status).toBe(409)
  expect(taken.body.error).toMatchObject({ code: 'conflict', field: 'name' })
  expect(renamed.status).toBe(409)
  expect(own.body.name).toBe('ACME')
})

test('a feature that does not exist is refused, naming where it stands', async () => {
  await using slice = await startSlice()

  const answer = await slice.call('POST', '/api/integrations', await slice.draft({ features: ['webhooks', 'magic'] }))

  expect(answer.status).toBe(422)
  expect(answer.body.error).toMatchObject({ field: 'features.1', message: 'There is no feature "magic".' })
})

test('the id of a manifest is taken by the integration that is made with it, once', async () => {
  await using slice = await startSlice()
  const { integrationId, json, yaml, link, warnings } = (
    await slice.call('GET', '/api/integrations/manifest?name=Ours')
  ).body

  const made = await slice.call('POST', '/api/integrations', await slice.draft({ id: integrationId }))
  const again = await slice.call('POST', '/api/integrations', await slice.draft({ id: integrationId, name: 'Other' }))
  const odd = await slice.call('POST', '/api/integrations', await slice.draft({ id: '../x', name: 'Odd' }))

  expect(made.body.id).toBe(integrationId)
  expect(again.body.error).toMatchObject({ code: 'conflict', field: 'id' })
  expect(odd.body.error).toMatchObject({ code: 'invalid', field: 'id' })
  const manifest = Manifest.parse(JSON.parse(json))
  expect(manifest.settings.interactivity.request_url).toBe(`${slice.url}/slack/${integrationId}/interactions`)
  expect(manifest.features.slash_commands?.[0]).toMatchObject({ command: '/switchboard' })
  expect(yaml).toContain('display_information:\n  name: Ours')
  expect(link).toMatch(/^https:\/\/api\.slack\.com\/apps\?new_app=1&manifest_json=/)
  expect(warnings[0]).toContain('Slack must be able to reach')
})

test('a manifest has the scopes of the features that are asked for, and of no others', async () => {
  await using slice = await startSlice()

  const answer = await slice.call('GET', '/api/integrations/manifest?features=channel_messages,%20reactions')
  const unknown = await slice.call('GET', '/api/integrations/manifest?features=magic')

  const manifest = Manifest.parse(JSON.parse(answer.body.json))
  expect(manifest.oauth_config.scopes.bot).toEqual(['chat:write', 'reactions:write'])
  expect(unknown.status).toBe(422)
})

test('the catalogue says what is built and what is not', async () => {
  await using slice = await startSlice()

  const { body } = await slice.call('GET', '/api/integrations/catalogue')

  const built = body.items.filter((entry: { built: boolean }) => entry.built)
  expect(built.map((entry: { kind: string }) => entry.kind)).toEqual(['slack'])
  expect(body.items.length).toBeGreaterThan(1)
})

test('a replaced secret is used at once, and a refused change leaves the old one in force', async () => {
  await using slice = await startSlice()
  const id = await slice.connect()
  await slice.connect({ name: 'Beta' })
  const before = await openConnection(slice.ctx, id)

  const refused = await slice.call('PATCH', `/api/integrations/${id}`, {
    name: 'Beta',
    botToken: 'xoxb-new-token-0001',
  })
  const held = await openConnection(slice.ctx, id)
  const replaced = await slice.call('PATCH', `/api/integrations/${id}`, { botToken: 'xoxb-new-token-0001' })
  const after = await openConnection(slice.ctx, id)

  expect(refused.status).toBe(409)
  expect(held.secrets).toEqual(before.secrets)
  expect(replaced.body.credentials.botToken.shown).toBe('xoxb •••• 0001')
  expect(after.secrets).toEqual({ ...before.secrets, botToken: 'xoxb-new-token-0001' })
})

test('null takes an optional secret away, and a required one can not be taken', async () => {
  await using slice = await startSlice()
  const id = await slice.connect()

  const removed = await slice.call('PATCH', `/api/integrations/${id}`, { appToken: null })
  const kept = await slice.call('PATCH', `/api/integrations/${id}`, { signingSecret: null })

  expect(removed.body.credentials.appToken).toBeUndefined()
  expect(kept.status).toBe(422)
  expect((await openConnection(slice.ctx, id)).secrets.appToken).toBeUndefined()
})

test('a disabled integration says so, and Slack’s requests can know it', async () => {
  await using slice = await startSlice()
  const id = await slice.connect()
  const { signingSecret } = await slice.draft()

  const disabled = await slice.call('PATCH', `/api/integrations/${id}`, { enabled: false })
  const found = await findSigningSecret(slice.ctx, id)
  const enabled = await slice.call('PATCH', `/api/integrations/${id}`, { enabled: true })

  expect(disabled.body.state).toBe('disabled')
  expect(found).toEqual({ secret: signingSecret, disabled: true })
  expect(enabled.body.state).toBe('untested')
  expect(await findSigningSecret(slice.ctx, 'int_none')).toBeUndefined()
  expect((await listActions(slice)).slice(0, 2)).toEqual(['integration.enabled', 'integration.disabled'])
})

test('new credentials make what was found out with the old ones untested; a new name does not', async () => {
  await using slice = await startSlice()
  const id = await slice.connect()
  await slice.test(id)

  const renamed = await slice.call('PATCH', `/api/integrations/${id}`, { name: 'Renamed' })
  const replaced = await slice.call('PATCH', `/api/integrations/${id}`, { clientSecret: 'f'.repeat(32) })

  expect(renamed.body.state).toBe('ok')
  expect(replaced.body.state).toBe('untested')
})

test('deleting asks for the exact name, says what went along, and leaves nothing to open', async () => {
  await using slice = await startSlice()
  const id = await slice.connect()
  await slice.test(id)

  const unnamed = await slice.call('DELETE', `/api/integrations/${id}`)
  const misnamed = await slice.call('DELETE', `/api/integrations/${id}?name=acme%20production`)
  const belongings = await slice.call('GET', `/api/integrations/${id}/belongings`)
  const deleted = await slice.call('DELETE', `/api/integrations/${id}?name=Acme%20production`)

  expect(unnamed.body.error).toMatchObject({ code: 'invalid', field: 'name' })
  expect(unnamed.body.error.message).toContain('"Acme production"')
  expect(misnamed.status).toBe(422)
  expect(deleted.body).toEqual({ name: 'Acme production', destinations: 0, webhooks: 0, waiting: 0, tests: 1 })
  expect(belongings.body).toEqual(deleted.body)
  expect((await slice.call('GET', `/api/integrations/${id}`)).status).toBe(404)
  expect(await findSigningSecret(slice.ctx, id)).toBeUndefined()
  expect(await listCredentials(slice.db, [id])).toEqual([])
})

test('an app that is connected twice is noted at both', async () => {
  await using slice = await startSlice()
  const first = await slice.connect({ name: 'First' })
  await slice.connect({ name: 'Second' })

  const { body } = await slice.call('GET', `/api/integrations/${first}`)

  expect(body.notes).toEqual([expect.stringContaining('"Second" uses the same Slack app.')])
})

test('integrations are listed page by page', async () => {
  await using slice = await startSlice()
  for (const name of ['One', 'Two', 'Three']) await slice.connect({ name })

  const first = await slice.call('GET', '/api/integrations?limit=2')
  const second = await slice.call('GET', `/api/integrations?limit=2&cursor=${first.body.next}`)

  const names = (answer: typeof first) => answer.body.items.map((item: { name: string }) => item.name)
  expect([names(first), names(second), second.body.next]).toEqual([['One', 'Two'], ['Three'], undefined])
})

async function listActions(slice: { db: Parameters<typeof listEntries>[0] }): Promise<string[]> {
  const { items } = await listEntries(slice.db, { limit: 50 })
  return items.map(({ action }) => action)
}

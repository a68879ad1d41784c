import { expect, test } from 'vitest'
import { startWorld } from '../../support/world.ts'
import { asking, told } from './ask.ts'

const FILE = `switchboard: 1
commands:
  /compliance:
    description: Check current compliance status
    parameters:
      - {name: framework, description: Compliance framework, type: string}
    handler: compliance_status_command
  /risk:
    description: View risk assessment
    handler: risk_assessment_command
`

test('what the page changes is in the export, told as drift, and brought back by the file', async () => {
  await using world = await startWorld()
  const admin = await asking(world)
  await admin.apply(FILE)
  const risk = { description: 'Risks by level', handler: 'risks', parameters: [{ name: 'level' }] }

  await admin.caller.put('/api/commands/risk', risk)
  await admin.caller.delete('/api/commands/compliance')
  const drifted = await admin.plan(FILE)
  const exported = await admin.export()
  const ofExport = await admin.plan(exported, { prune: true })
  await admin.apply(FILE)
  const again = await admin.plan(FILE)
  const { items } = await admin.get('/api/commands')

  expect(told(drifted).sort()).toEqual(['change command /risk', 'create command /compliance'])
  const change = drifted.changes.find(({ name }) => name === '/risk')
  expect(change?.fields).toMatchObject([
    { field: 'parameters', drift: 'console' },
    { field: 'description', before: 'Risks by level', after: 'View risk assessment', drift: 'console' },
    { field: 'handler', drift: 'console' },
  ])
  expect(exported).toContain('Risks by level')
  expect(exported).not.toContain('/compliance')
  expect(told(ofExport)).toEqual([])
  expect(told(again)).toEqual([])
  expect(items).toMatchObject([
    { command: '/switchboard' },
    {
      command: '/compliance',
      parameters: [{ name: 'framework', description: 'Compliance framework', type: 'string' }],
    },
    { command: '/risk', description: 'View risk assessment', parameters: [] },
  ])
})

test('a file declares no command that is ours, none twice named, and not more than Slack takes', async () => {
  await using world = await startWorld()
  const admin = await asking(world)
  const one = '{description: x, handler: x}'
  const problemsOf = async (text: string) =>
    (await admin.plan(`switchboard: 1\ncommands:\n${text}`)).problems.map(({ line, message }) => [line, message])

  const ours = await problemsOf(`  /switchboard: ${one}`)
  const twice = await problemsOf('  /x: {description: x, handler: x, parameters: [{name: a}, {name: a}]}')
  const many = await problemsOf(Array.from({ length: 50 }, (_, number) => `  /c${number}: ${one}`).join('\n'))

  expect(ours).toEqual([[3, '/switchboard is answered by Switchboard itself.']])
  expect(twice).toEqual([[3, expect.stringContaining('Each parameter needs a name of its own.')]])
  expect(many).toEqual([[expect.any(Number), expect.stringContaining('Slack takes 49')]])
})

test('a platform endpoint that a file makes says how its secret is seen', async () => {
  await using world = await startWorld({ platformHosts: ['127.0.0.1:1'] })
  const { appId, clientId } = await world.havingIntegration()
  const admin = await asking(world)
  const text = `switchboard: 1
integrations:
  Acme production:
    appId: ${appId}
    clientId: "${clientId}"
    testChannel: "#compliance"
    platform: {url: "http://127.0.0.1:1/switchboard"}
`

  const planned = await admin.plan(text)
  const applied = await admin.apply(text)
  const again = await admin.plan(text)

  for (const { problems } of [planned, applied]) {
    expect(problems).toMatchObject([
      { severity: 'warning', line: 7, fix: expect.stringContaining('roll the secret on the Platform tab') },
    ])
  }
  expect(again.problems).toEqual([])
})

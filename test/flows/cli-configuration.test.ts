import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { ConfigurationPlan } from '../../shared/configuration.ts'
import { jsonLines } from '../server/cli/run-cli.ts'
import { type Connected, startConnected } from '../server/cli/running-server.ts'
import { endPrograms } from '../support/program.ts'

const STUDIO = join(import.meta.dirname, '../acceptance/studio-platform.yaml')

let world: Connected
let folder: string

beforeAll(async () => {
  world = await startConnected()
  folder = await mkdtemp(join(tmpdir(), 'switchboard-configuration-'))
})

afterAll(async () => {
  await rm(folder, { recursive: true, force: true })
  await world.stop()
  endPrograms()
})

async function havingFile(name: string, text: string): Promise<string> {
  const path = join(folder, name)
  await writeFile(path, text)
  return path
}

describe('a file of a platform', () => {
  test('is planned, applied once, exported and nothing to do from then on', async () => {
    const plan = await world.cli(['plan', STUDIO])
    const applied = await world.cli(['apply', STUDIO])
    const again = await world.cli(['apply', STUDIO])
    const out = join(folder, 'exported.yaml')
    const exported = await world.cli(['export', '--out', out])
    const round = await world.cli(['plan', out, '--prune', '--json'])

    expect([plan, applied, again, exported, round].map(({ code }) => code)).toEqual([0, 0, 0, 0, 0])
    expect(plan.printed).toMatch(/^\+ create type critical_alerts \(line 16\)\n {4}priority: "urgent"$/m)
    expect(plan.printed).toMatch(/^\d+ to create, 1 to change, 0 to delete$/m)
    expect(plan.errors).toMatch(/^.*studio-platform\.yaml:11:5: warning: interactive:write: Not a scope of Slack/m)
    expect(applied.printed).toMatch(/^Applied as chg_\w+$/m)
    expect(again.printed).toContain('Nothing to do')
    expect((jsonLines(round.printed)[0] as ConfigurationPlan).counts).toMatchObject({ create: 0, change: 0, delete: 0 })
    expect(await readFile(out, 'utf8')).toContain('switchboard: 1')
  })

  test('with mistakes ends with 1, each told as editors understand it', async () => {
    const path = await havingFile('wrong.yaml', 'switchboard: 1\ntypes:\n  a: {mentons: []}\n  b: {priority: urgnt}\n')

    const plan = await world.cli(['plan', path])
    const apply = await world.cli(['apply', path])

    for (const run of [plan, apply]) {
      expect(run).toMatchObject({ code: 1, printed: '' })
      expect(run.errors).toContain(`${path}:3:7: error: There is no "mentons" in types.a. Did you mean \`mentions\`?`)
      expect(run.errors).toContain(`${path}:4:17: error: This has to be one of urgent, normal, low.`)
      expect(run.errors).toContain(`${path} can't be applied: 2 errors.`)
    }
  })

  test('from standard input is as good as one by its path', async () => {
    const run = await world.cli(['plan', '-'], { input: 'switchboard: 1\ntypes: {from.input: {}}\n' })

    expect(run.code).toBe(0)
    expect(run.printed).toContain('+ create type from.input (line 2)')
  })
})

describe('what the file no longer names', () => {
  test('is deleted only with --prune, and then only with --yes', async () => {
    const both = await havingFile('both.yaml', "switchboard: 1\nrules:\n  - {name: one, condition: type == 'x'}\n")
    const none = await havingFile('none.yaml', 'switchboard: 1\nrules: []\n')
    await world.cli(['apply', both])

    const left = await world.cli(['apply', none])
    const asked = await world.cli(['apply', none, '--prune'])
    const done = await world.cli(['apply', none, '--prune', '--yes'])

    expect([left.code, asked.code, done.code]).toEqual([0, 2, 0])
    expect(left.printed).toContain('? left rule one')
    expect(asked.errors).toContain('Nothing was changed.')
    expect(done.printed).toContain('- delete rule one')
  })
})

describe('secrets', () => {
  test('are read from the environment and from files, and printed nowhere', async () => {
    const token = 'xoxb-3333333333-4444444444444-abcdefghijklmnopqrstuvwx'
    await havingFile('token.txt', `${token}\n`)
    const path = await havingFile(
      'secrets.yaml',
      [
        'switchboard: 1',
        'integrations:',
        '  By reference:',
        '    appId: A0000000009',
        '    clientId: "9.9"',
        '    clientSecret: {env: CLIENT_SECRET}',
        '    signingSecret: {env: SIGNING_SECRET}',
        '    botToken: {file: token.txt}',
      ].join('\n'),
    )
    const env = {
      CLIENT_SECRET: 'feed00feed00feed00feed00feed00ab',
      SIGNING_SECRET: 'beef00beef00beef00beef00beef00cd',
    }

    const missing = await world.cli(['plan', path])
    const applied = await world.cli(['apply', path, '--json'], { env })
    const again = await world.cli(['plan', path], { env })

    expect([missing.code, applied.code, again.code]).toEqual([2, 0, 0])
    expect(missing.errors).toContain('refers to CLIENT_SECRET, which is not set')
    expect(again.printed).toMatch(/^0 to create, 0 to change, 0 to delete; 1 unchanged/m)
    const said = [missing, applied, again].map(({ printed, errors }) => printed + errors).join('\n')
    for (const secret of [token, ...Object.values(env)]) expect(said).not.toContain(secret)
  })

  test('that a file names where none belongs are not read', async () => {
    const path = await havingFile('sly.yaml', 'switchboard: 1\ntypes:\n  a: {description: {file: /etc/passwd}}\n')

    const run = await world.cli(['plan', path])

    expect(run.code).toBe(1)
    expect(run.errors).toContain('This has to be a text, not an object.')
    expect(run.errors + run.printed).not.toContain('root:')
  })
})

test('a file is applied to its end although nobody reads what is printed', async () => {
  const path = await havingFile('unread.yaml', 'switchboard: 1\ntypes:\n  unread: {priority: low}\n')

  const applied = await world.cli(['apply', path], { isUnread: true })
  const again = await world.cli(['plan', path])

  expect(applied).toMatchObject({ code: 0, errors: '' })
  expect(again.printed).toContain('0 to create, 0 to change')
})

test('what is exported to standard output is whole, also where its words look like a secret', async () => {
  const source = '{"text":"Authorization: Bearer YOUR-TOKEN-HERE, says the bearer certificate"}'
  const path = await havingFile('bearer.yaml', `switchboard: 1\ntemplates:\n  bearer: {source: '${source}'}\n`)
  await world.cli(['apply', path])

  const exported = await world.cli(['export'])
  const round = await world.cli(['plan', '-', '--json'], { input: exported.printed })

  expect(exported.printed).toContain(source)
  expect((jsonLines(round.printed)[0] as ConfigurationPlan).counts).toMatchObject({ create: 0, change: 0 })
})

test('a plan ends with 1 where a case of a template fails, and with 0 once it passes', async () => {
  const file = (text: string) => `switchboard: 1
templates:
  greeting:
    source: '{"text": "{{ title | default: type }}!"}'
    sample: {title: Hello}
    cases: [{name: Plain, event: {title: Hello}, expected: {text: "${text}"}}]
`
  const failing = await world.cli(['plan', await havingFile('failing.yaml', file('Hello?'))])
  const asJson = await world.cli(['plan', join(folder, 'failing.yaml'), '--json'])
  const passing = await world.cli(['plan', await havingFile('passing.yaml', file('Hello!'))])

  expect([failing.code, asJson.code, passing.code]).toEqual([1, 1, 0])
  expect(failing.errors).toMatch(/:6:13: warning: The case "Plain" fails: .*\n.* could be applied, but one case of a/)
  expect(failing.printed).toContain('+ create template greeting')
  expect(jsonLines(asJson.printed)).toMatchObject([{ canApply: true, problems: [{ about: 'case' }] }])
  expect(passing.errors).toBe('')
})

test('the schema for editors is exported', async () => {
  const run = await world.cli(['export', '--schema'])

  expect(run.code).toBe(0)
  expect(JSON.parse(run.printed)).toMatchObject({ title: 'Switchboard configuration' })
})

test.each([
  ['a file that is not there', ['plan', '/none.yaml'], 1, 'is not there'],
  ['no file', ['plan'], 2, 'missing required argument'],
  ['a format that is none', ['export', '--format', 'xml'], 2, 'Allowed choices are yaml, json'],
])('%s is told', async (_what, args, code, message) => {
  const run = await world.cli(args)

  expect(run).toMatchObject({ code, printed: '' })
  expect(run.errors).toContain(message)
})

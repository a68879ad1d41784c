import { describe, expect, test } from 'vitest'
import { fits, readSource, type Source, sourcesIn } from './support/sources.ts'

/** Whoever imports what fits `importing` has to fit `allowedFrom`. A pattern with "!" takes away. */
type ImportRule = { importing: string[]; allowedFrom: string[]; because: string }
/** Of the files that fit `among`, only those that fit `allowedIn` may hold what fits `writing`. */
type WritingRule = { writing: RegExp; among: string[]; allowedIn: string[]; because: string }

const not = (pattern: string) => `!${pattern}`
const filesOf = (slice: string) => `server/${slice}/**`

const HTTP = ['server/**/http.ts', 'server/**/*-http.ts']
const STORES = ['server/**/store.ts', 'server/**/*-store.ts']
/** These put the parts together, so they may import any of them. */
const ASSEMBLY = ['server/*.ts', 'server/cli/**']

/** The server's slices from top to bottom: each builds on the rows below its own. */
const ROWS = [
  ['configuration'],
  ['inbound', 'reports', 'health', 'docs', 'console', 'schedules', 'retention'],
  ['events', 'messages', 'replays'],
  ['routing'],
  ['quiet-hours'],
  ['templates', 'deliveries', 'profile'],
  ['destinations', 'mentions'],
  ['integrations', 'platform'],
  ['incidents', 'files'],
]
const SERVE_ALL = ['users', 'vault', 'audit']
const STAND_ASIDE = ['metrics', 'simulator']
const SLICES = [...ROWS.flat(), ...SERVE_ALL, ...STAND_ASIDE]

/** What leaves a slice: inside its own folder a file imports as it likes. */
const BETWEEN_SLICES: ImportRule[] = [
  ...ROWS.map((row, place) => ({
    importing: row.map(filesOf),
    allowedFrom: [...ROWS.slice(0, place).flat().map(filesOf), ...ASSEMBLY],
    because: `${row.join(', ')}: a slice builds on the rows below its own, never on its neighbours or upwards`,
  })),
  {
    importing: SERVE_ALL.map(filesOf),
    allowedFrom: [...SLICES.map(filesOf), '!server/simulator/**', ...ASSEMBLY],
    because: 'users, vault and audit serve every slice, but neither providers nor words that know no domain',
  },
  {
    importing: ['server/metrics/**'],
    allowedFrom: ['server/{health,reports}/**', ...ASSEMBLY],
    because: 'metrics stands aside: only health and reports build on it',
  },
  {
    importing: ['server/simulator/**'],
    allowedFrom: ['server/cli/**'],
    because: 'the product reaches the simulator over HTTP, as it would Slack',
  },
  {
    importing: ['server/providers/*.ts'],
    allowedFrom: [...ROWS.flat().map(filesOf), ...ASSEMBLY],
    because: 'a provider is reached through its contract and the registry',
  },
  {
    importing: ['server/providers/*/**'],
    allowedFrom: ASSEMBLY,
    because: 'only the registry tells one provider from another',
  },
  {
    importing: SLICES.map(filesOf),
    allowedFrom: ['server/**', ...STORES.map(not)],
    because: 'a store knows db, shared and its own slice',
  },
  {
    importing: [...SLICES.map(filesOf), '!server/users/**'],
    allowedFrom: ['server/**', ...HTTP.map(not)],
    because: 'routes call the verbs and reads of their own slice; what they may ask of another is who is asking',
  },
  {
    importing: ['server/cli/**'],
    allowedFrom: [],
    because: 'the command line is a way in, like the console: nothing builds on it',
  },
  {
    importing: ['client/*/**', '!client/*/queries.ts', '!client/{ui,charts,lib,targets}/**'],
    allowedFrom: ['client/*.tsx', 'client/**/*Page.tsx'],
    because: 'slices share queries.ts, and client/targets to choose a place; only a page composes components of others',
  },
  {
    importing: ['client/*/**', '!client/{ui,charts,lib}/**'],
    allowedFrom: ['client/**', '!client/{ui,charts,lib}/**'],
    because: 'ui, charts and lib hold not one domain word',
  },
]

/** What holds for every file, also inside its own folder. */
const EVERYWHERE: ImportRule[] = [
  {
    importing: ['client/**'],
    allowedFrom: ['client/**'],
    because: 'the server does not know the console',
  },
  {
    importing: ['server/**'],
    allowedFrom: ['server/**'],
    because: 'the console reaches the server over HTTP only',
  },
  {
    importing: ['**', '!zod', '!shared/**'],
    allowedFrom: ['client/**', 'server/**'],
    because: 'shared/ is what the two sides say to each other: it imports zod and nothing else',
  },
  {
    importing: ['server/**', '!server/errors.ts', '!server/{lib,db}/**'],
    allowedFrom: ['server/**', '!server/{lib,db}/**'],
    because: 'lib and db know no slice and no context',
  },
  {
    importing: ['server/db/**'],
    allowedFrom: ['server/**', '!server/{providers,lib,simulator}/**', ...HTTP.map(not)],
    because: 'providers, lib, the simulator and routes have no business with the database',
  },
  {
    importing: ['server/context.ts'],
    allowedFrom: ['server/**', ...STORES.map(not)],
    because: 'a store takes db, not ctx',
  },
  {
    importing: ['server/{main,app}.ts'],
    allowedFrom: ASSEMBLY,
    because: 'these put the parts together and are no part themselves',
  },
  {
    importing: HTTP,
    allowedFrom: ['server/app.ts', 'server/simulator/**'],
    because: 'app.ts mounts the routes; a verb does not know that it was asked over HTTP',
  },
  {
    importing: ['hono', '@hono/*'],
    allowedFrom: [...HTTP, 'server/{main,app}.ts', 'server/{lib,users,simulator,cli}/**'],
    because: 'HTTP stops at http.ts',
  },
  {
    importing: ['@slack/*'],
    allowedFrom: ['server/providers/slack/**'],
    because: 'Slack’s SDK is known to the Slack provider only',
  },
  {
    importing: ['better-sqlite3', 'pg'],
    allowedFrom: ['server/db/**'],
    because: 'database drivers are opened in one place',
  },
  {
    importing: ['better-auth', '@better-auth/*'],
    allowedFrom: ['server/users/**'],
    because: 'who signs in, and how, is the business of users',
  },
  {
    importing: ['react', 'react-dom', 'react-router', '@tanstack/*', '@mantine/*', '@tabler/*', 'recharts'],
    allowedFrom: ['client/**'],
    because: 'the server draws nothing',
  },
  {
    importing: ['recharts'],
    allowedFrom: ['client/charts/**'],
    because: 'a page feeds a shape from client/charts, so that the library loads late',
  },
]

const WRITING: WritingRule[] = [
  {
    writing: /\bDate\.now\b|\bnew Date\(\)|\bMath\.random\b|\brandomUUID\b|\bprocess\.env\b/,
    among: ['**'],
    allowedIn: [
      'server/{main,config}.ts',
      'server/cli/**',
      'server/simulator/{main,simulator}.ts',
      'client/lib/format.ts',
      'client/ui/RelativeTime.tsx',
    ],
    because:
      'time, randomness and settings come in through main and config (the console has one clock), so tests set them',
  },
  {
    writing: /(?<![.\w])fetch\(/,
    among: ['client/**'],
    allowedIn: ['client/lib/{api,event-stream}.ts', 'client/simulator/**'],
    because: 'every answer passes the shared schema in client/lib/api.ts',
  },
  {
    writing: /\bsql(<[^`]*>)?`|\.(selectFrom|insertInto|updateTable|deleteFrom|replaceInto|mergeInto)\(/,
    among: ['server/**'],
    allowedIn: [...STORES, 'server/db/**', 'server/users/auth*.ts'],
    because: 'all SQL of a slice stands in its store.ts',
  },
  {
    writing: /\bconsole\.(log|info|warn|error|debug)\b/,
    among: ['server/**', 'client/**', 'shared/**'],
    allowedIn: [],
    because: 'the server logs through ctx.log, which hides secrets; the command line prints through its print',
  },
]

const sources = sourcesIn(['client', 'server', 'shared'])
const tests = sourcesIn(['test'])

describe('who may import whom', () => {
  test.each(BETWEEN_SLICES)('between slices: $because', (rule) => {
    expect(broken(rule, sources, isOwnFolder), rule.because).toEqual([])
  })

  test.each(EVERYWHERE)('everywhere: $because', (rule) => {
    expect(broken(rule, sources), rule.because).toEqual([])
  })

  test.each([
    ['shared/events.ts', 'node:fs'],
    ['client/lib/api.ts', '../../server/errors.ts'],
    ['server/app.ts', '../client/main.tsx'],
    ['client/ui/StatePill.tsx', '../deliveries/queries.ts'],
    ['client/overview/RatePanel.tsx', '../deliveries/DeliveryTable.tsx'],
    ['client/overview/OverviewPage.tsx', 'recharts'],
    ['server/lib/repeat.ts', '../context.ts'],
    ['server/db/open.ts', '../users/store.ts'],
    ['server/providers/slack/messages.ts', '../../db/open.ts'],
    ['server/providers/slack/messages.ts', '../../integrations/store.ts'],
    ['server/integrations/test-connection.ts', '../providers/slack/messages.ts'],
    ['server/deliveries/deliver.ts', '../events/accept-event.ts'],
    ['server/integrations/test-connection.ts', '../destinations/store.ts'],
    ['server/deliveries/deliver.ts', '../templates/render.ts'],
    ['server/deliveries/deliver.ts', './http.ts'],
    ['server/deliveries/deliver.ts', 'hono'],
    ['server/deliveries/deliver.ts', '../metrics/store.ts'],
    ['server/deliveries/deliver.ts', '../simulator/workspace.ts'],
    ['server/deliveries/store.ts', '../integrations/store.ts'],
    ['server/deliveries/store.ts', '../context.ts'],
    ['server/events/http.ts', '../deliveries/store.ts'],
    ['server/inbound/socket.ts', '@slack/socket-mode'],
    ['server/users/store.ts', 'pg'],
  ])('%s may not import %s', (file, said) => {
    expect(allBroken(readSource(file, `import { x } from '${said}'`))).not.toEqual([])
  })

  test.each([
    ['shared/events.ts', 'zod'],
    ['client/router.tsx', './deliveries/DeliveriesPage.tsx'],
    ['client/overview/OverviewPage.tsx', '../deliveries/DeliveryTable.tsx'],
    ['client/overview/RatePanel.tsx', '../deliveries/queries.ts'],
    ['client/charts/TimeSeries.tsx', 'recharts'],
    ['server/lib/routes.ts', '../errors.ts'],
    ['server/providers/slack/messages.ts', '@slack/web-api'],
    ['server/providers/registry.ts', './slack/slack.ts'],
    ['server/integrations/test-connection.ts', '../providers/registry.ts'],
    ['server/inbound/http.ts', '../users/who.ts'],
    ['server/events/accept-event.ts', '../routing/route-event.ts'],
    ['server/events/accept-event.ts', '../deliveries/store.ts'],
    ['server/deliveries/http.ts', './store.ts'],
    ['server/deliveries/store.ts', '../db/engine.ts'],
    ['server/app.ts', './events/http.ts'],
    ['server/cli/simulator.ts', '../simulator/main.ts'],
  ])('%s may import %s', (file, said) => {
    expect(allBroken(readSource(file, `import { x } from '${said}'`))).toEqual([])
  })

  test('every slice of the server has a place in the order', () => {
    const known = [...SLICES, 'providers', 'db', 'lib', 'cli']

    const found = new Set(sources.map(({ file }) => file.match(/^server\/([^/]+)\//)?.[1] ?? 'lib'))

    expect([...found].filter((folder) => !known.includes(folder))).toEqual([])
  })
})

describe('what may be written where', () => {
  test.each(WRITING)('$because', ({ writing, among, allowedIn, because }) => {
    const found = sources.filter(({ file, code }) => fits(file, among) && !fits(file, allowedIn) && writing.test(code))

    expect(
      found.map(({ file, code }) => `${file}: ${code.match(writing)?.[0]}`),
      because,
    ).toEqual([])
  })

  test('a table is touched by the store of one slice, and read by metrics', () => {
    const owners = new Map<string, Set<string>>()
    for (const { file, code } of sources.filter(({ file }) => fits(file, [...STORES, '!server/metrics/**']))) {
      for (const [, table = ''] of code.matchAll(TABLE)) {
        owners.set(table, (owners.get(table) ?? new Set()).add(file.split('/').slice(0, 2).join('/')))
      }
    }

    const shared = [...owners].filter(([, slices]) => slices.size > 1)

    expect(shared.map(([table, slices]) => `${table}: ${[...slices].join(', ')}`)).toEqual([])
  })
})

describe('how files are named and found', () => {
  const everything = [...sources, ...tests]

  test('a name says what is inside', () => {
    const saysNothing =
      /(^|\/)(index|utils?|helpers?|common|misc|types|controllers?|services?|repositor(y|ies)|hooks)(\/|\.)/

    expect(everything.map(({ file }) => file).filter((file) => saysNothing.test(file))).toEqual([])
  })

  test('a component’s file is named like the component, every other one in kebab-case', () => {
    const named = /\/([A-Z][A-Za-z0-9]*\.tsx|[a-z0-9]+(-[a-z0-9]+)*(\.d|\.test)?\.tsx?)$/

    expect(everything.map(({ file }) => file).filter((file) => !named.test(file))).toEqual([])
  })

  test('a relative import ends in the name of the file, so that sources run without a build', () => {
    const wrong = everything.flatMap(({ file, imports }) =>
      imports
        .filter(({ said }) => /^\.(?!.*\.(tsx?|css|json|svg|mjs)(\?\w+)?$)/.test(said) && !isFolder(said))
        .map(({ said }) => `${file}: ${said}`),
    )

    expect(wrong).toEqual([])
  })
})

// support/loopback-only.ts stops a test that asks another host; this also sees what a browser or a child is sent to.
test('tests stay on this machine: every address they open is loopback or can’t exist', () => {
  const opened = /\b(?:fetch|goto|connect|request|new WebSocket)\(\s*['"`](?:https?|wss?|postgres):\/\/([\w.-]+)/g

  const found = tests.flatMap(({ file, code }) => [...code.matchAll(opened)].map(([, host = '']) => ({ file, host })))

  expect(found.filter(({ host }) => !/^127\.|^localhost$|\.(test|invalid)$/.test(host))).toEqual([])
})

const TABLE = /\.(?:selectFrom|insertInto|updateTable|deleteFrom|\w*[jJ]oin)\(\s*'([A-Za-z_]+)/g

type Exempt = (from: string, target: string) => boolean

function broken(rule: ImportRule, among: Source[], isExempt: Exempt = () => false): string[] {
  return among
    .filter(({ file }) => !fits(file, rule.allowedFrom))
    .flatMap(({ file, imports }) =>
      imports
        .filter(({ target }) => fits(target, rule.importing) && !isExempt(file, target))
        .map(({ target }) => `${file} imports ${target}`),
    )
}

function allBroken(source: Source): string[] {
  return [
    ...BETWEEN_SLICES.flatMap((rule) => broken(rule, [source], isOwnFolder)),
    ...EVERYWHERE.flatMap((rule) => broken(rule, [source])),
  ]
}

/** What a `new URL` points at may be a folder. */
function isFolder(said: string): boolean {
  return said.endsWith('/') || said.includes('/dist/')
}

/** server/deliveries and everything below it is one folder; a provider's kind is its own. */
function isOwnFolder(from: string, target: string): boolean {
  const folderOf = (file: string) => file.split('/').slice(0, -1).slice(0, 2).join('/')
  return folderOf(from) === folderOf(target)
}

import { z } from 'zod'
import { TestStep } from '../../shared/connection-tests.ts'
import { deliveryCode } from '../../shared/delivery-codes.ts'
import { type Attention, targets } from '../../shared/metrics.ts'
import { platformCode } from '../../shared/platform-codes.ts'
import { scheduleCode } from '../../shared/schedule-codes.ts'
import type { AppContext } from '../context.ts'
import { toInstant } from '../lib/paging.ts'
import { rateOf, totalOf } from './figures.ts'
import { readCounts } from './read-figures.ts'
import { ceilTo, MINUTE_MS } from './spans.ts'
import {
  countSince,
  type IntegrationStanding,
  listFailingDestinations,
  listIntegrationStates,
  listLastTests,
  listOpenIncidents,
  type OpenIncident,
} from './subjects-store.ts'

/** What asks for a person, worst first: what is dead, then what failed, then what may cost something. */
export async function readAttention(ctx: AppContext): Promise<Attention[]> {
  const now = ctx.now()
  const from = now - DAY_MS
  const integrations = await listIntegrationStates(ctx.db)
  const enabled = integrations.filter(({ disabledAt }) => disabledAt === null)
  const incidents = await listOpenIncidents(ctx.db, MOST_INCIDENTS)
  const told = new Set(incidents.map(({ subjectId }) => subjectId))
  const isNews = ({ id }: { id: string }) => !told.has(id)
  const all = [
    ...incidents.map(ofIncident),
    ...failingIntegrations(enabled.filter(isNews)),
    ...(await failingDestinations(ctx, enabled, isNews)),
    ...(await failedDeliveries(ctx, now)),
    ...(await unclearDeliveries(ctx, from)),
    ...(await failingCommands(ctx, now)),
    ...(await missingScopes(ctx, enabled)),
  ]
  return [...all.filter(({ tone }) => tone === 'bad'), ...all.filter(({ tone }) => tone === 'warn')]
}

/** It stays until somebody resumes what was paused, where the action leads. */
function ofIncident({ id, subjectKind, subjectId, subjectName, integrationId, code }: OpenIncident): Attention {
  if (subjectKind === 'schedule') {
    return {
      id: `incident:${id}`,
      tone: 'bad',
      title: `The last run of ${subjectName} failed`,
      note: scheduleCode(code).meaning,
      action: { label: 'Open schedule', to: `/notifications/schedules/${subjectId}` },
    }
  }
  const { title, label, tab } = INCIDENTS[subjectKind]
  return {
    id: `incident:${id}`,
    tone: 'bad',
    title: title(subjectName),
    note: subjectKind === 'platform_endpoint' ? platformCode(code).meaning : meaningOf(code),
    action: { label, to: `/integrations/${integrationId}/${tab}` },
  }
}

const INCIDENTS = {
  destination: {
    title: (name: string) => `Messages to ${name} are held`,
    label: 'Open destinations',
    tab: 'destinations',
  },
  integration: {
    title: (name: string) => `${name} is paused, and its messages are held`,
    label: 'Open connection',
    tab: 'connection',
  },
  platform_endpoint: {
    title: (name: string) => `A notice to ${name} was given up`,
    label: 'Open platform endpoint',
    tab: 'platform',
  },
}

function failingIntegrations(enabled: IntegrationStanding[]): Attention[] {
  return enabled
    .filter(({ state }) => state === 'failing')
    .map(({ id, name, stateCode }) => ({
      id: `integration:${id}`,
      tone: 'bad',
      title: `${name} does not work`,
      note: stateCode === null ? 'The last connection test failed.' : meaningOf(stateCode),
      action: { label: 'Open connection', to: `/integrations/${id}/connection` },
    }))
}

async function failingDestinations(
  ctx: AppContext,
  enabled: IntegrationStanding[],
  isNews: (destination: { id: string }) => boolean,
): Promise<Attention[]> {
  const failing = await listFailingDestinations(ctx.db, MOST_DESTINATIONS)
  return failing.filter(isNews).flatMap(({ id, name, integrationId, code }) => {
    const integration = enabled.find((each) => each.id === integrationId)
    if (!integration) return []
    return {
      id: `destination:${id}`,
      tone: 'bad' as const,
      title: `Messages to ${name} do not arrive`,
      note: code === null ? `Of ${integration.name}.` : meaningOf(code),
      action: { label: 'Open destinations', to: `/integrations/${integrationId}/destinations` },
    }
  })
}

async function failedDeliveries(ctx: AppContext, now: number): Promise<Attention[]> {
  const to = ceilTo(now, MINUTE_MS)
  const from = to - DAY_MS
  const figures = await readCounts(ctx, { from, to }, { series: ['deliveries'] })
  const count = totalOf(figures).bad
  if (count === 0) return []
  return [
    {
      id: 'deliveries:failed',
      tone: 'bad',
      title: `${deliveries(count)} failed in the last 24 hours`,
      note: 'Slack refused them for good, or their tries are used up.',
      action: { label: 'See why', to: `/deliveries?state=failed&by=ended&from=${toInstant(from)}` },
    },
  ]
}

async function unclearDeliveries(ctx: AppContext, from: number): Promise<Attention[]> {
  const count = await countSince(ctx.db, 'unconfirmed', from)
  if (count === 0) return []
  return [
    {
      id: 'deliveries:unconfirmed',
      tone: 'warn',
      title: `${deliveries(count)} of the last 24 hours ${count === 1 ? 'is' : 'are'} unconfirmed`,
      note: 'Slack’s answer was lost, so the message may or may not stand in the channel.',
      action: { label: 'Look at them', to: `/deliveries?state=unconfirmed&from=${toInstant(from)}` },
    },
  ]
}

async function failingCommands(ctx: AppContext, now: number): Promise<Attention[]> {
  const to = ceilTo(now, MINUTE_MS)
  const figures = await readCounts(ctx, { from: to - DAY_MS, to }, { series: ['commands'] })
  return [...new Set(figures.map(({ label }) => label))].flatMap((command) => {
    const total = totalOf(figures.filter(({ label }) => label === command))
    const rate = rateOf(total)
    if (rate === null || rate >= targets.commandSuccess) return []
    return {
      id: `command:${command}`,
      tone: 'warn' as const,
      title: `${command} fails too often`,
      note: `${total.bad} of ${total.good + total.bad} uses failed in the last 24 hours.`,
      action: { label: 'See the uses', to: `/commands?command=${encodeURIComponent(command)}&outcome=failed` },
    }
  })
}

async function missingScopes(ctx: AppContext, enabled: IntegrationStanding[]): Promise<Attention[]> {
  const tests = await listLastTests(ctx.db)
  return tests.flatMap(({ integrationId, steps }) => {
    const integration = enabled.find(({ id }) => id === integrationId)
    const step = Steps.parse(JSON.parse(steps)).find(({ name }) => name === 'scopes')
    if (!integration || step?.code !== 'missing_scope') return []
    return {
      id: `scopes:${integrationId}`,
      tone: 'warn' as const,
      title: `${integration.name}: ${step.title}`,
      note: step.detail ?? 'What needs them does not work until the app is installed again.',
      action: { label: 'Open connection', to: `/integrations/${integrationId}/connection` },
    }
  })
}

const Steps = z.array(TestStep)
const DAY_MS = 86_400_000
const MOST_DESTINATIONS = 20
const MOST_INCIDENTS = 20

const meaningOf = (code: string): string => {
  const { meaning, fix } = deliveryCode(code)
  return `${meaning} ${fix}`
}
const deliveries = (count: number): string => `${count} ${count === 1 ? 'delivery' : 'deliveries'}`

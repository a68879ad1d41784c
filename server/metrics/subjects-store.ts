import type { Db, DestinationsTable, IncidentsTable, IntegrationsTable } from '../db/schema.ts'
import { IN_TROUBLE } from './counts-store.ts'

/** What figures are about: integrations, destinations and their tests, as far as the dashboards name them. */

export type IntegrationStanding = Pick<
  IntegrationsTable,
  'id' | 'name' | 'state' | 'stateCode' | 'stateAt' | 'disabledAt'
>
export type DestinationStanding = Pick<DestinationsTable, 'id' | 'name' | 'integrationId' | 'code' | 'stateAt'>

export async function listIntegrationStates(db: Db): Promise<IntegrationStanding[]> {
  return db
    .selectFrom('integrations')
    .select(['id', 'name', 'state', 'stateCode', 'stateAt', 'disabledAt'])
    .orderBy('id')
    .execute()
}

/** Destinations that are switched on and do not work. */
export async function listFailingDestinations(db: Db, most: number): Promise<DestinationStanding[]> {
  return db
    .selectFrom('destinations')
    .select(['id', 'name', 'integrationId', 'code', 'stateAt'])
    .where('state', '=', 'failing')
    .where('disabledAt', 'is', null)
    .orderBy('stateAt', 'desc')
    .orderBy('id')
    .limit(most)
    .execute()
}

/** When each integration last got a message through, as its destinations remember. */
export async function listLastDelivered(db: Db): Promise<Map<string, number>> {
  const rows = await db
    .selectFrom('destinations')
    .select((row) => ['integrationId', row.fn.max('lastDeliveredAt').as('at')])
    .where('lastDeliveredAt', 'is not', null)
    .groupBy('integrationId')
    .execute()
  return new Map(rows.map((row) => [row.integrationId, Number(row.at)]))
}

/** The steps of each integration's last test that ran to its end, as JSON. */
export async function listLastTests(db: Db): Promise<{ integrationId: string; steps: string }[]> {
  return db
    .selectFrom('connectionTests')
    .select(['integrationId', 'steps'])
    .where('state', 'not in', ['running', 'cancelled'])
    .where(({ not, exists, selectFrom }) =>
      not(
        exists(
          selectFrom('connectionTests as later')
            .select('later.id')
            .whereRef('later.integrationId', '=', 'connectionTests.integrationId')
            .whereRef('later.number', '>', 'connectionTests.number')
            .where('later.state', 'not in', ['running', 'cancelled']),
        ),
      ),
    )
    .execute()
}

/** Deliveries that stand in this state and came to it in this span. */
export async function countSince(db: Db, state: 'unconfirmed', from: number): Promise<number> {
  const row = await db
    .selectFrom('deliveries')
    .select((query) => query.fn.countAll().as('count'))
    .where(IN_TROUBLE)
    .where('state', '=', state)
    .where('createdAt', '>=', from)
    .executeTakeFirstOrThrow()
  return Number(row.count)
}

export type OpenIncident = Pick<
  IncidentsTable,
  'id' | 'subjectKind' | 'subjectId' | 'subjectName' | 'integrationId' | 'code'
>

/** What Switchboard found dead and nobody has resumed, the latest first. */
export async function listOpenIncidents(db: Db, most: number): Promise<OpenIncident[]> {
  return db
    .selectFrom('incidents')
    .select(['id', 'subjectKind', 'subjectId', 'subjectName', 'integrationId', 'code'])
    .where('closedAt', 'is', null)
    .orderBy('id', 'desc')
    .limit(most)
    .execute()
}

export async function countOpenIncidents(db: Db): Promise<number> {
  const row = await db
    .selectFrom('incidents')
    .select((query) => query.fn.countAll().as('count'))
    .where('closedAt', 'is', null)
    .executeTakeFirstOrThrow()
  return Number(row.count)
}

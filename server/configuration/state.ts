import type { Db } from '../db/schema.ts'
import { listDestinationRows, type SavedDestination } from '../destinations/store.ts'
import {
  listCredentials,
  listIntegrationRows,
  type SavedCredential,
  type SavedIntegration,
} from '../integrations/store.ts'
import type { SavedTarget } from '../routing/targets.ts'
import { type TargetKey, targetKey } from './target-keys.ts'

/** The integrations and destinations that there are: what everything else in a file refers to. */
export type State = {
  integrations: SavedIntegration[]
  credentials: SavedCredential[]
  destinations: ReadonlyMap<TargetKey, SavedDestination>
  /** The place of a saved target; undefined for one that was deleted. */
  keyOfTarget: (target: SavedTarget) => TargetKey | undefined
  keyOfDestination: (id: string) => TargetKey | undefined
}

export async function readState(db: Db): Promise<State> {
  const integrations = await readAll((cursor) => listIntegrationRows(db, { cursor, limit: PAGE }))
  const rows = (await readAll((cursor) => listDestinationRows(db, { cursor, limit: PAGE }))).reverse()
  const credentials = await listCredentials(
    db,
    integrations.map(({ id }) => id),
  )
  const destinations = withKeys(rows)
  const keys = new Map([...destinations].map(([key, { id }]) => [id, key]))
  return {
    integrations,
    credentials,
    destinations,
    keyOfDestination: (id) => keys.get(id),
    keyOfTarget: (target) =>
      'id' in target
        ? keys.get(target.id)
        : targetKey({ integrationId: target.integrationId, kind: 'recipient', target: '' }),
  }
}

/** Every row of a list that is read page by page, each page with one row more when there is another. */
export async function readAll<Row extends { id: string }>(
  read: (cursor: string | undefined) => Promise<Row[]>,
): Promise<Row[]> {
  const rows: Row[] = []
  for (;;) {
    const page = await read(rows.at(-1)?.id)
    rows.push(...page.slice(0, PAGE))
    if (page.length <= PAGE) return rows
  }
}

export const PAGE = 1_000

/** Webhooks go by their names. Of several with the same name the second, in the order they were made, is `name#2`. */
function withKeys(rows: readonly SavedDestination[]): Map<TargetKey, SavedDestination> {
  const keyed = new Map<TargetKey, SavedDestination>()
  for (const row of rows) {
    const { integrationId, kind } = row
    const word = kind === 'webhook' ? row.name : row.target
    let key = targetKey({ integrationId, kind, target: word })
    for (let number = 2; keyed.has(key); number += 1)
      key = targetKey({ integrationId, kind, target: `${word}#${number}` })
    keyed.set(key, row)
  }
  return keyed
}

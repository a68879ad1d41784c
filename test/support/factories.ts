import type { Db } from '../../server/db/schema.ts'
import type { SavedDelivery } from '../../server/deliveries/store.ts'
import { insertIntegration, type SavedIntegration } from '../../server/integrations/store.ts'

/** An instant that tests of stores go by. */
export const NOW = Date.UTC(2026, 10, 20, 12)
let number = 0

/** A delivery that waits, with ids in the order in which they were made. */
export function deliveryRow(change: Partial<SavedDelivery> = {}): SavedDelivery {
  number += 1
  return {
    id: `dlv_${String(number).padStart(6, '0')}`,
    eventId: null,
    integrationId: 'int_1',
    integrationName: 'Acme production',
    destinationId: 'dst_1',
    destinationKind: 'channel',
    destinationName: '#compliance',
    origin: 'message',
    title: 'Hello',
    message: '{"text":"Hello"}',
    priority: 'normal',
    state: 'pending',
    stateAt: NOW,
    tries: 0,
    dueAt: NOW,
    claimedBy: null,
    leaseEndsAt: null,
    createdAt: NOW,
    createdBy: 'a test',
    endedAt: null,
    deliveredAt: null,
    messageTs: null,
    conversationId: null,
    permalink: null,
    code: null,
    mark: null,
    replayOf: null,
    rank: 1,
    queueAt: NOW,
    type: null,
    recipient: null,
    action: 'post',
    threadKey: null,
    threadTs: null,
    broadcast: null,
    updateKey: null,
    updateTrail: null,
    dedupeKey: null,
    targetId: null,
    partOf: null,
    foldedInto: null,
    duplicateOf: null,
    policy: null,
    maxAttempts: null,
    nextAttemptDelayMs: null,
    foldAfter: null,
    unsureSince: null,
    looks: null,
    fileId: null,
    uploadId: null,
    replayId: null,
    detail: null,
    ...change,
  }
}

/** An integration that other rows belong to. */
export const integrationRow = (id: string, change: Partial<SavedIntegration> = {}): SavedIntegration => ({
  id,
  provider: 'slack',
  name: `Acme ${id}`,
  appId: 'A0123456',
  clientId: '1.2',
  features: [],
  testChannel: null,
  state: 'untested',
  stateAt: NOW,
  stateCode: null,
  disabledAt: null,
  pausedAt: null,
  pausedBy: null,
  pauseCode: null,
  maxAttempts: null,
  nextAttemptDelayMs: null,
  workspaceId: null,
  workspaceName: null,
  workspaceUrl: null,
  botUserId: null,
  botId: null,
  botName: null,
  createdAt: NOW,
  createdBy: 'a test',
  updatedAt: NOW,
  ...change,
})

/** An integration as a store test needs one to point at. */
export async function havingIntegration(db: Db, id = 'int_1'): Promise<void> {
  await insertIntegration(db, integrationRow(id))
}

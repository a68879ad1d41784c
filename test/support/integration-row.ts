import type { SavedIntegration } from '../../server/integrations/store.ts'
import { NOW } from './factories.ts'

/** An integration that other rows belong to. */
export const integrationRow = (id: string): SavedIntegration => ({
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
})

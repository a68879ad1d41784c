import type { AppContext } from '../../context.ts'
import type { CallResult, Connection, Findings, Provider } from '../provider.ts'
import { callAsBot } from './call.ts'
import { check } from './check/check.ts'
import {
  findPersonByEmail,
  getChannel,
  getPerson,
  listChannels,
  listGroups,
  listPeople,
  openDirectMessage,
  read,
} from './directory.ts'
import { AuthTest, asFindings } from './identity.ts'
import { look } from './look.ts'
import { send } from './messages.ts'
import { rates } from './tiers.ts'

export const slack: Provider = {
  kind: 'slack',
  send,
  look,
  rates,
  check,
  probe,
  directory: {
    listChannels: (ctx, connection, page) => listChannels(ctx, connection, page),
    getChannel: (ctx, connection, channelId) => getChannel(ctx, connection, channelId),
    findPersonByEmail,
    getPerson,
    listPeople,
    listGroups,
    openDirectMessage: (ctx, connection, person) => openDirectMessage(ctx, connection, person),
  },
}

async function probe(ctx: AppContext, connection: Connection): Promise<CallResult<Findings>> {
  return read(await callAsBot(ctx, connection, 'auth.test', {}), AuthTest, asFindings)
}

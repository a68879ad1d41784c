import { Integration } from '../../shared/integrations.ts'
import { pageOf } from '../../shared/paging.ts'
import { plain } from './print.ts'
import { EXIT, Problem, wrongUsage } from './problem.ts'
import { ask, type Server } from './server-client.ts'

/** The integration by its id or name; without one the only one there is. */
export async function findIntegrationId(server: Server, wanted: string | undefined): Promise<string> {
  if (wanted?.startsWith('int_')) return wanted
  const { items } = await ask(server, { path: 'api/integrations', query: { limit: 200 } }, pageOf(Integration))
  const fitting = wanted === undefined ? items : items.filter(({ name }) => name.toLowerCase() === wanted.toLowerCase())
  const [only] = fitting
  if (only && fitting.length === 1) return only.id
  if (items.length === 0) {
    throw new Problem(EXIT.failed, 'No integration is connected yet.', 'Connect Slack in the console first.')
  }
  const named = items.map(({ id, name }) => `  ${id}  ${plain(name)}`).join('\n')
  if (wanted === undefined)
    throw wrongUsage(`Several integrations are connected:\n${named}`, 'Name one by --integration ID.')
  const count = fitting.length === 0 ? 'No integration is' : 'Several integrations are'
  throw new Problem(EXIT.failed, `${count} named ${plain(wanted)}. There are:\n${named}`, 'Name one by its id.')
}

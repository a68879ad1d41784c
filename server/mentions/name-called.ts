import type { z } from 'zod'
import type { CalledNames, ListCalledNames } from '../../shared/mentions.ts'
import type { AppContext } from '../context.ts'
import { beginToLook, showLists } from './show-lists.ts'
import { listCalled } from './store.ts'

/**
 * What the people and groups that a message calls are called. By id alone, which stands in the message: nobody finds out
 * here whose an e-mail address is.
 */
export async function nameCalled(
  ctx: AppContext,
  { integrationId, ids }: z.output<typeof ListCalledNames>,
): Promise<CalledNames> {
  await beginToLook(ctx, integrationId)
  const called = await listCalled(ctx.db, integrationId, { names: [], emails: [], ids: ids.split(',') })
  return { items: called.map(({ id, name }) => ({ id, name })), lists: await showLists(ctx.db, integrationId) }
}

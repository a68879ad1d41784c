import type { AppContext } from '../context.ts'
import { isMigrated } from './store.ts'

/** Why requests can't be served, in a sentence that tells strangers nothing; undefined when they can. */
export async function whyNotReady(ctx: AppContext): Promise<string | undefined> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<'late'>((resolve) => {
    timer = setTimeout(resolve, MOST_MS, 'late')
  })
  try {
    const answered = await Promise.race([isMigrated(ctx.db), late])
    if (answered === 'late') return 'The database does not answer in time.'
    return answered ? undefined : 'The database is not brought up to date yet.'
  } catch (error) {
    ctx.log.error('store.unavailable', { error })
    return 'The database can not be reached.'
  } finally {
    clearTimeout(timer)
  }
}

const MOST_MS = 2_000

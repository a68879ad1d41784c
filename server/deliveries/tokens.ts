import type { AppContext } from '../context.ts'
import type { Db } from '../db/schema.ts'
import { providers } from '../providers/registry.ts'
import type { Candidate } from './candidates.ts'
import type { ClaimRequest } from './claim.ts'
import { lockBuckets, putBuckets, type SavedBucket } from './lanes/buckets-store.ts'
import type { ClaimedLane, Released } from './lanes/lanes-store.ts'
import { freeAtOf, takeTokens } from './lanes/pacing.ts'
import { needsOf } from './needs.ts'

/** Those that get all the tokens they need; the others wait for theirs, with no attempt used up. */
export async function withTokens(
  ctx: AppContext,
  trx: Db,
  candidates: Candidate[],
  released: Released[],
  { now, blocked }: ClaimRequest,
): Promise<(Candidate & { pacedUntil: number })[]> {
  if (ctx.pace === 'off') return candidates.map((candidate) => ({ ...candidate, pacedUntil: 0 }))
  const wanted = candidates.map((candidate) => {
    const { integration, delivery, act } = candidate
    return { candidate, needs: needsOf(providers[integration.provider], candidate, delivery, act) }
  })
  const buckets = await lockBuckets(trx, [...new Set(wanted.flatMap(({ needs }) => needs.map(({ key }) => key)))])
  const before = new Map(buckets)
  const taken: (Candidate & { pacedUntil: number })[] = []
  // By rank, then by who waits longest: the order in which the lanes were claimed.
  for (const { candidate, needs } of wanted.sort((a, b) => order(a.candidate.lane, b.candidate.lane))) {
    const freeAt = needs.length > 0 ? takeTokens(buckets, needs, now) : undefined
    const own = needs.find(({ key }) => !key.startsWith('method '))
    if (freeAt === undefined) {
      const pacedUntil = own ? freeAtOf(buckets.get(own.key), own.rate, now) : 0
      taken.push({ ...candidate, pacedUntil })
      continue
    }
    released.push(waitForToken(candidate, freeAt, buckets, needs, { now, blocked }))
  }
  await putBuckets(
    trx,
    [...buckets.values()].filter((bucket) => before.get(bucket.key) !== bucket),
  )
  return taken
}

const order = (a: ClaimedLane, b: ClaimedLane): number => a.rank - b.rank || a.nextAt - b.nextAt

/**
 * Without a token of its conversation a lane waits for that one. Without one of the method all lanes of the integration
 * would come back in vain, so it is left out for the moment that takes, and each keeps its place.
 */
function waitForToken(
  { lane, integration }: Candidate,
  freeAt: number,
  buckets: Map<string, SavedBucket>,
  needs: ReturnType<typeof needsOf>,
  { now, blocked }: Pick<ClaimRequest, 'now' | 'blocked'>,
): Released {
  const { destinationId, rank, nextAt } = lane
  const method = needs.find(({ key }) => key.startsWith('method '))
  const isMethod = method !== undefined && freeAtOf(buckets.get(method.key), method.rate, now) >= freeAt
  if (!isMethod || freeAt - now > LONGEST_BLOCK_MS) return { destinationId, rank, nextAt: freeAt }
  blocked.set(integration.id, Math.max(freeAt, blocked.get(integration.id) ?? 0))
  return { destinationId, rank, nextAt }
}

export const LONGEST_BLOCK_MS = 1_000

/** Token buckets: what Slack allows per method and token, per channel and per webhook. */
export type Limiter = Map<string, { left: number; at: number }>

export type Rate = { burst: number; perSecond: number }

/** Slack's tiers (requests a minute). `special` stands for its "hundreds per minute". */
export const TIERS = {
  t1: perMinute(1),
  t2: perMinute(20),
  t3: perMinute(50),
  t4: perMinute(100),
  special: perMinute(300),
} as const

export type Tier = keyof typeof TIERS

/** About one message a second with short bursts; Slack does not publish the burst, 3 is ours. */
export const POSTING: Rate = { burst: 3, perSecond: 1 }

/** Takes one from a bucket. 0: go ahead; otherwise the whole seconds to wait, and nothing was taken. */
export function take(limiter: Limiter, key: string, rate: Rate, now: number): number {
  const bucket = limiter.get(key) ?? { left: rate.burst, at: now }
  const refilled = Math.min(rate.burst, bucket.left + (Math.max(0, now - bucket.at) / 1000) * rate.perSecond)
  limiter.set(key, { left: refilled >= 1 ? refilled - 1 : refilled, at: now })
  return refilled >= 1 ? 0 : Math.max(1, Math.ceil((1 - refilled) / rate.perSecond))
}

function perMinute(requests: number): Rate {
  return { burst: requests, perSecond: requests / 60 }
}

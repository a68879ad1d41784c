import type { SandboxLine } from '../support/sandbox.ts'
import type { Place } from './connect.ts'
import type { Kept } from './load.ts'

/* What stands in Slack beside what was promised. Each gives sentences about what is wrong, so that none is a proof. */

/** Lost, doubled, in another channel, or never asked for: of messages through the bot, which carry their delivery. */
export function wrongInChannels(kept: Kept[], lines: SandboxLine[], places: Place[]): string[] {
  const channelOf = new Map(places.map(({ id, channelId }) => [id, channelId]))
  const isBot = new Set(places.filter(({ kind }) => kind === 'channel').map(({ id }) => id))
  const promised = new Map(kept.filter(({ placeId }) => isBot.has(placeId)).map((each) => [each.deliveryId, each]))
  const wrong: string[] = []
  const seen = new Map<string, number>()
  for (const { deliveryId, channel, text } of lines) {
    if (deliveryId === undefined) continue
    const promise = promised.get(deliveryId)
    if (!promise) wrong.push(`${deliveryId} (${text}) stands in ${channel} and nobody was promised it`)
    else if (promise.text !== text || channelOf.get(promise.placeId) !== channel) {
      wrong.push(`${deliveryId} is ${promise.text} and stands in ${channel} as ${text}`)
    }
    seen.set(deliveryId, (seen.get(deliveryId) ?? 0) + 1)
  }
  for (const { deliveryId, text } of promised.values()) {
    const count = seen.get(deliveryId) ?? 0
    if (count !== 1) wrong.push(`${deliveryId} (${text}) stands there ${count} times`)
  }
  return wrong
}

/** How often each message through a webhook stands there; they carry no delivery, so their text tells them apart. */
export function countsOfWebhooks(kept: Kept[], lines: SandboxLine[], places: Place[]) {
  const channelOf = new Map(places.filter(({ kind }) => kind === 'webhook').map(({ id, channelId }) => [id, channelId]))
  const counts = new Map<string, number>()
  const nameOf = (channel: string | undefined, text: string) => `${channel} ${text}`
  for (const { deliveryId, channel, text } of lines) {
    if (deliveryId === undefined) counts.set(nameOf(channel, text), (counts.get(nameOf(channel, text)) ?? 0) + 1)
  }
  const promised = kept.filter(({ placeId }) => channelOf.has(placeId))
  const found = promised.map((each) => {
    const name = nameOf(channelOf.get(each.placeId), each.text)
    const count = counts.get(name) ?? 0
    counts.delete(name)
    return { ...each, count }
  })
  return { found, uncalledFor: [...counts.keys()] }
}

/**
 * A message that stands after one of its channel and priority that came later: that was asked for only after it had
 * been kept, or stood behind it in one request.
 */
export function outOfOrder(kept: Kept[], lines: SandboxLine[]): string[] {
  const promised = new Map(kept.map((each) => [each.deliveryId, each]))
  const rows = new Map<string, Kept[]>()
  const seen = new Set<string>()
  const inOrder = [...lines].sort((one, other) => Number(one.ts) - Number(other.ts))
  for (const { deliveryId } of inOrder) {
    const promise = deliveryId === undefined ? undefined : promised.get(deliveryId)
    if (!promise || seen.has(promise.deliveryId)) continue
    seen.add(promise.deliveryId)
    const name = `${promise.placeId} ${promise.priority}`
    rows.set(name, [...(rows.get(name) ?? []), promise])
  }
  return [...rows.values()].flatMap((row) => {
    const wrong: string[] = []
    let latest = row[0]
    const ofRequest = new Map<number, Kept>()
    for (const each of row) {
      const before = ofRequest.get(each.askedAt)
      if (before && before.number > each.number) wrong.push(`${each.text} stands after ${before.text}`)
      ofRequest.set(each.askedAt, each)
      if (latest && each.keptAt < latest.askedAt) wrong.push(`${each.text} stands after ${latest.text}`)
      if (!latest || each.askedAt > latest.askedAt) latest = each
    }
    return wrong
  })
}

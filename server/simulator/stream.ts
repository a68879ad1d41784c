import type { Message } from './workspace.ts'

/** What the page is told as it happens. */
export type News =
  | { kind: 'message'; channelId: string; message: Message }
  | { kind: 'message_changed'; channelId: string; message: Message }
  | { kind: 'message_deleted'; channelId: string; ts: string }
  | { kind: 'call'; id: number; method: string }
  | { kind: 'state' }

export type Feed = Set<(news: News) => void>

export function tell(feed: Feed, news: News): void {
  for (const listener of feed) listener(news)
}

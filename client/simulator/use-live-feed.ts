import { useQueryClient } from '@tanstack/react-query'
import { useEffect, useState } from 'react'
import { callsQuery, messagesQuery } from './queries.ts'

/** A busy demo makes many calls a second; the lists follow at most this often. */
const FOLLOW_MS = 250

/** Follows the sandbox: what the feed names is asked for again. False while the connection is down. */
export function useLiveFeed(channelId: string): boolean {
  const queryClient = useQueryClient()
  const [isLive, setIsLive] = useState(false)

  useEffect(() => {
    const source = new EventSource('/_sim/stream')
    const { follow, cancel } = gather((topics) => {
      if (topics.has('state')) return queryClient.invalidateQueries()
      if (topics.has('call')) queryClient.invalidateQueries(callsQuery)
      if (topics.has(channelId)) queryClient.invalidateQueries(messagesQuery(channelId))
      if (topics.has('message')) queryClient.invalidateQueries({ queryKey: ['channels'] })
    })
    const onMessage = (event: MessageEvent<string>) => follow('message', JSON.parse(event.data).channelId)
    for (const kind of ['message', 'message_changed', 'message_deleted']) source.addEventListener(kind, onMessage)
    source.addEventListener('state', () => follow('state'))
    source.addEventListener('call', () => follow('call'))
    source.addEventListener('hello', () => {
      setIsLive(true)
      // What happened while the connection was down was not told.
      follow('state')
    })
    source.addEventListener('error', () => setIsLive(false))
    return () => {
      cancel()
      source.close()
    }
  }, [queryClient, channelId])

  return isLive
}

/** Collects topics and hands them on together, so that a burst costs one round. */
function gather(tell: (topics: Set<string>) => void) {
  let topics = new Set<string>()
  let timer: ReturnType<typeof setTimeout> | undefined
  const follow = (...more: string[]) => {
    for (const topic of more) topics.add(topic)
    timer ??= setTimeout(() => {
      timer = undefined
      const collected = topics
      topics = new Set()
      tell(collected)
    }, FOLLOW_MS)
  }
  return { follow, cancel: () => clearTimeout(timer) }
}

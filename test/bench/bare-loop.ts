import { WebClient } from '@slack/web-api'
import { messageOf } from './messages.ts'
import { onRuns } from './peer.ts'

/* The peer of `deliveries`: nothing but Slack's client, with so many requests in flight. It keeps nothing. */
const [apiUrl = '', token = '', ...channels] = process.argv.slice(2)
const IN_FLIGHT = 50
const client = new WebClient(token, { slackApiUrl: apiUrl, retryConfig: { retries: 0 } })

onRuns(async (count) => {
  let next = 0
  const sendOn = async () => {
    while (next < count) {
      const number = next
      next += 1
      await client.chat.postMessage({ channel: channels[number % channels.length] ?? '', ...messageOf(number) })
    }
  }
  await Promise.all(Array.from({ length: IN_FLIGHT }, sendOn))
})

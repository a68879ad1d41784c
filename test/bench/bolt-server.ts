import { App, HTTPReceiver, LogLevel } from '@slack/bolt'

/** The peer: one slash command on Slack's own framework, answered at once and kept nowhere. */
const receiver = new HTTPReceiver({
  signingSecret: process.env.SIGNING_SECRET ?? '',
  endpoints: ['/slack/commands'],
  logLevel: LogLevel.ERROR,
})
const app = new App({
  receiver,
  logLevel: LogLevel.ERROR,
  authorize: async () => ({ botToken: 'xoxb-bench', botId: 'B0BENCH01', botUserId: 'U0BENCH01' }),
})
app.command('/switchboard', async ({ ack }) => {
  await ack({ response_type: 'ephemeral', text: process.env.ANSWER ?? '' })
})
const server = await receiver.start({ port: 0, host: '127.0.0.1' })
const address = server.address()
process.stdout.write(`Bolt is at http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}\n`)
process.on('SIGTERM', () => process.exit(0))

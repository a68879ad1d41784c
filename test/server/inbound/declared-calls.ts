import { startPlatform } from '../../support/platform.ts'
import type { Answer } from '../../support/world.ts'
import { startCalled } from './slack-calls.ts'

const COMPLIANCE = {
  description: 'Check current compliance status',
  parameters: [{ name: 'framework' }, { name: 'note' }],
  handler: 'compliance_status_command',
}

/** A world whose `/compliance` is declared, a platform behind its endpoint, and a person who types. */
export async function startDeclared(options: Parameters<typeof startCalled>[0] & { endpoint?: boolean } = {}) {
  const platform = await startPlatform()
  const called = await startCalled(options)
  const admin = await called.as('admin')
  const put = expectOk(await admin.put('/api/commands/compliance', COMPLIANCE))
  const path = `/api/integrations/${called.integration.id}/platform`
  const made = options.endpoint === false ? undefined : expectOk(await admin.put(path, { url: platform.url }))
  const secret = (made?.body.newSecret ?? '') as string
  const [person] = await called.slack.people()
  const channelId = await called.slack.channel('compliance')
  return {
    ...called,
    admin,
    put,
    path,
    platform,
    secret,
    channelId,
    /** In Slack, where the simulator hands out a response_url. */
    type: (text = '', command = '/compliance') =>
      called.slack.command({ command, text, userId: person?.id, channelId }),
    /** What the person sees in the channel, oldest first. */
    seen: async () => (await called.slack.messages(channelId)) as { text: string; ephemeral_to?: string }[],
    first: async () => (await called.invocations())[0],
    async [Symbol.asyncDispose]() {
      await called[Symbol.asyncDispose]()
      await platform[Symbol.asyncDispose]()
    },
  }
}

function expectOk(answer: Answer): Answer {
  if (answer.status >= 400) throw new Error(`Answered ${answer.status}: ${answer.text}`)
  return answer
}

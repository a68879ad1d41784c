import type { Simulator } from '../../server/simulator/simulator.ts'

export type SandboxApp = {
  appId: string
  name: string
  clientId: string
  clientSecret: string
  signingSecret: string
  botToken: string
  userToken: string
  appToken: string
  botUserId: string
  scopes: string[]
  webhooks: { id: string; url: string; channelId: string; channel: string }[]
}
export type SandboxMessage = { ts: string; text: string; blocks?: unknown[]; metadata?: unknown; thread_ts?: string }
/** One of all messages, as short as it can be told. */
export type SandboxLine = {
  channel: string
  ts: string
  text: string
  thread_ts?: string
  deliveryId?: string
  files?: string[]
}
export type SandboxCall = { method: string; status: number; args: Record<string, unknown> }
export type SandboxAnswer = { status: number; tookMs: number; body: string; error?: string }

/** The simulator's control API, as a test speaks it. */
export function sandboxOf(simulator: Simulator) {
  const ask = async <Answer>(method: string, path: string, body?: unknown): Promise<Answer> => {
    const response = await fetch(`${simulator.url}/_sim${path}`, {
      method,
      ...(body === undefined ? {} : { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } }),
    })
    const text = await response.text()
    if (!response.ok) throw new Error(`${method} ${path} answered ${response.status}: ${text}`)
    return (text ? JSON.parse(text) : undefined) as Answer
  }
  return {
    ...simulator,
    ask,
    apps: () => ask<SandboxApp[]>('GET', '/apps'),
    app: async (): Promise<SandboxApp> => {
      const [first] = await ask<SandboxApp[]>('GET', '/apps')
      if (!first) throw new Error('The sandbox has no app.')
      return first
    },
    changeApp: (appId: string, change: Record<string, unknown>) => ask<SandboxApp>('PATCH', `/apps/${appId}`, change),
    changeToken: (appId: string, kind: 'bot' | 'user' | 'app', change: Record<string, unknown>) =>
      ask<unknown>('PATCH', `/apps/${appId}/tokens/${kind}`, change),
    channels: () => ask<{ id: string; name: string }[]>('GET', '/channels'),
    channel: async (name: string): Promise<string> => {
      const channels = await ask<{ id: string; name: string }[]>('GET', '/channels')
      const found = channels.find((channel) => channel.name === name)
      if (!found) throw new Error(`The sandbox has no channel ${name}.`)
      return found.id
    },
    changeChannel: (id: string, change: Record<string, unknown>) => ask<unknown>('PATCH', `/channels/${id}`, change),
    messages: (channelId: string) => ask<SandboxMessage[]>('GET', `/channels/${channelId}/messages`),
    allMessages: () => ask<SandboxLine[]>('GET', '/messages'),
    settings: (change: Record<string, unknown>) => ask<unknown>('PATCH', '/settings', change),
    people: () => ask<{ id: string; name: string; email?: string }[]>('GET', '/users'),
    fault: (fault: Record<string, unknown>) => ask<{ id: string }>('POST', '/faults', fault),
    clearFaults: () => ask<unknown>('DELETE', '/faults'),
    calls: (method?: string) => ask<SandboxCall[]>('GET', method ? `/calls?method=${method}` : '/calls'),
    command: (command: Record<string, unknown>) => ask<SandboxAnswer>('POST', '/commands', command),
    click: (click: Record<string, unknown>) => ask<SandboxAnswer>('POST', '/clicks', click),
  }
}

export type Sandbox = ReturnType<typeof sandboxOf>

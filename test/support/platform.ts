import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { Webhook } from 'standardwebhooks'

export type SeenCall = {
  path: string
  headers: Record<string, string>
  text: string
  // biome-ignore lint/suspicious/noExplicitAny: a test reads whatever was sent and asserts on it
  body: any
}
type Answering = (call: SeenCall, response: ServerResponse) => void

/** The customer's own service on a loopback port: it keeps each call, and answers as the test says. */
export async function startPlatform() {
  const calls: SeenCall[] = []
  let answering: Answering = (_, response) => response.end('{}')
  const server = createServer(async (request, response) => {
    const text = await bodyOf(request)
    const call = {
      path: request.url ?? '',
      headers: request.headers as Record<string, string>,
      text,
      body: text && JSON.parse(text),
    }
    calls.push(call)
    answering(call, response)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const host = `127.0.0.1:${(server.address() as AddressInfo).port}`
  return {
    host,
    url: `http://${host}/switchboard`,
    calls,
    answer: (next: Answering) => {
      answering = next
    },
    /** Answers 200 with this JSON to whoever has the secret, and 401 to all others, as a careful platform does. */
    trust: (secret: string, body: unknown = { ok: true }) => {
      answering = (call, response) => {
        response.statusCode = isSignedWith(secret, call) ? 200 : 401
        response.end(JSON.stringify(response.statusCode === 200 ? body : { error: 'signature' }))
      }
    },
    async [Symbol.asyncDispose]() {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

/** Whether a call carries a signature of this secret, as the library that receivers use sees it. */
export function isSignedWith(secret: string, { text, headers }: Pick<SeenCall, 'text' | 'headers'>): boolean {
  try {
    new Webhook(secret).verify(text, headers)
    return true
  } catch {
    return false
  }
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = []
  for await (const chunk of request) chunks.push(chunk)
  return Buffer.concat(chunks).toString('utf8')
}

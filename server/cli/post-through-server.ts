import { randomUUID } from 'node:crypto'
import { setTimeout as wait } from 'node:timers/promises'
import { Delivery } from '../../shared/deliveries.ts'
import { deliveryCode } from '../../shared/delivery-codes.ts'
import type { DestinationRef } from '../../shared/events.ts'
import { AcceptedMessage, NewMessage } from '../../shared/messages.ts'
import '../../shared/schema-words.ts'
import { slackCode } from '../../shared/slack-codes.ts'
import { findIntegrationId } from './find-integration.ts'
import { instant, isFromNow } from './options.ts'
import { bytesOf, type ContentFile, type ContentOptions, type PostContent, readContent } from './post-content.ts'
import { note, plain, print, printJson, shownInstant } from './print.ts'
import { EXIT, type ExitCode, Problem, wrongUsage } from './problem.ts'
import {
  type Asked,
  ask,
  askUntilAnswered,
  findServer,
  NoAnswer,
  type Server,
  type ServerOptions,
} from './server-client.ts'

export type ServerPostOptions = ContentOptions &
  ServerOptions & {
    channel?: string
    person?: string
    destination?: string
    webhookDestination?: string
    integration?: string
    thread?: string
    priority?: NewMessage['priority']
    sendAt?: string
    key?: string
    wait?: true | number
  }

/** Hands the message to the server, which keeps it until it arrives. */
export async function postThroughServer(options: ServerPostOptions): Promise<void> {
  checkOptions(options)
  const content = await readContent(options)
  const server = await findServer(options)
  const message = messageOf(options, content, await destinationOf(server, options))
  const key = options.key ?? randomUUID()
  const handedOver = { message, key, file: content.file, isOwnKey: options.key !== undefined }
  const { answer: accepted, isRepeated } = await handOver(server, handedOver)
  if (isRepeated) note(`An earlier run posted this with the key ${key}, so it is not posted again.`)
  if (options.wait === undefined) {
    if (options.json) printJson({ ...accepted, isRepeated })
    else print(`${accepted.id} ${accepted.state}: follow it with switchboard deliveries show ${accepted.id}`)
    return
  }
  const delivery = await untilEnded(server, accepted.id, options.wait === true ? DEFAULT_WAIT_S : options.wait)
  if (options.json) printJson(delivery)
  tellOutcome(delivery, options.json ?? false)
}

const DEFAULT_WAIT_S = 60
const UPLOAD_TIMEOUT_MS = 15 * 60_000
const LONGEST_POLL_MS = 2_000

function checkOptions(options: ServerPostOptions): void {
  const { channel, person, destination, webhookDestination, integration, key, sendAt } = options
  const given = [channel, person, destination, webhookDestination].filter((each) => each !== undefined)
  if (given.length !== 1) {
    const what = given.length === 0 ? 'Nothing says where it goes.' : 'Several options say where it goes.'
    throw wrongUsage(what, 'Give one of --channel, --person, --destination and --webhook-destination.')
  }
  if (integration !== undefined && channel === undefined && person === undefined) {
    throw wrongUsage('A destination belongs to its integration already.', 'Leave --integration out.')
  }
  if (key !== undefined && sendAt !== undefined && isFromNow(sendAt)) {
    const why = 'With --key a second run has to ask for the very same, and --send-at counts from now.'
    throw wrongUsage(why, 'Give the instant itself, for example 2026-11-26T08:00:00Z.')
  }
}

async function destinationOf(server: Server, options: ServerPostOptions): Promise<DestinationRef> {
  const { channel, person, destination, webhookDestination, integration } = options
  const id = destination ?? webhookDestination
  if (id !== undefined) return id
  const integrationId = await findIntegrationId(server, integration)
  return channel === undefined ? { integrationId, person: person ?? '' } : { integrationId, channel }
}

function messageOf(
  { thread, priority, sendAt }: ServerPostOptions,
  { text, blocks, altText }: PostContent,
  destination: DestinationRef,
): NewMessage {
  const at = sendAt === undefined ? undefined : instant('ahead')(sendAt)
  const given = { destination, text, blocks, altText, threadKey: thread, priority, sendAt: at }
  const read = NewMessage.safeParse(given)
  if (read.success) return read.data
  const [wrong] = read.error.issues
  throw wrongUsage(`The message can't be posted: ${wrong?.path.join('.')}: ${wrong?.message}`)
}

type HandedOver = { message: NewMessage; key: string; file: PostContent['file']; isOwnKey: boolean }

/** Under its key it may be handed over again: the server takes it once. */
async function handOver(server: Server, { message, key, file, isOwnKey }: HandedOver) {
  const asked: Asked = { method: 'POST', path: 'api/messages', headers: { 'idempotency-key': key } }
  const makeAsked = (): Asked => {
    if (!file) return { ...asked, body: message }
    const boundary = randomUUID()
    const headers = { ...asked.headers, 'content-type': `multipart/form-data; boundary=${boundary}` }
    return { ...asked, headers, stream: formOf(boundary, message, file), timeoutMs: UPLOAD_TIMEOUT_MS }
  }
  try {
    return await askUntilAnswered(server, makeAsked, AcceptedMessage)
  } catch (error) {
    if (!(error instanceof NoAnswer) || !error.mayHaveArrived || isOwnKey) throw error
    throw new Problem(error.exitCode, error.message, `Run it again with --key ${key}, so that it is not posted twice.`)
  }
}

/** Not FormData: its Blob of a file that changes meanwhile ends the whole process. */
async function* formOf(boundary: string, message: NewMessage, file: ContentFile): AsyncGenerator<Uint8Array> {
  const name = file.name.replace(/[\r\n"]/g, encodeURIComponent)
  const partOf = (head: string) => `\r\n--${boundary}\r\ncontent-disposition: form-data; name=${head}\r\n`
  yield Buffer.from(`${partOf('"message"')}\r\n${JSON.stringify(message)}`)
  yield Buffer.from(`${partOf(`"file"; filename="${name}"`)}content-type: application/octet-stream\r\n\r\n`)
  yield* bytesOf(file)
  yield Buffer.from(`\r\n--${boundary}--\r\n`)
}

/**
 * Looks until the delivery has ended; says once why it is held up. The message was accepted, so a server that is gone for
 * a while (it restarts, for example) is waited for, and nobody is told to post it again.
 */
async function untilEnded(server: Server, id: string, seconds: number): Promise<Delivery> {
  const endAt = performance.now() + seconds * 1_000
  let toldState: string | undefined
  for (let pauseMs = 100; ; pauseMs = Math.min(pauseMs * 1.5, LONGEST_POLL_MS)) {
    const leftMs = endAt - performance.now()
    const delivery = await look(server, id)
    if (delivery instanceof NoAnswer) {
      if (leftMs <= 0) throw lostSight(delivery, id)
      await wait(Math.min(pauseMs, leftMs))
      continue
    }
    if (ENDED.includes(delivery.state)) return delivery
    if (delivery.state !== toldState && (delivery.state === 'held' || delivery.state === 'retrying')) {
      note(`${id} is ${delivery.state}${why(delivery.code)}`)
      toldState = delivery.state
    }
    if (leftMs <= 0) throw stillWaiting(delivery, seconds)
    await wait(Math.min(pauseMs, leftMs))
  }
}

const look = (server: Server, id: string): Promise<Delivery | NoAnswer> =>
  ask(server, { path: `api/deliveries/${encodeURIComponent(id)}` }, Delivery).catch((error: unknown) => {
    if (error instanceof NoAnswer) return error
    throw error
  })

function lostSight({ exitCode }: NoAnswer, id: string): Problem {
  return new Problem(
    exitCode,
    `${id} was accepted, but what became of it could not be read: the server does not answer any more.`,
    `The server keeps it, so do not post it again: switchboard deliveries show ${id}`,
  )
}

const ENDED: readonly Delivery['state'][] = ['delivered', 'failed', 'suppressed', 'cancelled']

const why = (code: string | undefined) => {
  if (code === undefined) return ''
  const { meaning, fix } = deliveryCode(code)
  return `, ${code}: ${meaning} ${fix}`
}

function stillWaiting({ id, state, code, expectedAt }: Delivery, seconds: number): Problem {
  const expected = expectedAt ? ` It is expected at ${shownInstant(expectedAt)}.` : ''
  return new Problem(
    EXIT.failed,
    `${id} has not ended after ${seconds} s: it is ${state}${why(code)}.${expected}`,
    `The server keeps it and goes on: switchboard deliveries show ${id}`,
  )
}

function tellOutcome(delivery: Delivery, isJson: boolean): void {
  const { id, state, destination, deliveredAt, permalink, code, detail, mark } = delivery
  if (state === 'delivered') {
    if (isJson) return
    const place = permalink ? `\n${plain(permalink)}` : ''
    const doubt = mark === 'maybe_sent' ? ' (maybe: nobody could look)' : ''
    print(
      `${id} delivered to ${plain(destination.name)} at ${shownInstant(deliveredAt ?? delivery.createdAt)}${doubt}${place}`,
    )
    return
  }
  const said = detail ? ` Slack adds: ${plain(detail)}` : ''
  const meaning = code ? ` ${code}: ${deliveryCode(code).meaning}${said}` : ''
  throw new Problem(exitOf(delivery), `${id} is ${state}.${meaning}`, code && deliveryCode(code).fix)
}

/** Who is behind an end that was no delivery: Slack, the road to it, or Switchboard and its users. */
function exitOf({ state, code, attempts }: Delivery): ExitCode {
  if (state !== 'failed' || code === undefined || attempts.length === 0) return EXIT.failed
  return slackCode(code).from.includes('network') ? EXIT.unreachable : EXIT.slackSaidNo
}

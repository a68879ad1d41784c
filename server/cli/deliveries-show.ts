import type { Command } from 'commander'
import { type Attempt, Delivery, type TimelineEntry } from '../../shared/deliveries.ts'
import { deliveryCode } from '../../shared/delivery-codes.ts'
import { withServer } from './options.ts'
import { plain, print, printJson, shownDuration, shownInstant } from './print.ts'
import { ask, findServer } from './server-client.ts'

export function deliveriesShow(deliveries: Command): void {
  withServer(deliveries.command('show').description('One delivery: how it stands, its time line and attempts'))
    .argument('<id>', 'for example dlv_…')
    .action(async (id: string, options: Parameters<typeof findServer>[0]) => {
      const server = await findServer(options)
      const delivery = await ask(server, { path: `api/deliveries/${encodeURIComponent(id)}` }, Delivery)
      if (options.json) printJson(delivery)
      else printDelivery(delivery)
    })
}

function printDelivery(delivery: Delivery): void {
  const { id, title, state, destination, priority, code, detail, mark, permalink, file, ahead, expectedAt } = delivery
  print(`${id}  ${plain(title)}`)
  print(`  To         ${plain(destination.name)} (${destination.kind}, ${destination.id})`)
  print(`  State      ${state}, priority ${priority}`)
  if (code) print(`  Code       ${code}: ${deliveryCode(code).meaning}`)
  if (detail) print(`  Slack said ${plain(detail)}`)
  if (code && delivery.deliveredAt === undefined) print(`  To do      ${deliveryCode(code).fix}`)
  if (mark) print(`  Mark       ${MARKS[mark]}`)
  if (file) print(`  File       ${plain(file.name)}, ${file.sizeBytes} bytes`)
  if (expectedAt) print(`  Expected   ${shownInstant(expectedAt)}${ahead === undefined ? '' : `, ${ahead} before it`}`)
  if (permalink) print(`  In Slack   ${plain(permalink)}`)
  if (delivery.timeline.length > 0) print('\nTime line')
  for (const entry of delivery.timeline) printEntry(entry)
  if (delivery.attempts.length > 0) print('\nRequests to Slack')
  for (const attempt of delivery.attempts) printAttempt(attempt)
}

const MARKS = {
  may_be_duplicate: 'It may stand in Slack twice.',
  maybe_sent: 'It may have arrived; nobody looked, or could.',
} as const

function printEntry({ at, title, note, code, fix }: TimelineEntry): void {
  print(`  ${shownInstant(at)}  ${plain(title)}${code ? ` (${code})` : ''}`)
  if (note) print(`${INDENT}${plain(note)}`)
  if (fix) print(`${INDENT}${plain(fix)}`)
}

function printAttempt(attempt: Attempt): void {
  const { number, method, startedAt, tookMs, outcome, code, httpStatus, requestId, retryAfterMs } = attempt
  const facts = [
    httpStatus === undefined ? undefined : `HTTP ${httpStatus}`,
    code,
    retryAfterMs === undefined ? undefined : `asked to wait ${shownDuration(retryAfterMs)}`,
    requestId && `request ${plain(requestId)}`,
  ].filter(Boolean)
  const which = number === undefined ? '-' : String(number)
  print(`  ${shownInstant(startedAt)}  ${which}  ${method}  ${OUTCOMES[outcome]} in ${shownDuration(tookMs)}`)
  if (facts.length > 0) print(`${INDENT}${facts.join(', ')}`)
}

/** As wide as an instant with its margins. */
const INDENT = ' '.repeat(24)

const OUTCOMES: Readonly<Record<Attempt['outcome'], string>> = {
  sent: 'Slack took it',
  rate_limited: 'Slack asked to wait',
  transient: 'did not work, may later',
  permanent: 'Slack said no',
  ambiguous: 'no answer, so it may have arrived',
  found: 'found in Slack',
  not_found: 'not found in Slack',
  can_not_look: 'could not look into Slack',
}

import { OneVizionFile } from '../../../shared/configuration-file.ts'
import { checkShape } from '../check-shape.ts'
import type { EntryOf, Said } from '../entries.ts'
import type { ReadText } from '../read-text.ts'

/** The settings of OneVizion's Slack notifications: its token and how often it tries. */
export function readOneVizion(read: ReadText): Said | undefined {
  const file = checkShape(OneVizionFile, read)
  if (!file) return undefined
  for (const [field, fix] of THEIRS) {
    if (file[field] === undefined) continue
    const message = `${field} is about OneVizion, not about Slack, so it is not taken.`
    read.problems.push(read.at([field], { severity: 'warning', message, fix }, 'key'))
  }
  const entry: EntryOf<'integration'> = {
    ...{ kind: 'integration', name: undefined, whole: false, path: [] },
    at: (field, ...inside) => [OLD_NAMES[field] ?? field, ...inside],
    body: {
      botToken: file.slackBotToken,
      // There, nothing and 0 both mean the default of that program.
      ...(file.maxAttempts !== undefined && { maxAttempts: file.maxAttempts || 1 }),
      ...(file.nextAttemptDelay !== undefined && { nextAttemptDelay: file.nextAttemptDelay || 30 }),
    },
  }
  return { entries: [entry], sections: [] }
}

const OLD_NAMES: Readonly<Record<string, string>> = { botToken: 'slackBotToken' }

const SEND_EVENTS = 'Let OneVizion, or whatever reads its queue, send its notifications to POST /api/events.'
const NOT_STORED = 'It is not stored here. Keep it where the queue of OneVizion is read.'
const THEIRS = [
  ['ovUrl', SEND_EVENTS],
  ['ovAccessKey', NOT_STORED],
  ['ovSecretKey', NOT_STORED],
  ['serviceId', SEND_EVENTS],
  ['channelField', 'Name the person in `recipient` of each event, or a channel in its `destinations`.'],
] as const

import type { ConfigurationFormat } from '../../../shared/configuration.ts'
import { closest } from '../../lib/closest.ts'
import type { Said } from '../entries.ts'
import type { ReadText } from '../read-text.ts'
import { readCodeStream } from './codestream.ts'
import { readOneVizion } from './onevizion.ts'
import { readStudio } from './studio.ts'
import { readSwitchboard } from './switchboard.ts'

type Format = { kind: ConfigurationFormat; marks: readonly string[]; read: (read: ReadText) => Said | undefined }

/** What a file can be, and by which of its keys it is known. */
const FORMATS: readonly Format[] = [
  { kind: 'switchboard', marks: ['switchboard'], read: readSwitchboard },
  {
    kind: 'studio',
    marks: [
      ...['bot_token_scopes', 'notification_types', 'alert_configuration', 'routing_rules', 'slash_commands'],
      'debug_config',
      'slack_config',
    ],
    read: readStudio,
  },
  { kind: 'onevizion', marks: ['slackBotToken', 'ovUrl', 'ovAccessKey'], read: readOneVizion },
  { kind: 'codestream', marks: ['integrations'], read: readCodeStream },
]

/** The format that a file is written in; a problem when it is none. */
export function formatOf(read: ReadText): Format | undefined {
  const { value } = read
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    read.problems.push(
      read.at([], { severity: 'error', message: 'The file has to be an object of sections.', fix: BEGIN }),
    )
    return undefined
  }
  const keys = Object.keys(value)
  const format = FORMATS.find(({ marks }) => marks.some((mark) => keys.includes(mark)))
  if (format) return format
  const marks = FORMATS.flatMap((each) => each.marks)
  const [wrong, meant] = keys.map((key) => [key, closest(key, marks)]).find(([, mark]) => mark) ?? []
  const finding = {
    severity: 'error' as const,
    message: 'This file is of no kind that is known here.',
    fix: meant ? `Did you mean \`${meant}\`?` : BEGIN,
  }
  read.problems.push(read.at(wrong === undefined ? [] : [wrong], finding, 'key'))
  return undefined
}

const BEGIN = 'Begin with `switchboard: 1`, or export what there is and change that.'

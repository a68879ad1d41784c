import pino, { type DestinationStream } from 'pino'
import { redactSecrets } from './redact.ts'

type Fields = Record<string, unknown>

/** Structured log lines: an event name (`noun.past_verb`), then its fields. Secrets are taken out of every line. */
export type Log = {
  debug: (event: string, fields?: Fields) => void
  info: (event: string, fields?: Fields) => void
  warn: (event: string, fields?: Fields) => void
  error: (event: string, fields?: Fields) => void
}

export function makeLog(level: string, destination?: DestinationStream): Log {
  const logger = pino(
    {
      level,
      base: null,
      timestamp: pino.stdTimeFunctions.isoTime,
      formatters: { level: (label) => ({ level: label }) },
    },
    destination ?? pino.destination(1),
  )
  const line =
    (write: 'debug' | 'info' | 'warn' | 'error') =>
    (event: string, fields: Fields = {}) => {
      if (logger.isLevelEnabled(write)) logger[write](redactSecrets(withErrors(fields)) as Fields, event)
    }
  return { debug: line('debug'), info: line('info'), warn: line('warn'), error: line('error') }
}

/** An Error has no enumerable fields; its name, message and stack are what a reader needs. */
function withErrors(fields: Fields): Fields {
  return Object.fromEntries(
    Object.entries(fields).map(([key, value]) => [
      key,
      value instanceof Error ? { name: value.name, message: value.message, stack: value.stack } : value,
    ]),
  )
}

import { NewEvent } from '../../shared/events.ts'
import '../../shared/schema-words.ts'

type Read = { kind: 'read'; event: NewEvent } | { kind: 'refused'; message: string }

/** A text as an event, or in a sentence why it is none. */
export function readEvent(text: string): Read {
  const json = parsed(text)
  if (json.kind === 'refused') return json
  const read = NewEvent.safeParse(json.value)
  if (read.success) return { kind: 'read', event: read.data }
  const [issue] = read.error.issues
  const field = issue?.path.join('.')
  const extra =
    issue?.code === 'unrecognized_keys' ? `${issue.keys.join(', ')}: events have no such field; put it into data.` : ''
  return { kind: 'refused', message: extra || `${field ? `${field}: ` : ''}${issue?.message ?? 'This is no event.'}` }
}

function parsed(text: string): { kind: 'parsed'; value: unknown } | { kind: 'refused'; message: string } {
  try {
    return { kind: 'parsed', value: JSON.parse(text) }
  } catch (error) {
    return {
      kind: 'refused',
      message: `This is no JSON: ${error instanceof Error ? error.message : 'it cannot be read'}.`,
    }
  }
}

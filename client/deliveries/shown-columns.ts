import { useLocalStorage } from '@mantine/hooks'
import { z } from 'zod'

/** Columns that one may show or hide; a state, an instant and what it says always stand there. */
export const optionalColumns = [
  { key: 'destination', label: 'Destination' },
  { key: 'code', label: 'Code' },
  { key: 'attempts', label: 'Attempts' },
  { key: 'took', label: 'Took' },
  { key: 'recipient', label: 'Recipient' },
  { key: 'priority', label: 'Priority' },
  { key: 'integration', label: 'Integration' },
  { key: 'due', label: 'Next try' },
  { key: 'event', label: 'Event id' },
] as const
const AT_FIRST = ['destination', 'code', 'attempts', 'took']

/** Which of them this browser shows. */
export function useShownColumns() {
  return useLocalStorage<string[]>({
    key: 'switchboard-delivery-columns',
    defaultValue: AT_FIRST,
    getInitialValueInEffect: false,
    deserialize: (value) => Stored.parse(value),
  })
}

const Stored = z
  .string()
  .transform((text, context) => {
    try {
      return JSON.parse(text)
    } catch {
      context.addIssue('This is not JSON.')
      return z.NEVER
    }
  })
  .pipe(z.array(z.string()))
  .catch(AT_FIRST)

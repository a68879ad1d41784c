/** What was asked of the platform or told to it, in words. A kind that is not known here goes by its own name. */
export const callWords = (kind: string): string => WORDS[kind] ?? kind

const WORDS: Readonly<Record<string, string>> = {
  ping: 'Test ping',
  'schedule.run': 'Events of a schedule',
  'command.invoked': 'Answer to a command',
  'incident.opened': 'Notice of an incident',
  'incident.closed': 'Notice that an incident is over',
}

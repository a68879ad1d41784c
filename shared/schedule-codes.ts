import { platformCode } from './platform-codes.ts'

const codes: Readonly<Record<string, readonly [meaning: string, fix: string]>> = {
  missed: [
    'Nothing ran at that time.',
    'Press Run now if what it tells of is still wanted. The schedule says whether missed runs are made up for.',
  ],
  merged: ['Nothing ran at that time; a later run made up for it.', 'Nothing to do.'],
  overlap: ['The run before had not ended.', 'Let it run less often, or let runs wait for each other.'],
  switched_off: ['The schedule was switched off before this run had ended.', 'Nothing to do.'],
  not_understood: [
    'The platform answered with something else than the events asked for.',
    'Answer {"events": […]}, each as POST /api/events takes it, of the type of the schedule.',
  ],
  events_refused: ['The events could not be taken in.', 'Mend what is said beside it.'],
  no_condition: ['The condition of the schedule can’t be read.', 'Write it anew.'],
  given_up: ['The server stopped during each of its attempts.', 'Look in the log of the server around that time.'],
  broke: ['Something broke on the side of Switchboard.', 'Look for schedule.broke in the log of the server.'],
}

/** What the code of a run means: one of schedules’ own, or why the platform could not be asked. */
export function scheduleCode(code: string): { code: string; meaning: string; fix: string } {
  const own = codes[code]
  return own ? { code, meaning: own[0], fix: own[1] } : platformCode(code)
}

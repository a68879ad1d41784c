import { escapeText } from '../escape.ts'

/** What the person who typed a command is told when the platform gave no answer, and what to do about it. */
export function apologyFor(code: string, command: string, invocationId: string): string {
  const name = `\`${escapeText(command)}\``
  return `Sorry, ${name} could not be answered. ${(SAID[code] ?? AGAIN)(invocationId)}`
}

type Says = (id: string) => string

const AGAIN: Says = (id) =>
  `Please try again in a minute. If that does not help, tell an admin of Switchboard and quote \`${id}\`.`

const TELL: Says = (id) =>
  `The service behind it sent an answer that can’t be shown. Please tell an admin of Switchboard and quote \`${id}\`.`

const SAID: Readonly<Record<string, Says>> = {
  no_endpoint: () =>
    'No service is connected that answers it. Ask an admin to enter its address in Switchboard, under Integrations, on the tab Platform.',
  endpoint_disabled: () =>
    'The service that answers it is switched off. Ask an admin to switch it on in Switchboard, under Integrations, on the tab Platform.',
  timeout: (id) => `The service behind it took too long. ${AGAIN(id)}`,
  not_json: TELL,
  not_taken: TELL,
  not_understood: TELL,
  too_large: TELL,
  refused_by_slack: TELL,
}

import type { Person } from '../../shared/destinations.ts'
import type { AppContext } from '../context.ts'
import { Refusal } from '../errors.ts'
import type { CallResult, Connection, Provider } from '../providers/provider.ts'
import { refusalOfFailure } from './explain.ts'
import type { SavedDestination } from './store.ts'

type Columns = Pick<SavedDestination, 'name' | 'target' | 'conversationId' | 'isPrivate' | 'state' | 'code'>

/** The person of an e-mail address or user id. Where the bot may, the direct message is opened right away. */
export async function resolvePerson(
  ctx: AppContext,
  { connection, provider }: { connection: Connection; provider: Provider },
  typed: string,
): Promise<Columns> {
  const { directory } = provider
  const person = isAddress(typed)
    ? personOf(await directory.findPersonByEmail(ctx, connection, typed), typed)
    : personOf(await directory.getPerson(ctx, connection, userIdOf(typed)), typed)
  const columns = { name: person.name, target: person.id, isPrivate: null }
  if (person.disabled) return { ...columns, conversationId: null, state: 'failing', code: 'user_disabled' }
  // Not everyone grants im:write. Slack takes a user id as well, so a failure here stands in nobody's way.
  const opened = await directory.openDirectMessage(ctx, connection, person.id)
  const conversationId = opened.kind === 'answered' ? opened.answer : null
  return { ...columns, conversationId, state: 'untested', code: null }
}

/** Not a member as Slack writes one inside a message, <@U0123|name>. */
export const isAddress = (typed: string): boolean => typed.includes('@') && !typed.startsWith('<@')

/** There is no such person: no failure to find out, but the answer. */
export class NobodyFound extends Refusal {}

/** The person looked up; Slack's word for "nobody" is told as what it nearly always means. */
export function personOf(asked: CallResult<Person>, typed: string, field = 'person'): Person {
  if (asked.kind === 'answered') return asked.answer
  const { failure } = asked
  if (failure.code === 'users_not_found' || failure.code === 'user_not_found') {
    throw new NobodyFound('invalid', `Slack knows nobody by ${typed} in this workspace. (${failure.code})`, {
      field,
      fix: isAddress(typed)
        ? 'Check the address: it has to be the one on the person’s Slack profile, which may not be the one they use here.'
        : 'Copy the member ID from the person’s Slack profile, under the three dots.',
    })
  }
  throw refusalOfFailure(failure, { what: `${typed} could not be looked up`, field })
}

/** The member ID that somebody typed or copied; refuses what is none. */
export function userIdOf(typed: string): string {
  const id = /^<@([A-Z0-9]+)(?:\|[^>]*)?>$/.exec(typed)?.[1] ?? typed
  if (/^[UW][A-Z0-9]{6,20}$/.test(id)) return id
  throw new NobodyFound('invalid', 'A person is named by e-mail address or by member ID, which begins with U or W.', {
    field: 'person',
  })
}

import { z } from 'zod'
import type { CommandReply } from '../../../shared/commands.ts'
import type { AppContext } from '../../context.ts'
import type { Db } from '../../db/schema.ts'
import { CannotOpen, type Place } from '../../vault/vault.ts'
import type { SavedWaiting } from './waiting-store.ts'

/** What of a use is needed to answer it and stands nowhere else: an address that anybody could answer at, and raw text. */
const Asked = z.object({
  text: z.string(),
  responseUrl: z.string(),
  handler: z.string(),
  parameters: z.record(z.string(), z.string()),
})
export type Asked = z.infer<typeof Asked>

/** How a use ends once its message is given: the message, and what is written beside the use. */
export type Answer = { message: CommandReply; ending: Ending }
export type Ending = {
  outcome: 'answered' | 'failed'
  code: string | null
  detail: string | null
  platformMs: number | null
  callId: string | null
}

export async function sealAsked(ctx: AppContext, id: string, integrationId: string, asked: Asked): Promise<string> {
  return ctx.vault.seal(ctx.db, placeOf(id, integrationId, 'asked'), JSON.stringify(asked))
}

export async function sealAnswer(ctx: AppContext, trx: Db, waiting: SavedWaiting, answer: Answer): Promise<string> {
  const place = placeOf(waiting.invocationId, waiting.integrationId, 'answer')
  return ctx.vault.seal(trx, place, JSON.stringify(answer))
}

/** Both, opened; undefined when the vault can't. */
export async function openWaiting(
  ctx: AppContext,
  { invocationId, integrationId, asked, answer }: SavedWaiting,
): Promise<{ asked: Asked; answer: Answer | undefined } | undefined> {
  const open = async (field: 'asked' | 'answer', sealed: string) =>
    JSON.parse(await ctx.vault.open(ctx.db, placeOf(invocationId, integrationId, field), sealed))
  try {
    return {
      asked: Asked.parse(await open('asked', asked)),
      // Written by sealAnswer only, and sealed since.
      answer: answer === null ? undefined : ((await open('answer', answer)) as Answer),
    }
  } catch (error) {
    if (error instanceof CannotOpen) return undefined
    throw error
  }
}

const placeOf = (rowId: string, integrationId: string, field: string): Place => ({
  ...{ integrationId, table: 'waiting_commands', rowId, field },
})

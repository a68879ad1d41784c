import { type Allowed, cutToAllowed } from '../../shared/allowed-fields.ts'
import { NewEvent } from '../../shared/events.ts'
import type { PreviewRequest, Rendered, TemplateData } from '../../shared/templates.ts'
import type { AppContext } from '../context.ts'
import type { Db } from '../db/schema.ts'
import { Refusal } from '../errors.ts'
import { optional } from '../lib/paging.ts'
import type { Actor } from '../users/actor.ts'
import { callWords } from './call-words.ts'
import { lintTemplate } from './lint.ts'
import { readSample } from './read-sample.ts'
import { compileTemplate, runTemplate } from './render.ts'
import { viewOf } from './view.ts'
import { worstCase } from './worst-case.ts'

/** What a preview asks of the slices above this one. */
export type PreviewSources = {
  /** An event that was accepted; refuses when there is none. */
  getEvent: (db: Db, id: string) => Promise<{ body: string; acceptedAt: number }>
  /** What a notification type gives to the look of its messages. */
  readTypeLook: (db: Db, type: string) => Promise<TypeLook>
}
type TypeLook = { emoji: string | null; mentions: string[]; allowed: Allowed; integrationId?: string }

/** A template with data in it, and all there is to say of it. With a sample that is also what other data could do. */
export async function previewTemplate(
  ctx: AppContext,
  actor: Actor,
  { source, data, type }: PreviewRequest,
  sources: PreviewSources,
): Promise<Rendered> {
  const compiled = compileTemplate(source)
  if (compiled.kind === 'refused') return { problems: compiled.problems, meters: [], unresolved: [] }
  const { view, calls, integrationId } = await viewFor(ctx, actor, { data, type }, sources)
  const run = runTemplate(compiled.template, view, { mentionOf: (word) => calls.get(word)?.markup })
  const unknown = [...calls].flatMap(([word, { isKnown }]) => (isKnown ? [] : [word]))
  const problems =
    data.kind === 'sample'
      ? lintTemplate(source, readSample(data.event, 'data.event')).problems
      : run.problems.map(({ problem }) => problem)
  return {
    ...(run.message && isShowable(run.message) && { message: run.message }),
    problems,
    meters: run.meters,
    unresolved: [...new Set([...unknown, ...run.unresolved])],
    ...optional('integrationId', integrationId),
  }
}

/** What a template is shown with: the event that was asked for, with the look of a type, and nothing that it hides. */
export async function viewFor(
  ctx: AppContext,
  actor: Actor,
  { data, type }: { data: TemplateData; type?: string | undefined },
  sources: PreviewSources,
) {
  const { event: whole, acceptedAt } = await eventFor(ctx, actor, data, sources)
  const own = await sources.readTypeLook(ctx.db, whole.type)
  const look = type === undefined || type === whole.type ? own : await sources.readTypeLook(ctx.db, type)
  // What the type of a real event hides stays hidden, whatever type it is shown with.
  const event = data.kind === 'event' ? cutToAllowed(whole, own.allowed) : whole
  const calls = await callWords(ctx, look.integrationId, look.mentions)
  const view = viewOf(event, {
    type: { name: type ?? event.type, emoji: look.emoji },
    mentions: [...new Set([...calls.values()].map(({ markup }) => markup))],
    now: ctx.now(),
    acceptedAt,
    publicUrl: ctx.publicUrl,
    allowed: look.allowed,
  })
  return { view, calls, integrationId: look.integrationId }
}

async function eventFor(
  ctx: AppContext,
  actor: Actor,
  data: TemplateData,
  { getEvent }: PreviewSources,
): Promise<{ event: NewEvent; acceptedAt?: number }> {
  if (data.kind === 'sample') return { event: readSample(data.event, 'data.event') as NewEvent }
  if (data.kind === 'worst_case') return { event: worstCase(data.event ?? {}) as NewEvent }
  if (actor.kind === 'api_key' && !actor.scopes.includes('deliveries:read')) {
    throw new Refusal('forbidden', 'This needs an API key with the scope deliveries:read: it shows an event.', {
      field: 'data.eventId',
    })
  }
  const { body, acceptedAt } = await getEvent(ctx.db, data.eventId)
  return { event: NewEvent.parse(JSON.parse(body)), acceptedAt: Number(acceptedAt) }
}

const isShowable = (
  message: Record<string, unknown>,
): message is { text: string; blocks?: Record<string, unknown>[] } =>
  typeof message.text === 'string' && (message.blocks === undefined || Array.isArray(message.blocks))

import type { Delivery, Message } from '../../shared/deliveries.ts'
import type { SendTemplate, TemplateData } from '../../shared/templates.ts'
import type { AppContext } from '../context.ts'
import { destinationFinder } from '../destinations/find-or-create.ts'
import { Refusal } from '../errors.ts'
import { listEnabledIntegrations } from '../integrations/store.ts'
import type { Actor } from '../users/actor.ts'
import { getUser } from '../users/store.ts'
import { refusalOf } from './change-template.ts'
import { callingNobody } from './mrkdwn.ts'
import { type PreviewSources, viewFor } from './preview.ts'
import { compileTemplate, renderTemplate } from './render.ts'
import { sampleIn } from './show-templates.ts'
import { getTemplate } from './store.ts'

/** Sends a message as a test, and tells how its delivery stands after a while. */
export type SendTest = (
  ctx: AppContext,
  actor: Actor,
  destinationId: string,
  message: Message,
  signal: AbortSignal,
) => Promise<Delivery>

/** Sends what a template makes of an event to one destination, or to the caller. Whoever is mentioned is not called. */
export async function sendTemplate(
  ctx: AppContext,
  actor: Actor,
  name: string,
  wanted: SendTemplate,
  sources: PreviewSources & { sendTest: SendTest },
  signal: AbortSignal,
): Promise<Delivery> {
  const { source, data } = await whatToSend(ctx, name, wanted)
  const compiled = compileTemplate(source)
  if (compiled.kind === 'refused') throw refusalOf(compiled.problems)
  const { view, calls } = await viewFor(ctx, actor, { data, type: wanted.type }, sources)
  const rendered = renderTemplate(compiled.template, view, { mentionOf: (word) => calls.get(word)?.markup })
  if (rendered.kind === 'refused') throw refusalOf(rendered.problems)
  const destinationId = wanted.to === 'me' ? await ownSlack(ctx, actor, wanted.integrationId) : wanted.to
  return sources.sendTest(ctx, actor, destinationId, quiet(rendered.message) as Message, signal)
}

/** What is not said is that of the template as it stands; a draft of one that is not there yet says all of it. */
async function whatToSend(
  ctx: AppContext,
  name: string,
  { source, data }: SendTemplate,
): Promise<{ source: string; data: TemplateData }> {
  if (source !== undefined && data !== undefined) return { source, data }
  const template = await getTemplate(ctx.db, name)
  return { source: source ?? template.source, data: data ?? { kind: 'sample', event: sampleIn(template.sample) } }
}

/** Whoever has the caller's e-mail address in the workspace. */
async function ownSlack(ctx: AppContext, actor: Actor, wanted: string | undefined): Promise<string> {
  if (actor.kind !== 'user') {
    throw new Refusal('invalid', 'An API key has no e-mail address to send to.', {
      field: 'to',
      fix: 'Name the id of a destination.',
    })
  }
  const integrations = await listEnabledIntegrations(ctx.db)
  const [only, ...others] = wanted === undefined ? integrations : integrations.filter(({ id }) => id === wanted)
  if (!only)
    throw new Refusal('invalid', 'There is no such integration that is switched on.', { field: 'integrationId' })
  if (others.length > 0) {
    throw new Refusal('invalid', 'There are several integrations to send through.', {
      field: 'integrationId',
      fix: `Name one of ${integrations.map(({ id, name }) => `${id} (${name})`).join(', ')}.`,
    })
  }
  const { email } = await getUser(ctx.db, actor.id)
  return destinationFinder(ctx)(actor, { integrationId: only.id, person: email })
}

/** A trial calls nobody: what would call people stands there as text. */
function quiet(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(quiet)
  if (typeof value !== 'object' || value === null) return value
  const called = calledBy(value as Record<string, unknown>)
  if (called !== undefined) return { type: 'text', text: callingNobody(called) }
  return Object.fromEntries(
    Object.entries(value).map(([name, held]) => [
      name,
      name === 'text' && typeof held === 'string' ? callingNobody(held) : quiet(held),
    ]),
  )
}

/** What an element of rich text that calls somebody would be as markup. */
function calledBy({ type, ...value }: Record<string, unknown>): string | undefined {
  if (type === 'broadcast') return `<!${value.range}>`
  if (type === 'user') return `<@${value.user_id}>`
  return type === 'usergroup' ? `<!subteam^${value.usergroup_id}>` : undefined
}

import { z } from 'zod'

/*
 * What Slack sends, as far as it is used here. Unknown fields are passed over: Slack adds some without notice. Texts are
 * cut, not refused, where they are only shown.
 */

const id = z.string().regex(/^[\w.-]{1,64}$/)
/** Without NUL, which PostgreSQL takes in no text: one such value must not keep others from being stored. */
const shown = (most: number) =>
  z
    .string()
    .nullish()
    .transform((text) => (text ?? '').replaceAll('\0', '').slice(0, most))

/** One use of a slash command: the form fields of the request. */
export const SlashCommand = z.object({
  command: z.string().regex(/^\/[^\s\p{Cc}]{1,60}$/u),
  text: shown(3_000),
  user_id: id,
  user_name: shown(200),
  channel_id: id,
  channel_name: shown(200),
  team_id: id,
  response_url: shown(2_000),
})
export type SlashCommand = z.infer<typeof SlashCommand>

const Action = z.object({
  action_id: shown(255),
  value: shown(2_000),
  selected_option: z.object({ value: shown(2_000) }).nullish(),
})

/** A click, a choice, a modal or a shortcut: the JSON in the form field `payload`. */
export const Interaction = z.object({
  type: z.string().regex(/^\w{1,60}$/),
  user: z.object({ id, username: shown(200), name: shown(200) }),
  channel: z.object({ id }).nullish(),
  container: z.object({ message_ts: shown(40) }).nullish(),
  message: z.object({ ts: shown(40) }).nullish(),
  actions: z.array(Action).max(100).nullish(),
  callback_id: shown(255),
  view: z.object({ callback_id: shown(255) }).nullish(),
  response_url: shown(2_000),
})
export type Interaction = z.infer<typeof Interaction>

/** The fields of a form, or undefined when its bytes are no UTF-8. A field that comes twice has its first value. */
export function readForm(body: Buffer): Record<string, string> | undefined {
  const fields: Record<string, string> = {}
  try {
    for (const [name, value] of new URLSearchParams(utf8.decode(body))) fields[name] ??= value
  } catch {
    return undefined
  }
  return fields
}

/** The JSON inside `payload`, or undefined when there is none. */
export function readPayload(form: Record<string, string> | undefined): unknown {
  try {
    return JSON.parse(form?.payload ?? '')
  } catch {
    return undefined
  }
}

const utf8 = new TextDecoder('utf-8', { fatal: true })

import { isJson, isJsonList } from './args.ts'
import { alphanumeric, digits, hex, nextTs } from './ids.ts'
import { addMessage } from './messages.ts'
import { type Answered, sendToApp } from './outbound.ts'
import { showAnswer } from './response-urls.ts'
import type { Sandbox } from './sandbox.ts'
import type { SignWith } from './signing.ts'
import type { App, Channel, Json, Member, Message } from './workspace.ts'

const TRIGGER_LIFE_MS = 3_000
const RESPONSE_URL_LIFE_MS = 30 * 60_000

export type CommandUse = {
  app: App
  url: string
  user: Member
  channel: Channel
  command: string
  text: string
  signWith?: SignWith | undefined
}

/** A person types a slash command: the app is asked, and what it says is shown as Slack would. */
export async function useCommand(sandbox: Sandbox, use: CommandUse): Promise<Answered> {
  const { team } = sandbox.workspace
  const form = {
    token: use.app.verificationToken,
    team_id: team.id,
    team_domain: team.domain,
    channel_id: use.channel.id,
    channel_name: channelName(use.channel),
    user_id: use.user.id,
    user_name: use.user.name,
    command: use.command,
    text: use.text,
    api_app_id: use.app.id,
    is_enterprise_install: 'false',
    response_url: newResponseUrl(sandbox, 'commands', use.app, use.channel, use.user),
    trigger_id: newTrigger(sandbox, use.app, use.user),
  }
  const answered = await sendToApp(sandbox, use.app, {
    method: 'slash_command',
    url: use.url,
    form,
    signWith: use.signWith,
  })
  const typed = [use.command, use.text].filter(Boolean).join(' ')
  if (answered.error)
    tellPerson(sandbox, use.channel, use.user, `${use.command} failed with the error "${answered.error}"`)
  else showAnswer(sandbox, { app: use.app, channel: use.channel, userId: use.user.id, typed }, answered)
  return answered
}

export type Click = {
  app: App
  url: string
  user: Member
  channel: Channel
  message: Message
  element: { block: Json; element: Json }
  /** What was chosen in a select; a button needs none. */
  value?: string | undefined
  signWith?: SignWith | undefined
}

/** A person clicks a button (or chooses from a menu) on a message. */
export async function clickElement(sandbox: Sandbox, click: Click): Promise<Answered> {
  const { team, numbers } = sandbox.workspace
  const { app, channel, message, user } = click
  const payload = {
    type: 'block_actions',
    user: { id: user.id, username: user.name, name: user.name, team_id: team.id },
    api_app_id: app.id,
    token: app.verificationToken,
    container: {
      type: 'message',
      message_ts: message.ts,
      channel_id: channel.id,
      is_ephemeral: message.ephemeral_to !== undefined,
      ...(message.thread_ts ? { thread_ts: message.thread_ts } : {}),
    },
    trigger_id: newTrigger(sandbox, app, user),
    team: { id: team.id, domain: team.domain },
    enterprise: null,
    is_enterprise_install: false,
    channel: { id: channel.id, name: channelName(channel) },
    message,
    state: { values: {} },
    response_url: newResponseUrl(sandbox, 'actions', app, channel, user, message),
    actions: [actionOf(click, nextTs(numbers, sandbox.now()))],
  }
  const form = { payload: JSON.stringify(payload) }
  const answered = await sendToApp(sandbox, app, {
    method: 'block_actions',
    url: click.url,
    form,
    signWith: click.signWith,
  })
  if (answered.error) tellPerson(sandbox, channel, user, `${app.name} did not answer the click: ${answered.error}`)
  return answered
}

/** The element with this action id on a message, in its blocks or in those of its attachments. */
export function findElement(message: Message, actionId: string): { block: Json; element: Json } | undefined {
  const inAttachments = (message.attachments ?? []).flatMap(({ blocks }) => (isJsonList(blocks) ? blocks : []))
  for (const block of [...(message.blocks ?? []), ...inAttachments].flatMap(withHeld)) {
    const elements = [block.accessory, ...listOf(block.elements), ...listOf(block.actions)]
    const element = elements.filter(isJson).find((each) => each.action_id === actionId)
    if (element) return { block, element }
  }
  return undefined
}

/** A block with those that it holds: cards of a carousel, blocks in a container. */
function withHeld(block: Json): Json[] {
  const held = block.type === 'carousel' ? block.elements : block.child_blocks
  return [block, ...listOf(held).filter(isJson).flatMap(withHeld)]
}

const listOf = (value: unknown): unknown[] => (Array.isArray(value) ? value : [])

function actionOf({ element: { block, element }, value }: Click, actionTs: string): Json {
  const shared = { type: element.type, action_id: element.action_id, block_id: block.block_id, action_ts: actionTs }
  if (element.type === 'button' || element.type === 'icon_button') {
    return { ...shared, text: element.text, ...(element.value === undefined ? {} : { value: element.value }) }
  }
  const options = isJsonList(element.options) ? element.options : []
  const chosen = options.find((option) => option.value === value) ?? { value }
  switch (element.type) {
    case 'static_select':
    case 'overflow':
    case 'radio_buttons':
      return { ...shared, selected_option: chosen }
    case 'checkboxes':
    case 'multi_static_select':
      return { ...shared, selected_options: [chosen] }
    case 'users_select':
      return { ...shared, selected_user: value }
    case 'channels_select':
      return { ...shared, selected_channel: value }
    case 'conversations_select':
      return { ...shared, selected_conversation: value }
    case 'datepicker':
      return { ...shared, selected_date: value }
    default:
      return { ...shared, value }
  }
}

function newTrigger(sandbox: Sandbox, app: App, user: Member): string {
  const id = `${digits(12)}.${digits(12)}.${hex(32)}`
  const expiresAt = sandbox.now() + TRIGGER_LIFE_MS
  sandbox.workspace.triggers.set(id, { id, appId: app.id, userId: user.id, expiresAt, used: false })
  forgetOldest(sandbox.workspace.triggers)
  return id
}

function newResponseUrl(
  sandbox: Sandbox,
  family: 'commands' | 'actions',
  app: App,
  channel: Channel,
  user: Member,
  message?: Message,
): string {
  const path = `${family}/${sandbox.workspace.team.id}/${digits(12)}/${alphanumeric(24)}`
  sandbox.workspace.responseUrls.set(path, {
    path,
    appId: app.id,
    channelId: channel.id,
    userId: user.id,
    ...(message ? { messageTs: message.ts } : {}),
    uses: 0,
    expiresAt: sandbox.now() + RESPONSE_URL_LIFE_MS,
  })
  forgetOldest(sandbox.workspace.responseUrls)
  return `${sandbox.url}/${path}`
}

/** Keeps a long run from growing: both live minutes at most, so the oldest of many are over. */
function forgetOldest(held: Map<string, unknown>): void {
  const [oldest] = held.size > 20_000 ? held.keys() : []
  if (oldest !== undefined) held.delete(oldest)
}

function tellPerson(sandbox: Sandbox, channel: Channel, user: Member, text: string): void {
  addMessage(sandbox, channel, { user: 'USLACKBOT', username: 'Slackbot', text, ephemeral_to: user.id })
}

function channelName(channel: Channel): string {
  if (channel.kind === 'im') return 'directmessage'
  return channel.kind === 'private' ? 'privategroup' : channel.name
}

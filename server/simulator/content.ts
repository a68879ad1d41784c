import { type Args, findJson, findText, isJson, isJsonList } from './args.ts'
import { blockProblems, textLength } from './block-rules.ts'
import { PlatformError } from './envelope.ts'
import type { Json, Message } from './workspace.ts'

export type Content = {
  text: string
  blocks?: Json[]
  attachments?: Json[]
  warnings: string[]
}

const LONGEST_TEXT = 40_000
const LONGEST_MARKDOWN = 12_000
/** Slack documents no sum; reports put the refusal between 12,000 and 13,200 characters. */
const LONGEST_BLOCK_TEXT = 13_200
const MOST_ATTACHMENTS = 100
/** Slack says a cap exists and names no figure. */
const LONGEST_METADATA = 16_000

/** What a message says, after Slack's checks on text, blocks and attachments. Refuses with Slack's own codes. */
export function readContent(args: Args, options: { sumOfBlocksIsChecked: boolean }): Content {
  const markdown = findText(args, 'markdown_text')
  const blocks = readBlocks(args, options.sumOfBlocksIsChecked)
  const attachments = readAttachments(args)
  const text = markdown ?? findText(args, 'text') ?? ''

  if (markdown !== undefined && (args.text || blocks?.length)) throw new PlatformError('markdown_text_conflict')
  if (markdown !== undefined && markdown.length > LONGEST_MARKDOWN) throw new PlatformError('msg_too_long')
  if (text.trim() === '' && !blocks?.length && !attachments?.length) throw new PlatformError('no_text')

  return {
    text: text.slice(0, LONGEST_TEXT),
    ...(blocks ? { blocks } : {}),
    ...(attachments ? { attachments } : {}),
    warnings: text.length > LONGEST_TEXT ? ['message_truncated'] : [],
  }
}

/** Message metadata: a type and a JSON object, readable by every app in the workspace. */
export function readMetadata(args: Args): Message['metadata'] {
  const metadata = findJson(args, 'metadata', 'invalid_metadata_format')
  if (metadata === undefined) return undefined
  if (!isJson(metadata) || typeof metadata.event_type !== 'string' || !isJson(metadata.event_payload)) {
    throw new PlatformError('invalid_metadata_format')
  }
  if (JSON.stringify(metadata).length > LONGEST_METADATA) throw new PlatformError('metadata_too_large')
  return { event_type: metadata.event_type, event_payload: metadata.event_payload }
}

function readBlocks(args: Args, sumIsChecked: boolean): Json[] | undefined {
  const blocks = findJson(args, 'blocks', 'invalid_blocks_format')
  if (blocks === undefined) return undefined
  if (!isJsonList(blocks)) throw new PlatformError('invalid_blocks_format')
  refuseProblems(blockProblems(blocks))
  if (sumIsChecked && textLength(blocks) > LONGEST_BLOCK_TEXT) throw new PlatformError('msg_blocks_too_long')
  return withBlockIds(blocks)
}

function readAttachments(args: Args): Json[] | undefined {
  const attachments = findJson(args, 'attachments', 'invalid_attachments')
  if (attachments === undefined) return undefined
  if (!isJsonList(attachments)) throw new PlatformError('invalid_attachments')
  if (attachments.length > MOST_ATTACHMENTS) throw new PlatformError('too_many_attachments')
  for (const { blocks } of attachments) {
    if (blocks === undefined) continue
    if (!isJsonList(blocks)) throw new PlatformError('invalid_blocks_format')
    refuseProblems(blockProblems(blocks))
  }
  return attachments.map((attachment, index) => ({ id: index + 1, ...attachment }))
}

function refuseProblems(problems: string[]): void {
  if (problems.length === 0) return
  const messages = problems.map((problem) => `[ERROR] ${problem}`)
  throw new PlatformError('invalid_blocks', { errors: problems, response_metadata: { messages } })
}

/** Slack names every block and element that came without an id; clicks refer to those names. */
function withBlockIds(blocks: Json[], prefix = ''): Json[] {
  return blocks.map((block, index) => {
    const place = `${prefix}${index}`
    const named = { ...block, block_id: block.block_id ?? `blk${place}` }
    if (isJson(block.accessory)) return { ...named, accessory: withActionId(block.accessory, `act${place}`) }
    const field = HOLDERS[String(block.type)]
    const held = field && block[field]
    if (!field || !isJsonList(held)) return named
    if (field === 'child_blocks' || block.type === 'carousel')
      return { ...named, [field]: withBlockIds(held, `${place}-`) }
    return { ...named, [field]: held.map((element, at) => withActionId(element, `act${place}-${at}`)) }
  })
}

/** Where a block holds what has an id. */
const HOLDERS: Record<string, string> = {
  actions: 'elements',
  context_actions: 'elements',
  card: 'actions',
  carousel: 'elements',
  container: 'child_blocks',
}

function withActionId(element: Json, actionId: string): Json {
  return element.type === 'image' ? element : { ...element, action_id: element.action_id ?? actionId }
}

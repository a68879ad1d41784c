import { isJson } from './args.ts'
import {
  ACCESSORIES,
  elementProblems,
  INPUTS,
  imageProblems,
  oneElementProblems,
  SMALL_BUTTONS,
} from './element-rules.ts'
import {
  at,
  filledListProblems,
  flagProblems,
  idProblems,
  lengthProblems,
  listProblems,
  missingProblems,
  oneOfProblems,
  type Rule,
  requiredText,
  textProblems,
  urlProblems,
  wordProblems,
} from './rule.ts'
import type { Json } from './workspace.ts'

/** Slack's caps on Block Kit. Each problem ends in the pointer to where it is, as Slack writes it. */
export function blockProblems(blocks: readonly Json[], most = 50): string[] {
  const root = '/blocks'
  const problems = blocks.length > most ? [at(`no more than ${most} items allowed`, root)] : []
  const seen = new Set<string>()
  return [...problems, ...blocks.flatMap((block, index) => oneBlockProblems(block, `${root}/${index}`, seen))]
}

/** `seen`: the block ids of the message so far. `known`: what may stand there, when that is not every kind. */
function oneBlockProblems(block: Json, pointer: string, seen: Set<string>, known?: readonly string[]): string[] {
  const type = String(block.type)
  const rule = Object.hasOwn(RULES, type) && (known?.includes(type) ?? true) ? RULES[type] : undefined
  if (!rule) return [at(`unsupported type: ${type}`, `${pointer}/type`)]
  return [...idProblems(block, 'block_id', pointer, seen), ...rule(block, pointer, seen)]
}

/** All text that blocks carry together; Slack refuses a message beyond an undocumented sum. */
export function textLength(value: unknown): number {
  if (typeof value !== 'object' || value === null) return 0
  const own = 'text' in value && typeof value.text === 'string' ? value.text.length : 0
  return Object.values(value).reduce((sum: number, item) => sum + textLength(item), own)
}

type BlockRule = (block: Json, pointer: string, seen: Set<string>) => string[]

const RULES: Record<string, BlockRule> = {
  section: (block, pointer) => [
    ...oneOfProblems(block, pointer, ['text', 'fields']),
    ...textProblems(block.text, `${pointer}/text`, 3000),
    ...listProblems(block.fields, `${pointer}/fields`, 10, (field, where) => textProblems(field, where, 2000)),
    ...oneElementProblems(block.accessory, `${pointer}/accessory`, ACCESSORIES),
  ],
  header: (block, pointer) => requiredText(block.text, `${pointer}/text`, 150, ['plain_text']),
  divider: () => [],
  context: (block, pointer) =>
    listProblems(block.elements ?? [], `${pointer}/elements`, 10, (element, where) =>
      element.type === 'image' ? imageProblems(element, where) : requiredText(element, where, 3000),
    ),
  actions: (block, pointer) => elementProblems(block.elements ?? [], `${pointer}/elements`, 25),
  context_actions: (block, pointer) => elementProblems(block.elements ?? [], `${pointer}/elements`, 5, SMALL_BUTTONS),
  card: (block, pointer) => [
    ...oneOfProblems(block, pointer, ['hero_image', 'title', 'actions', 'body']),
    ...textProblems(block.title, `${pointer}/title`, 150),
    ...textProblems(block.subtitle, `${pointer}/subtitle`, 150),
    ...textProblems(block.body, `${pointer}/body`, 200),
    ...oneElementProblems(block.hero_image, `${pointer}/hero_image`, ['image']),
    ...oneElementProblems(block.icon, `${pointer}/icon`, ['image']),
    ...elementProblems(block.actions, `${pointer}/actions`, 3, ['button']),
  ],
  carousel: (block, pointer, seen) => [
    ...missingProblems(block, pointer, ['elements']),
    ...filledListProblems(block.elements, `${pointer}/elements`, 10, (card, where) =>
      oneBlockProblems(card, where, seen, ['card']),
    ),
  ],
  container: (block, pointer, seen) => [
    ...oneOfProblems(block, pointer, ['title', 'rich_text_title']),
    ...textProblems(block.title, `${pointer}/title`, 150, ['plain_text']),
    ...textProblems(block.subtitle, `${pointer}/subtitle`, 150),
    ...(isJson(block.rich_text_title)
      ? oneBlockProblems(block.rich_text_title, `${pointer}/rich_text_title`, new Set(), ['rich_text'])
      : []),
    ...wordProblems(block.width, `${pointer}/width`, ['narrow', 'standard', 'wide', 'full']),
    ...oneElementProblems(block.icon, `${pointer}/icon`, ['image']),
    ...flagProblems(block, pointer, ['is_collapsible', 'default_collapsed', 'has_header_divider']),
    ...missingProblems(block, pointer, ['child_blocks']),
    ...filledListProblems(block.child_blocks, `${pointer}/child_blocks`, 10, (child, where) =>
      oneBlockProblems(child, where, seen, IN_CONTAINER),
    ),
  ],
  image: (block, pointer) => [
    ...imageProblems(block, pointer),
    ...textProblems(block.title, `${pointer}/title`, 2000, ['plain_text']),
  ],
  input: (block, pointer) => [
    ...requiredText(block.label, `${pointer}/label`, 2000, ['plain_text']),
    ...textProblems(block.hint, `${pointer}/hint`, 2000, ['plain_text']),
    ...missingProblems(block, pointer, ['element']),
    ...oneElementProblems(block.element, `${pointer}/element`, INPUTS),
  ],
  markdown: (block, pointer) => lengthProblems(block.text, `${pointer}/text`, 12_000, true),
  rich_text: (block, pointer) => listProblems(block.elements ?? [], `${pointer}/elements`, 1_000, () => []),
  table: (block, pointer) => [
    ...missingProblems(block, pointer, ['rows']),
    ...(Array.isArray(block.rows) && block.rows.length > 100 ? [at('no more than 100 items allowed', pointer)] : []),
    ...listOf(block.rows).flatMap((row, index) => listProblems(row, `${pointer}/rows/${index}`, 20, cellProblems)),
  ],
  video: (block, pointer) => [
    ...requiredText(block.title, `${pointer}/title`, 199, ['plain_text']),
    ...textProblems(block.description, `${pointer}/description`, 2000, ['plain_text']),
    ...lengthProblems(block.author_name, `${pointer}/author_name`, 49),
    ...lengthProblems(block.alt_text, `${pointer}/alt_text`, 2000),
    ...['video_url', 'thumbnail_url', 'title_url', 'provider_icon_url'].flatMap((name) =>
      urlProblems(block[name], `${pointer}/${name}`),
    ),
  ],
  file: (block, pointer) => [
    ...missingProblems(block, pointer, ['external_id', 'source']),
    ...wordProblems(block.source, `${pointer}/source`, ['remote']),
  ],
  call: () => [],
}

const IN_CONTAINER = [
  ...['section', 'header', 'divider', 'context', 'actions', 'image', 'input', 'rich_text', 'table', 'video', 'file'],
]

const cellProblems: Rule = (cell, pointer) => {
  if (cell.type === 'rich_text') return []
  if (cell.type !== 'raw_text' && cell.type !== 'raw_number') return [at('unsupported type', `${pointer}/type`)]
  return missingProblems(cell, pointer, cell.type === 'raw_number' ? ['text', 'value'] : ['text'])
}

const listOf = (value: unknown): unknown[] => (Array.isArray(value) ? value : [])

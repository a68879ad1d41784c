import { isJson, isJsonList } from './args.ts'
import type { Json } from './workspace.ts'

/** Slack's caps on Block Kit. Each problem ends in the pointer to where it is, as Slack writes it. */
export function blockProblems(blocks: readonly Json[], most = 50): string[] {
  const root = '/blocks'
  const problems = blocks.length > most ? [at(`no more than ${most} items allowed`, root)] : []
  const seen = new Set<string>()
  blocks.forEach((block, index) => {
    const pointer = `${root}/${index}`
    const rule = typeof block.type === 'string' ? RULES[block.type] : undefined
    if (!rule) {
      problems.push(at(`unsupported type: ${String(block.type)}`, `${pointer}/type`))
      return
    }
    problems.push(...idProblems(block, 'block_id', pointer, seen), ...rule(block, pointer))
  })
  return problems
}

/** All text that blocks carry together; Slack refuses a message beyond an undocumented sum. */
export function textLength(value: unknown): number {
  if (Array.isArray(value)) return value.reduce((sum: number, item) => sum + textLength(item), 0)
  if (!isJson(value)) return 0
  return Object.entries(value).reduce(
    (sum, [key, item]) => sum + (key === 'text' && typeof item === 'string' ? item.length : textLength(item)),
    0,
  )
}

type Rule = (block: Json, pointer: string) => string[]

const RULES: Record<string, Rule> = {
  section: (block, pointer) => [
    ...(block.text === undefined && block.fields === undefined ? [at('missing required field: text', pointer)] : []),
    ...textProblems(block.text, `${pointer}/text`, 3000),
    ...listProblems(block.fields, `${pointer}/fields`, 10, (field, where) => textProblems(field, where, 2000)),
    ...(block.accessory === undefined ? [] : elementProblems([block.accessory], `${pointer}/accessory`, 1)),
  ],
  header: (block, pointer) => requiredText(block.text, `${pointer}/text`, 150, ['plain_text']),
  divider: () => [],
  context: (block, pointer) =>
    listProblems(block.elements ?? [], `${pointer}/elements`, 10, (element, where) =>
      element.type === 'image' ? imageProblems(element, where) : requiredText(element, where, 3000),
    ),
  actions: (block, pointer) => elementProblems(block.elements ?? [], `${pointer}/elements`, 25),
  context_actions: (block, pointer) => elementProblems(block.elements ?? [], `${pointer}/elements`, 5),
  image: (block, pointer) => [
    ...imageProblems(block, pointer),
    ...textProblems(block.title, `${pointer}/title`, 2000, ['plain_text']),
  ],
  input: (block, pointer) => [
    ...requiredText(block.label, `${pointer}/label`, 2000, ['plain_text']),
    ...textProblems(block.hint, `${pointer}/hint`, 2000, ['plain_text']),
    ...(isJson(block.element) ? [] : [at('missing required field: element', pointer)]),
  ],
  markdown: (block, pointer) => lengthProblems(block.text, `${pointer}/text`, 12_000, true),
  rich_text: (block, pointer) => listProblems(block.elements ?? [], `${pointer}/elements`, 1_000, () => []),
  table: (block, pointer) => listProblems(block.rows ?? [], `${pointer}/rows`, 100, () => []),
  video: (block, pointer) => requiredText(block.title, `${pointer}/title`, 199, ['plain_text']),
  file: () => [],
  call: () => [],
}

function elementProblems(elements: unknown, pointer: string, most: number): string[] {
  const seen = new Set<string>()
  return [
    ...(Array.isArray(elements) && elements.length === 0 ? [at('must provide at least one item', pointer)] : []),
    ...listProblems(elements, pointer, most, (element, where) => [
      ...idProblems(element, 'action_id', where, seen),
      ...(element.type === 'button' ? buttonProblems(element, where) : []),
      ...(element.type === 'image' ? imageProblems(element, where) : []),
      ...listProblems(element.options, `${where}/options`, MOST_OPTIONS[String(element.type)] ?? 100, optionProblems),
      ...textProblems(element.placeholder, `${where}/placeholder`, 150, ['plain_text']),
    ]),
  ]
}

const MOST_OPTIONS: Record<string, number> = { checkboxes: 10, radio_buttons: 10, overflow: 5 }

function buttonProblems(button: Json, pointer: string): string[] {
  const styleIsKnown = button.style === undefined || button.style === 'primary' || button.style === 'danger'
  return [
    ...requiredText(button.text, `${pointer}/text`, 75, ['plain_text']),
    ...lengthProblems(button.value, `${pointer}/value`, 2000),
    ...lengthProblems(button.url, `${pointer}/url`, 3000),
    ...lengthProblems(button.accessibility_label, `${pointer}/accessibility_label`, 75),
    ...(styleIsKnown ? [] : [at('must be a valid style', `${pointer}/style`)]),
  ]
}

function optionProblems(option: Json, pointer: string): string[] {
  return [
    ...requiredText(option.text, `${pointer}/text`, 75),
    ...lengthProblems(option.value, `${pointer}/value`, 150),
    ...textProblems(option.description, `${pointer}/description`, 75, ['plain_text']),
  ]
}

function imageProblems(image: Json, pointer: string): string[] {
  const source = image.image_url ?? image.slack_file
  return [
    ...(source === undefined ? [at('missing required field: image_url', pointer)] : []),
    ...(image.alt_text === undefined ? [at('missing required field: alt_text', pointer)] : []),
    ...lengthProblems(image.image_url, `${pointer}/image_url`, 3000),
    ...lengthProblems(image.alt_text, `${pointer}/alt_text`, 2000),
  ]
}

function requiredText(value: unknown, pointer: string, most: number, types?: string[]): string[] {
  return value === undefined ? [at('missing required field: text', pointer)] : textProblems(value, pointer, most, types)
}

function textProblems(value: unknown, pointer: string, most: number, types = ['mrkdwn', 'plain_text']): string[] {
  if (value === undefined) return []
  if (!isJson(value)) return [at('must be an object', pointer)]
  const typeIsRight = types.includes(String(value.type))
  return [
    ...(typeIsRight ? [] : [at(`must be a ${types.join(' or ')} object`, `${pointer}/type`)]),
    ...lengthProblems(value.text, `${pointer}/text`, most, true),
  ]
}

function lengthProblems(value: unknown, pointer: string, most: number, required = false): string[] {
  if (value === undefined && !required) return []
  if (typeof value !== 'string') return [at('must be a string', pointer)]
  if (required && value.length === 0) return [at('must be more than 0 characters', pointer)]
  return value.length > most ? [at(`must be less than ${most + 1} characters`, pointer)] : []
}

function listProblems(value: unknown, pointer: string, most: number, rule: Rule): string[] {
  if (value === undefined) return []
  if (!Array.isArray(value)) return [at('must be an array', pointer)]
  const items: unknown[] = value
  return [
    ...(items.length > most ? [at(`no more than ${most} items allowed`, pointer)] : []),
    ...items.flatMap((item, index) =>
      isJson(item) || isJsonList(item)
        ? rule(isJson(item) ? item : {}, `${pointer}/${index}`)
        : [at('must be an object', `${pointer}/${index}`)],
    ),
  ]
}

function idProblems(holder: Json, name: 'block_id' | 'action_id', pointer: string, seen: Set<string>): string[] {
  const id = holder[name]
  if (id === undefined || id === '') return []
  if (typeof id !== 'string') return [at('must be a string', `${pointer}/${name}`)]
  const isRepeated = seen.has(id)
  seen.add(id)
  return [
    ...(isRepeated ? [at(`\`${name}\` already exists`, `${pointer}/${name}`)] : []),
    ...lengthProblems(id, `${pointer}/${name}`, 255),
  ]
}

function at(problem: string, pointer: string): string {
  return `${problem} [json-pointer:${pointer}]`
}

import { isJson } from './args.ts'
import {
  at,
  countProblems,
  filledListProblems,
  idProblems,
  lengthProblems,
  listProblems,
  missingProblems,
  requiredText,
  textProblems,
  urlProblems,
  wordProblems,
} from './rule.ts'
import type { Json } from './workspace.ts'

/** Buttons, menus and pictures in a block. `known`: the types that may stand there. */
export function elementProblems(
  elements: unknown,
  pointer: string,
  most: number,
  known: readonly string[] = ACTIONS,
): string[] {
  const seen = new Set<string>()
  return filledListProblems(elements, pointer, most, (element, where) => [
    ...idProblems(element, 'action_id', where, seen),
    ...typedProblems(element, where, known),
  ])
}

/** One of them by itself. */
export function oneElementProblems(element: unknown, pointer: string, known: readonly string[]): string[] {
  if (element === undefined) return []
  if (!isJson(element)) return [at('must be an object', pointer)]
  return [...idProblems(element, 'action_id', pointer, new Set()), ...typedProblems(element, pointer, known)]
}

function typedProblems(element: Json, pointer: string, known: readonly string[]): string[] {
  const type = String(element.type)
  return known.includes(type) ? partProblems(element, pointer) : [at(`unsupported type: ${type}`, `${pointer}/type`)]
}

export function imageProblems(image: Json, pointer: string): string[] {
  const source = image.image_url ?? image.slack_file
  return [
    ...(source === undefined ? [at('missing required field: image_url', pointer)] : []),
    ...missingProblems(image, pointer, ['alt_text']),
    ...urlProblems(image.image_url, `${pointer}/image_url`),
    ...lengthProblems(image.alt_text, `${pointer}/alt_text`, 2000),
  ]
}

const CHOICES = [
  ...['static_select', 'external_select', 'users_select', 'conversations_select', 'channels_select'].flatMap((kind) => [
    kind,
    `multi_${kind}`,
  ]),
  ...['checkboxes', 'radio_buttons', 'datepicker', 'timepicker', 'datetimepicker'],
]
const ACTIONS = [...CHOICES, 'button', 'workflow_button', 'overflow', 'rich_text_input']
export const ACCESSORIES = [...CHOICES, 'button', 'workflow_button', 'overflow', 'image']
export const SMALL_BUTTONS = ['feedback_buttons', 'icon_button']
export const INPUTS = [
  ...CHOICES,
  ...['plain_text_input', 'email_text_input', 'url_text_input', 'number_input', 'file_input', 'rich_text_input'],
]

function partProblems(element: Json, where: string): string[] {
  switch (element.type) {
    case 'workflow_button':
      return [
        ...missingProblems(element, where, ['workflow']),
        ...buttonProblems(element, where),
        ...confirmProblems(element.confirm, `${where}/confirm`),
      ]
    case 'button':
      return [...buttonProblems(element, where), ...confirmProblems(element.confirm, `${where}/confirm`)]
    case 'image':
      return imageProblems(element, where)
    case 'feedback_buttons':
      return ['positive_button', 'negative_button'].flatMap((name) => thumbProblems(element, where, name))
    case 'plain_text_input':
      return [
        ...menuProblems(element, where),
        ...countProblems(element.min_length, `${where}/min_length`, 0, 3000),
        ...countProblems(element.max_length, `${where}/max_length`, 1, 3000),
      ]
    case 'icon_button':
      return [
        ...missingProblems(element, where, ['icon']),
        ...buttonProblems(element, where),
        ...confirmProblems(element.confirm, `${where}/confirm`),
      ]
    default:
      return menuProblems(element, where)
  }
}

const MOST_OPTIONS: Record<string, number> = { checkboxes: 10, radio_buttons: 10, overflow: 5 }

function menuProblems(menu: Json, pointer: string): string[] {
  const most = MOST_OPTIONS[String(menu.type)] ?? 100
  return [
    ...listProblems(menu.options, `${pointer}/options`, most, optionProblems),
    ...listProblems(menu.option_groups, `${pointer}/option_groups`, 100, groupProblems),
    ...textProblems(menu.placeholder, `${pointer}/placeholder`, 150, ['plain_text']),
    ...confirmProblems(menu.confirm, `${pointer}/confirm`),
  ]
}

function buttonProblems(button: Json, pointer: string): string[] {
  return [
    ...requiredText(button.text, `${pointer}/text`, 75, ['plain_text']),
    ...lengthProblems(button.value, `${pointer}/value`, 2000),
    ...urlProblems(button.url, `${pointer}/url`),
    ...lengthProblems(button.accessibility_label, `${pointer}/accessibility_label`, 75),
    ...wordProblems(button.style, `${pointer}/style`, ['primary', 'danger']),
  ]
}

function thumbProblems(element: Json, pointer: string, name: string): string[] {
  const thumb = element[name]
  if (!isJson(thumb)) return [at(`missing required field: ${name}`, pointer)]
  return [...missingProblems(thumb, `${pointer}/${name}`, ['value']), ...buttonProblems(thumb, `${pointer}/${name}`)]
}

function optionProblems(option: Json, pointer: string): string[] {
  return [
    ...requiredText(option.text, `${pointer}/text`, 75),
    ...lengthProblems(option.value, `${pointer}/value`, 150),
    ...textProblems(option.description, `${pointer}/description`, 75, ['plain_text']),
    ...urlProblems(option.url, `${pointer}/url`),
  ]
}

function groupProblems(group: Json, pointer: string): string[] {
  return [
    ...requiredText(group.label, `${pointer}/label`, 75, ['plain_text']),
    ...missingProblems(group, pointer, ['options']),
    ...filledListProblems(group.options, `${pointer}/options`, 100, optionProblems),
  ]
}

function confirmProblems(confirm: unknown, pointer: string): string[] {
  if (confirm === undefined) return []
  if (!isJson(confirm)) return [at('must be an object', pointer)]
  return [
    ...requiredText(confirm.title, `${pointer}/title`, 100, ['plain_text']),
    ...requiredText(confirm.text, `${pointer}/text`, 300),
    ...requiredText(confirm.confirm, `${pointer}/confirm`, 30, ['plain_text']),
    ...requiredText(confirm.deny, `${pointer}/deny`, 30, ['plain_text']),
    ...wordProblems(confirm.style, `${pointer}/style`, ['primary', 'danger']),
  ]
}

import type { JsonNode } from './loose-json.ts'
import { resolved } from './marks.ts'

/** Where each object and list of a value stood in the text that it was read from. */
export type Origins = WeakMap<object, JsonNode>

/**
 * The message that a node holds. Texts that Slack reads as markup have what was put into them escaped; all others, such
 * as headings, addresses and the values of buttons, have it as it is.
 */
export function messageIn(node: JsonNode, origins: Origins): unknown {
  return build(node, origins, 'plain', true)
}

function build(node: JsonNode, origins: Origins, as: 'mrkdwn' | 'plain', isMessage = false): unknown {
  if (node.kind === 'value') return typeof node.value === 'string' ? resolved(node.value, as) : node.value
  if (node.kind === 'array') {
    const list = node.items.map((item) => build(item, origins, 'plain'))
    origins.set(list, node)
    return list
  }
  const type = node.entries.find(({ key }) => key === 'type')?.node
  const isMarkup = isMessage || (type?.kind === 'value' && MARKUP.includes(resolved(String(type.value), 'plain')))
  const object: Record<string, unknown> = {}
  for (const { key, node: held } of node.entries) {
    const name = resolved(key, 'plain')
    const value = build(held, origins, isMarkup && name === 'text' ? 'mrkdwn' : 'plain')
    // An own field, whatever its name: __proto__ too.
    Object.defineProperty(object, name, { value, enumerable: true, configurable: true, writable: true })
  }
  origins.set(object, node)
  return object
}

/** What holds its text as Slack's markup, or as Markdown, which knows the same marks for people and groups. */
const MARKUP = ['mrkdwn', 'markdown']

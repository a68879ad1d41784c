type Json = Record<string, unknown>

const SAFE = /^(?:https?:|mailto:)/i
const URL_FIELDS = new Set(['url', 'image_url', 'thumb_url', 'title_url', 'video_url', 'provider_icon_url', 'href'])

/** Whether a link may be followed: a message must not be able to run script on this page. */
export function isSafeUrl(url: unknown): url is string {
  return typeof url === 'string' && SAFE.test(url.trim())
}

/**
 * Blocks for showing: without links of other schemes, without block ids, which would repeat as ids on the page, and with
 * pictures told in words, since nothing is fetched from other hosts.
 */
export function forShowing(blocks: readonly Json[]): Json[] {
  return blocks.flatMap(({ block_id: _, ...block }) => {
    if (isPicture(block)) return [told([block])]
    const { accessory, ...rest } = block
    const clean = cleaned(isPicture(accessory) ? rest : block) as Json
    return isPicture(accessory) ? [clean, told([accessory])] : [clean]
  })
}

function told(pictures: Json[]): Json {
  return { type: 'context', elements: pictures.map(asText) }
}

function isPicture(value: unknown): value is Json & { type: 'image' } {
  return isRecord(value) && value.type === 'image'
}

function inWords({ alt_text, title }: Json): string {
  return `Picture: ${wordsOf(title) || String(alt_text ?? '') || 'not described'}`
}

const asText = (picture: Json): Json => ({ type: 'plain_text', text: inWords(picture) })

function cleaned(value: unknown): unknown {
  if (Array.isArray(value)) return value.map((each) => (isPicture(each) ? asText(each) : cleaned(each)))
  if (!isRecord(value)) return value
  const kept = Object.entries(value).filter(([name, held]) => !URL_FIELDS.has(name) || isSafeUrl(held))
  return Object.fromEntries(kept.map(([name, held]) => [name, cleaned(held)]))
}

export type Part =
  | { kind: 'shown'; blocks: Json[] }
  | { kind: 'actions'; elements: Json[] }
  | { kind: 'card'; card: Json }
  | { kind: 'carousel'; cards: Json[] }
  | { kind: 'container'; container: Json }

/** A message cut where people can act: text goes to the renderer of blocks, buttons and what may hold them are ours. */
export function partsOf(blocks: readonly Json[]): Part[] {
  const parts: Part[] = []
  for (const block of blocks) {
    const elements = elementsOf(block)
    const { accessory, ...rest } = block
    const isActing = elements.length > 0
    if (block.type === 'card') parts.push({ kind: 'card', card: block })
    else if (block.type === 'carousel') {
      parts.push({ kind: 'carousel', cards: listOf(block.elements).filter(isRecord) })
    } else if (block.type === 'container') parts.push({ kind: 'container', container: block })
    else if (!ACTING.includes(String(block.type))) {
      const last = parts.at(-1)
      const shown = isActing || !accessory ? rest : block
      if (last?.kind === 'shown') last.blocks.push(shown)
      else parts.push({ kind: 'shown', blocks: [shown] })
    }
    if (isActing) parts.push({ kind: 'actions', elements })
  }
  return parts
}

const ACTING = ['actions', 'context_actions']

function elementsOf(block: Json): Json[] {
  const held = ACTING.includes(String(block.type)) ? block.elements : [block.accessory]
  return actingOf(held)
}

/** What can be pressed or chosen from, of a list. */
export function actingOf(list: unknown): Json[] {
  return listOf(list).filter((each): each is Json => isRecord(each) && each.type !== 'image')
}

/** What a picture shows, in words. */
export function pictureWords(picture: unknown): string | undefined {
  return isRecord(picture) ? inWords(picture) : undefined
}

/** The blocks that a container holds. */
export const blocksIn = ({ child_blocks }: Json): Json[] => listOf(child_blocks).filter(isRecord)

const listOf = (value: unknown): unknown[] => (Array.isArray(value) ? value : [])

function isRecord(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** The words of a text object. */
export function wordsOf(value: unknown): string {
  return isRecord(value) && typeof value.text === 'string' ? value.text : ''
}

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
  return { type: 'context', elements: pictures.map(inWords) }
}

function isPicture(value: unknown): value is Json & { type: 'image' } {
  return isRecord(value) && value.type === 'image'
}

function inWords({ alt_text, title }: Json): Json {
  return { type: 'plain_text', text: `Picture: ${wordsOf(title) || String(alt_text ?? '') || 'not described'}` }
}

function cleaned(value: unknown): unknown {
  if (Array.isArray(value)) return value.map((each) => (isPicture(each) ? inWords(each) : cleaned(each)))
  if (!isRecord(value)) return value
  const kept = Object.entries(value).filter(([name, held]) => !URL_FIELDS.has(name) || isSafeUrl(held))
  return Object.fromEntries(kept.map(([name, held]) => [name, cleaned(held)]))
}

export type Part = { kind: 'shown'; blocks: Json[] } | { kind: 'actions'; elements: Json[] }

/** A message cut where people can act: text goes to the renderer of blocks, buttons and menus are ours. */
export function partsOf(blocks: readonly Json[]): Part[] {
  const parts: Part[] = []
  for (const block of blocks) {
    const elements = elementsOf(block)
    const { accessory, ...rest } = block
    const isActing = elements.length > 0
    if (block.type !== 'actions') {
      const last = parts.at(-1)
      const shown = isActing || !accessory ? rest : block
      if (last?.kind === 'shown') last.blocks.push(shown)
      else parts.push({ kind: 'shown', blocks: [shown] })
    }
    if (isActing) parts.push({ kind: 'actions', elements })
  }
  return parts
}

function elementsOf(block: Json): Json[] {
  const held = block.type === 'actions' ? block.elements : [block.accessory]
  const elements: unknown[] = Array.isArray(held) ? held : []
  return elements.filter((each): each is Json => isRecord(each) && each.type !== 'image')
}

function isRecord(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** The words of a text object. */
export function wordsOf(value: unknown): string {
  return isRecord(value) && typeof value.text === 'string' ? value.text : ''
}

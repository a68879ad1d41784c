type Part = { at: number; text: string; to?: string }

/** A sentence cut at the ids in it: those of deliveries and events say where they lead. */
export function splitIds(text: string): Part[] {
  const parts: Part[] = []
  let end = 0
  for (const match of text.matchAll(/\b(?:dlv|evt)_\w+/g)) {
    const [id] = match
    if (match.index > end) parts.push({ at: end, text: text.slice(end, match.index) })
    const to = id.startsWith('dlv_') ? `/deliveries/${id}` : `/events/${id}`
    parts.push({ at: match.index, text: id, to })
    end = match.index + id.length
  }
  if (end < text.length) parts.push({ at: end, text: text.slice(end) })
  return parts
}

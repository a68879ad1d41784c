/** What a person may give as a channel: its ID, its link, its mention, or its name. */
export function readChannel(text: string): { kind: 'id'; id: string } | { kind: 'name'; name: string } {
  const given = text.trim()
  const inside =
    /\/archives\/([CGD][A-Z0-9]{5,})/.exec(given)?.[1] ??
    /\/client\/[TE][A-Z0-9]+\/([CGD][A-Z0-9]{5,})/.exec(given)?.[1] ??
    /^<#([CGD][A-Z0-9]{5,})(?:\|[^>]*)?>$/.exec(given)?.[1] ??
    /^([CGD][A-Z0-9]{7,})$/.exec(given)?.[1]
  return inside ? { kind: 'id', id: inside } : { kind: 'name', name: given.replace(/^#/, '').toLowerCase() }
}

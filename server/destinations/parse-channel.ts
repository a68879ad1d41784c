export type ChannelInput = { kind: 'id'; id: string } | { kind: 'name'; name: string } | { kind: 'direct_message' }

/** What someone meant who typed or pasted a channel: its id, #name, name, or a link into Slack. */
export function parseChannel(typed: string): ChannelInput {
  const text = typed.trim()
  if (/^https?:\/\//i.test(text)) {
    const id = URL.canParse(text) ? idInLink(new URL(text).pathname) : undefined
    return id ? ofId(id) : { kind: 'name', name: text }
  }
  // How Slack writes a channel inside a message: <#C0123|name>.
  const mention = /^<#([A-Z0-9]+)(?:\|[^>]*)?>$/.exec(text)?.[1]
  if (mention) return ofId(mention)
  if (CHANNEL_ID.test(text)) return ofId(text)
  return { kind: 'name', name: text.replace(/^#/, '').toLowerCase() }
}

/** /archives/C… of a permalink, or /client/T…/C… of the address bar. */
function idInLink(path: string): string | undefined {
  return path
    .split('/')
    .filter(Boolean)
    .slice(1)
    .find((part) => CHANNEL_ID.test(part))
}

const ofId = (id: string): ChannelInput => (id.startsWith('D') ? { kind: 'direct_message' } : { kind: 'id', id })

const CHANNEL_ID = /^[CGD][A-Z0-9]{6,20}$/

export type ChannelInput =
  | { kind: 'id'; id: string }
  | { kind: 'name'; name: string }
  | { kind: 'direct_message'; id: string }

/** What someone meant who typed or pasted a channel: its id, #name, name, or a link into Slack. */
export function parseChannel(typed: string): ChannelInput {
  const text = typed.trim().replace(/^(["'`])(.*)\1$/, '$2')
  const link = linkIn(text)
  if (link) {
    const id = idInLink(link)
    return id ? ofId(id) : { kind: 'name', name: text }
  }
  // How Slack writes a channel inside a message: <#C0123|name>.
  const mention = /^<#([A-Z0-9]+)(?:\|[^>]*)?>$/.exec(text)?.[1]
  if (mention) return ofId(mention)
  // As some keyboards write it, and as it comes when # stood in the field already.
  const name = text.replace(/^[#＃]+/, '')
  return CHANNEL_ID.test(name) ? ofId(name) : { kind: 'name', name: name.toLowerCase() }
}

/** Browsers and people leave https:// away; the desktop app's own links are slack://channel?team=T…&id=C…. */
function linkIn(text: string): URL | undefined {
  const address = /^[\w-]+(\.[\w-]+)*\.slack(-gov)?\.com\//i.test(text) ? `https://${text}` : text
  return /^(https?|slack):\/\//i.test(address) && URL.canParse(address) ? new URL(address) : undefined
}

/** /archives/C… of a permalink, /client/T…/C… of the address bar, or id=C… of an app's link. */
function idInLink({ protocol, pathname, searchParams }: URL): string | undefined {
  const places = protocol === 'slack:' ? [searchParams.get('id') ?? ''] : pathname.split('/').filter(Boolean).slice(1)
  return places.find((place) => CHANNEL_ID.test(place))
}

const ofId = (id: string): ChannelInput => (id.startsWith('D') ? { kind: 'direct_message', id } : { kind: 'id', id })

const CHANNEL_ID = /^[CGD][A-Z0-9]{6,20}$/

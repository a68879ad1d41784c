/** A path inside this console, or `/`: an address someone put into a link must not lead to another site. */
export function localPath(asked: string | null): string {
  if (!asked?.startsWith('/')) return '/'
  const base = 'http://console.invalid'
  try {
    const url = new URL(asked, base)
    return url.origin === base ? `${url.pathname}${url.search}${url.hash}` : '/'
  } catch {
    return '/'
  }
}

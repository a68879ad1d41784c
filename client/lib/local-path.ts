/** A path inside this console, or `/`: an address someone put into a link must not lead to another site. */
export function localPath(asked: string | null): string {
  if (!asked?.startsWith('/')) return '/'
  const base = 'http://console.invalid'
  try {
    const url = new URL(asked, base)
    // `/.//name` is a path here, and what is left of it once its dot is resolved is the name of another site.
    const isOurs = url.origin === base && !url.pathname.startsWith('//')
    return isOurs ? `${url.pathname}${url.search}${url.hash}` : '/'
  } catch {
    return '/'
  }
}

type Named = { id: string; name: string }

/** Slack's markup as a notification shows it: links and dates in words, whoever is called by name where it is known. */
export function notificationText(markup: string, called: readonly Named[]): string {
  return markup
    .replace(/<([^<>|]*)(?:\|([^<>]*))?>/g, (_all, target: string, label?: string) => label ?? wordOf(target, called))
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&amp;', '&')
}

function wordOf(target: string, called: readonly Named[]): string {
  const [, special] = /^!(here|channel|everyone)$/.exec(target) ?? []
  if (special) return `@${special}`
  const [, id] = /^(?:@|!subteam\^)(\w+)$/.exec(target) ?? []
  return id ? `@${called.find((each) => each.id === id)?.name ?? id}` : target
}

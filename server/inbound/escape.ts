/** Text that came from people, made safe to show in a message: it can neither mention anybody nor make a link. */
export function escapeText(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')
}

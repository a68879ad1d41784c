/** Whether every word that was typed stands somewhere in a text, in upper or lower case. */
export function fits(text: string, typed: string): boolean {
  const held = text.toLowerCase()
  return typed
    .toLowerCase()
    .split(/\s+/)
    .every((word) => held.includes(word))
}

/** One HTTP call that sends an event of a type, ready to be pasted. */
export function commandFor(type: string): string {
  const body = JSON.stringify({ type, title: 'Key leaked' }).replaceAll("'", "'\\''")
  return [
    `curl ${location.origin}/api/events \\`,
    "  -H 'Authorization: Bearer YOUR_KEY' \\",
    "  -H 'Content-Type: application/json' \\",
    `  -d '${body}'`,
  ].join('\n')
}

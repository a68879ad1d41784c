const TYPE = 'evidence.filed'
const textOf = (number: number) => `*Evidence ${number}* was filed`

/** What a program tells Switchboard. */
export const eventOf = (number: number, destinationId: string) => ({
  type: TYPE,
  text: textOf(number),
  destinations: [destinationId],
})

/** What Switchboard makes of it for Slack: the peers send the same. */
export const messageOf = (number: number) => ({
  text: textOf(number),
  blocks: [
    { type: 'section', text: { type: 'mrkdwn', text: textOf(number) } },
    { type: 'context', elements: [{ type: 'mrkdwn', text: TYPE }] },
  ],
})

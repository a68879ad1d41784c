import { Message } from '../../../shared/deliveries.ts'
import { escaped } from '../standard-message.ts'
import type { SavedDelivery } from '../store.ts'

/** One message of a digest, and the deliveries whose words it stands for. */
export type DigestPage = { text: string; folded: string[] }

type Waiting = Pick<SavedDelivery, 'id' | 'type' | 'title' | 'message' | 'origin' | 'createdAt'>

/**
 * What waited, as one message: how many, by type, oldest first, each with its title and link. What of the list does not
 * fit, and what messages say beyond their titles, follows on pages for its thread. Each delivery is on one page.
 */
export function digestOf(waiting: readonly Waiting[], reasons: readonly string[]): [DigestPage, ...DigestPage[]] {
  const rests = new Map(waiting.map((row) => [row.id, restOf(row)]))
  const head: DigestPage = { text: headOf(waiting, reasons), folded: [] }
  const lists = [head]
  for (const { text, id } of linesOf(waiting, rests)) {
    const page = addTo(lists, text, '\n')
    if (id !== undefined) page.folded.push(id)
  }
  const texts: DigestPage[] = []
  for (const row of waiting) {
    const rest = rests.get(row.id)
    if (rest !== undefined) addTo(texts, rest, '\n\n').folded.push(row.id)
  }
  return [head, ...lists.slice(1), ...texts]
}

/** A message of Slack's is best kept under 4,000 characters. */
const LONGEST_PAGE = 3_500
const MOST_ON_A_PAGE = 50
const MOST_REASONS = 3

/** To the last page while it has room, else to a new one. */
function addTo(pages: DigestPage[], text: string, between: string): DigestPage {
  const last = pages.at(-1)
  const fits = last && last.text.length + text.length + between.length <= LONGEST_PAGE
  if (last && fits && last.folded.length < MOST_ON_A_PAGE) {
    last.text += `${between}${text}`
    return last
  }
  const page = { text, folded: [] }
  pages.push(page)
  return page
}

function headOf(waiting: readonly Waiting[], reasons: readonly string[]): string {
  const times = waiting.map(({ createdAt }) => createdAt)
  const between = `between ${slackTime(Math.min(...times))} and ${slackTime(Math.max(...times))}`
  const shown = reasons.slice(0, MOST_REASONS).map(escaped)
  const more = reasons.length > shown.length ? [`and ${reasons.length - shown.length} more`] : []
  return `*${waiting.length} messages waited* and were accepted ${between}.\n_${[...shown, ...more].join('; ')}_`
}

type Line = { text: string; id?: string }

/** A heading for each type, then a line for each of its messages; the type that waited longest first. */
function linesOf(waiting: readonly Waiting[], rests: ReadonlyMap<string, string | undefined>): Line[] {
  const oldestFirst = [...waiting].sort((a, b) => a.createdAt - b.createdAt || (a.id < b.id ? -1 : 1))
  return [...Map.groupBy(oldestFirst, ({ type }) => type)].flatMap(([type, rows]) => [
    { text: `\n*${escaped(type ?? 'Messages')}* (${rows.length})` },
    ...rows.map((row) => {
      const text = `• ${slackTime(row.createdAt)}  ${titleOf(row)}`
      return rests.get(row.id) === undefined ? { text, id: row.id } : { text }
    }),
  ])
}

function titleOf(row: Waiting): string {
  const url = linkIn(textOf(row))
  const title = safeTitle(row).replaceAll('|', '¦')
  return url === undefined ? safeTitle(row) : `<${url}|${title}>`
}

/** The title of an event is plain; that of a message is the beginning of Slack's own markup. */
const safeTitle = ({ title, origin }: Waiting): string =>
  origin === 'event' ? escaped(title) : title.replaceAll('<', '&lt;').replaceAll('>', '&gt;')

/** What it says beyond its title and its link; undefined when that is all. */
function restOf(row: Waiting): string | undefined {
  const text = textOf(row)
  const url = linkIn(text)
  const [first = '', ...more] = text.split('\n').map((line) => line.trim())
  const isTitle = [row.title, escaped(row.title)].includes(first)
  const beyond = more.filter((line) => line !== '' && line !== `<${url}>`)
  return isTitle && beyond.length === 0 ? undefined : text
}

const linkIn = (text: string): string | undefined => /<(https?:\/\/[^|>\s]+)[|>]/.exec(text)?.[1]

/** `text` is what a message says without its layout. */
const textOf = ({ message }: Waiting): string => Message.parse(JSON.parse(message)).text

/** Slack shows the time in the reader's own zone; where it can't, the part after the bar. */
function slackTime(epochMs: number): string {
  const fallback = `${new Date(epochMs).toISOString().slice(0, 16).replace('T', ' ')} UTC`
  return `<!date^${Math.floor(epochMs / 1_000)}^{date_short_pretty} {time}|${fallback}>`
}

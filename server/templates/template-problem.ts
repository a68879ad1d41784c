import { TEMPLATE_FILTERS, TEMPLATE_TAGS } from '../../shared/template-words.ts'
import type { SourceProblem } from '../../shared/templates.ts'

/** Why a template could not be read or filled, and where in its source. */
export class TemplateProblem extends Error {
  readonly start: number
  readonly end: number
  readonly fix: string | undefined

  constructor(message: string, start: number, end: number, fix?: string) {
    super(message)
    this.start = start
    this.end = end
    this.fix = fix
  }
}

/** What the engine says of a template, in words that lead on. */
export function inOurWords(words: string, start: number, end: number): TemplateProblem {
  const said = words.replace(/, line:\d+, col:\d+$/, '')
  const [, filter] = /^undefined filter: (.+)$/.exec(said) ?? []
  if (filter === 'raw') {
    return new TemplateProblem('There is no filter raw: what is put in is always made safe.', start, end, MRKDWN)
  }
  if (filter) return new TemplateProblem(`There is no filter ${filter}.`, start, end, like(filter, TEMPLATE_FILTERS))
  const [, tag] = /^tag "(.+)" not found$/.exec(said) ?? []
  if (tag) return new TemplateProblem(`There is no tag ${tag}.`, start, end, like(tag, TEMPLATE_TAGS))
  const [, open] = /^tag \{%-?\s*(\w+)[\s\S]* not closed$/.exec(said) ?? []
  if (open) return new TemplateProblem(`This ${open} has no end.`, start, end, `Put {% end${open} %} where it ends.`)
  const [, brace] = /^(?:output|tag) "(\{[{%])[\s\S]*" not closed$/.exec(said) ?? []
  if (brace) {
    return new TemplateProblem(
      `This ${brace} has no end.`,
      start,
      end,
      brace === '{{' ? 'End it with }}.' : 'End it with %}.',
    )
  }
  if (/limit exceeded$/.test(said)) return new TemplateProblem('This takes too long.', start, end, 'Repeat less in it.')
  if (/call stack/.test(said)) return new TemplateProblem('This is nested too deep.', start, end, 'Nest less in it.')
  return new TemplateProblem(`${said.charAt(0).toUpperCase()}${said.slice(1)}.`.replace(/\.\.$/, '.'), start, end)
}

const MRKDWN = 'Use mrkdwn for text that is Slack markup already.'

/** The word that was probably meant, or all there are. */
function like(word: string, words: readonly { name: string }[]): string {
  const near = words.find(({ name }) => name.startsWith(word.slice(0, 3)) || distance(name, word) <= 2)
  return near ? `Did you mean ${near.name}?` : `There are ${words.map(({ name }) => name).join(', ')}.`
}

function distance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, place) => place)
  for (const [at, letter] of [...a].entries()) {
    const next = [at + 1]
    for (let place = 1; place <= b.length; place += 1) {
      const change = (row[place - 1] ?? 0) + (letter === b[place - 1] ? 0 : 1)
      next.push(Math.min(change, (row[place] ?? 0) + 1, (next[place - 1] ?? 0) + 1))
    }
    row = next
  }
  return row[b.length] ?? 0
}

/** A place in a source as people count: lines and columns from 1. */
export function problemAt(
  source: string,
  severity: SourceProblem['severity'],
  { message, fix, start, end }: { message: string; fix?: string | undefined; start: number; end: number },
): SourceProblem {
  const before = source.slice(0, start)
  const line = before.split('\n').length
  const column = start - before.lastIndexOf('\n')
  return {
    severity,
    message,
    ...(fix !== undefined && { fix }),
    line,
    column,
    start,
    end: Math.min(end, source.length),
  }
}

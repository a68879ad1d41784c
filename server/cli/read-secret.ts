import { createReadStream } from 'node:fs'
import { createInterface } from 'node:readline'
import { Writable } from 'node:stream'
import { text } from 'node:stream/consumers'
import { note } from './print.ts'
import { wrongUsage } from './problem.ts'

/** The ways a secret comes in, the safest first. */
export type SecretWays = {
  /** What it is, as a sentence uses it: "bot token". */
  what: string
  fdOption: string
  fd: string | undefined
  env: string
  /** On the command line, where everybody on this machine can read it; only where a command allows that. */
  argument?: { option: string; value: string | undefined }
}

/**
 * A secret from a file descriptor, the command line (with a warning), the environment or, at a terminal, a prompt that
 * shows nothing.
 */
export async function readSecret({ what, fdOption, fd, env, argument }: SecretWays): Promise<string> {
  const onCommandLine = argument?.value
  if (fd !== undefined && onCommandLine !== undefined) {
    throw wrongUsage(`The ${what} is given twice, by ${fdOption} and by ${argument?.option}.`, 'Leave one of them out.')
  }
  const secret =
    fd !== undefined
      ? await fromDescriptor(fdOption, fd)
      : onCommandLine !== undefined
        ? warned(what, env, argument?.option ?? '', onCommandLine)
        : process.env[env] || (await fromPrompt(what))
  const trimmed = secret?.trim()
  if (trimmed) return trimmed
  throw wrongUsage(`There is no ${what}.`, `Set ${env}, or hand it over a file descriptor: ${fdOption} 3 3<file.`)
}

const LONGEST_SECRET = 8_192

async function fromDescriptor(option: string, given: string): Promise<string> {
  const fd = Number(given)
  if (!/^\d{1,4}$/.test(given) || fd === 1 || fd === 2) {
    throw wrongUsage(`${option} takes the number of a file descriptor that is open for reading.`, `${option} 3 3<file`)
  }
  try {
    return await text(createReadStream('', { fd, end: LONGEST_SECRET }))
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    throw wrongUsage(
      `${option} ${fd} can't be read (${code}).`,
      `Open it on the command line: ${option} ${fd} ${fd}<file.`,
    )
  }
}

function warned(what: string, env: string, option: string, value: string): string {
  note(
    `Warning: with ${option} the ${what} stands in the process list and the shell's history. ` +
      `Set ${env}, or use ${option}-fd.`,
  )
  return value
}

/** Nothing where nobody can answer. */
async function fromPrompt(what: string): Promise<string | undefined> {
  if (!process.stdin.isTTY) return undefined
  process.stderr.write(`${what.charAt(0).toUpperCase()}${what.slice(1)} (not shown): `)
  const silent = new Writable({ write: (_chunk, _encoding, done) => done() })
  // As a terminal, so that the line is taken in raw mode: otherwise the terminal itself would show what is typed.
  const lines = createInterface({ input: process.stdin, output: silent, terminal: true })
  const typed = await new Promise<string | undefined>((resolve) => {
    lines.once('line', resolve)
    lines.once('SIGINT', () => lines.close())
    lines.once('close', () => resolve(undefined))
  })
  lines.close()
  process.stderr.write('\n')
  return typed
}

/** A yes or no from whoever sits at the terminal. */
export async function confirm(question: string, withoutAsking: string): Promise<boolean> {
  if (!process.stdin.isTTY)
    throw wrongUsage('Nobody is here to confirm it.', `Add ${withoutAsking} to go on without asking.`)
  const lines = createInterface({ input: process.stdin, output: process.stderr })
  const typed = await new Promise<string>((resolve) => {
    lines.question(`${question} [y/N] `, resolve)
    lines.once('close', () => resolve(''))
  })
  lines.close()
  return /^y(es)?$/i.test(typed.trim())
}

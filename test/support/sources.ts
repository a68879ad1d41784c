import fs from 'node:fs'
import path from 'node:path'

export type Source = {
  /** From the top of the project: server/main.ts. */
  file: string
  /** The text without its comments. */
  code: string
  /** What it imports as it says it, and as a path from the top of the project or a package's name. */
  imports: { said: string; target: string }[]
}

const ROOT = path.join(import.meta.dirname, '../..')

/** Every .ts and .tsx file below these folders, with what it imports. */
export function sourcesIn(folders: string[]): Source[] {
  return folders.flatMap((folder) => {
    const at = path.join(ROOT, folder)
    if (!fs.existsSync(at)) return []
    const names = fs.readdirSync(at, { recursive: true, encoding: 'utf8' })
    return names
      .filter((name) => /\.tsx?$/.test(name))
      .map((name) => path.posix.join(folder, name.replaceAll(path.sep, '/')))
      .sort()
      .map((file) => readSource(file, fs.readFileSync(path.join(ROOT, file), 'utf8')))
  })
}

export function readSource(file: string, text: string): Source {
  const code = withoutComments(text)
  const said = IMPORTS.flatMap((form) => [...code.matchAll(form)].map((match) => match[1] ?? ''))
  return { file, code, imports: said.map((each) => ({ said: each, target: targetOf(file, each) })) }
}

/** True when one pattern fits and none that begins with "!" does. */
export function fits(file: string, patterns: string[]): boolean {
  const excluded = patterns.filter((pattern) => pattern.startsWith('!')).map((pattern) => pattern.slice(1))
  const included = patterns.filter((pattern) => !pattern.startsWith('!'))
  const matches = (pattern: string) => path.posix.matchesGlob(file, pattern)
  return included.some(matches) && !excluded.some(matches)
}

const IMPORTS = [
  /^\s*(?:import|export)\s[\w$\s{},*]*?\bfrom\s*['"]([^'"]+)['"]/gm,
  /^\s*import\s*['"]([^'"]+)['"]/gm,
  /\bimport(?:\.meta\.resolve)?\(\s*['"]([^'"]+)['"]/g,
  /\bnew URL\(\s*['"](\.[^'"]+)['"],\s*import\.meta\.url/g,
]

function targetOf(file: string, said: string): string {
  const bare = said.replace(/\?.*$/, '')
  if (bare.startsWith('.')) return path.posix.join(path.posix.dirname(file), bare)
  if (bare.startsWith('node:')) return bare
  return bare.split('/', bare.startsWith('@') ? 2 : 1).join('/')
}

/** Strings are matched first, so that an address inside one is not taken for a comment. */
function withoutComments(text: string): string {
  const piece = /'(?:\\.|[^'\\\n])*'|"(?:\\.|[^"\\\n])*"|`(?:\\.|[^`\\])*`|\/\*[\s\S]*?\*\/|\/\/.*/g
  return text.replace(piece, (match) => (match.startsWith('/') ? '' : match))
}

#!/usr/bin/env node
// Plain JavaScript on purpose: it must run on a Node too old for the rest, to say so or to hand over to the right one.
import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import module from 'node:module'
import { fileURLToPath } from 'node:url'

const OLDEST = [22, 18]
const [major, minor] = process.versions.node.split('.').map(Number)
const newEnough = major > OLDEST[0] || (major === OLDEST[0] && minor >= OLDEST[1])

if (newEnough) {
  // Stripped and compiled sources are kept between starts: half the time to ready, and 40 MB less for the compiler.
  module.enableCompileCache?.(fileURLToPath(new URL('../../node_modules/.cache/compiled', import.meta.url)))
  const { runCli } = await import('./main.ts')
  process.exitCode = await runCli(process.argv.slice(2))
} else {
  const own = fileURLToPath(new URL('../../node_modules/.bin/node', import.meta.url))
  if (!existsSync(own)) {
    process.stderr.write(
      `Switchboard needs Node ${OLDEST.join('.')} or newer, this is ${process.versions.node}. ` +
        'Run npm ci without --omit=optional to bring one along on Linux x64, or install a newer Node.\n',
    )
    process.exitCode = 1
  } else {
    const args = process.argv.slice(2)
    const child = spawn(own, [fileURLToPath(import.meta.url), ...args], { stdio: descriptors(args) })
    for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => child.kill(signal))
    child.on('exit', (code, signal) => {
      process.exitCode = code ?? (signal ? 1 : 0)
    })
  }
}

/** What is open for a secret, as in `--token-fd 3 3<file`, is handed on; of the others only the first three are. */
function descriptors(args) {
  const named = args.flatMap((arg, place) => {
    const [option, value = args[place + 1]] = arg.split('=')
    const isOpen = /^--[a-z-]+-fd$/.test(option) && /^\d{1,4}$/.test(value) && existsSync(`/dev/fd/${value}`)
    return isOpen ? [Number(value)] : []
  })
  return Array.from({ length: Math.max(3, ...named.map((fd) => fd + 1)) }, (_, fd) =>
    fd < 3 || named.includes(fd) ? 'inherit' : 'ignore',
  )
}

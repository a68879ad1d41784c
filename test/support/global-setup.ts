import http from 'node:http'
import type { AddressInfo } from 'node:net'
import type { TestProject } from 'vitest/node'
import { ensureConsole } from './console.ts'
import { type RunningPostgres, startPostgres } from './postgres.ts'

declare module 'vitest' {
  export interface ProvidedContext {
    groundUrl: string
  }
}

/** Holds what one run shares (see ground.ts). Each thing is made when first asked for, once, and ended with the run. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  let postgres: Promise<RunningPostgres> | undefined
  let folder: Promise<string> | undefined
  const things: Record<string, () => Promise<string>> = {
    '/postgres': async () => {
      postgres ??= startPostgres()
      return (await postgres).url
    },
    '/console': async () => {
      folder ??= ensureConsole()
      return folder
    },
  }
  const door = http.createServer(async (request, response) => {
    try {
      response.end(await things[request.url ?? '']?.())
    } catch (error) {
      response.writeHead(500).end(error instanceof Error ? error.message : String(error))
    }
  })
  await new Promise<void>((resolve) => door.listen(0, '127.0.0.1', resolve))
  project.provide('groundUrl', `http://127.0.0.1:${(door.address() as AddressInfo).port}`)

  return async () => {
    door.closeAllConnections()
    door.close()
    await postgres?.then(
      (running) => running.stop(),
      () => undefined, // whoever asked for it has been told
    )
  }
}

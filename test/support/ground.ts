import { inject } from 'vitest'

/** The address of the run's one PostgreSQL, started for whoever asks first. */
export function postgresUrl(): Promise<string> {
  return ask('postgres')
}

/** The folder of the built console, built again only when its sources are newer. */
export function builtConsole(): Promise<string> {
  return ask('console')
}

/** Test files run in processes of their own; what they share lives in the one that runs global-setup.ts. */
async function ask(thing: string): Promise<string> {
  const response = await fetch(`${inject('groundUrl')}/${thing}`)
  const answer = await response.text()
  if (!response.ok) throw new Error(answer)
  return answer
}

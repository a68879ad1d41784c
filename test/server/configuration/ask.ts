import { readFileSync } from 'node:fs'
import type { Applied, ConfigurationPlan, ConfigurationRequest, PlannedChange } from '../../../shared/configuration.ts'
import type { Answer, Caller, World } from '../../support/world.ts'

/** A file of those that must be taken as they are. */
export const acceptance = (name: string): string =>
  readFileSync(new URL(`../../acceptance/${name}`, import.meta.url), 'utf8')

export type Asking = {
  caller: Caller
  plan: (text: string, more?: Partial<ConfigurationRequest>) => Promise<ConfigurationPlan>
  apply: (text: string, more?: Partial<ConfigurationRequest> & { revision?: string }) => Promise<Applied>
  /** The same, whatever is answered. */
  tryApply: (text: string, more?: object) => Promise<Answer>
  export: (format?: 'yaml' | 'json') => Promise<string>
  changes: () => Promise<Applied['changeSet'][]>
  get: (path: string) => Promise<Answer['body']>
}

/** The configuration as an admin asks for it. */
export async function asking(world: World): Promise<Asking> {
  const caller = await world.as('admin')
  const post = async (what: string, body: object) => {
    const answer = await caller.post(`/api/configuration/${what}`, body)
    if (answer.status !== 200) throw new Error(`${what} answered ${answer.status}: ${answer.text}`)
    return answer.body
  }
  const get = async (path: string) => (await caller.get(path)).body
  return {
    caller,
    plan: (text, more) => post('plan', { text, name: 'a file', ...more }),
    apply: (text, more) => post('apply', { text, name: 'a file', ...more }),
    tryApply: (text, more) => caller.post('/api/configuration/apply', { text, name: 'a file', ...more }),
    export: async (format = 'yaml') => (await get(`/api/configuration/export?format=${format}`)).text,
    changes: async () => (await get('/api/configuration/changes')).items,
    get,
  }
}

/** What would be done, one line each; what stays is left out. */
export const told = ({ changes }: { changes: readonly PlannedChange[] }): string[] =>
  changes.filter(({ action }) => action !== 'unchanged').map(({ action, kind, name }) => `${action} ${kind} ${name}`)

export const warnings = ({ problems }: Pick<ConfigurationPlan, 'problems'>): string[] =>
  problems.map(({ severity, line, path }) => `${severity} ${line} ${path}`)

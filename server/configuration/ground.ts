import type { ConfigurationProblem, ConfigurationRequest } from '../../shared/configuration.ts'
import type { AppContext } from '../context.ts'
import type { Actor } from '../users/actor.ts'
import type { Path, ReadText } from './read-text.ts'
import type { Resolver } from './resolver.ts'
import type { State } from './state.ts'

/** What is at hand where a file's words are turned into what is to be written. */
export type Ground = {
  ctx: AppContext
  actor: Actor
  request: ConfigurationRequest
  read: ReadText
  state: State
  resolver: Resolver
}

type Saying = Omit<ConfigurationProblem, 'severity' | 'path' | 'line' | 'column'>

export function sayError({ read }: Pick<Ground, 'read'>, path: Path, saying: Saying): undefined {
  read.problems.push(read.at(path, { severity: 'error', ...saying }))
}

export function sayWarning({ read }: Pick<Ground, 'read'>, path: Path, saying: Saying): void {
  read.problems.push(read.at(path, { severity: 'warning', ...saying }))
}

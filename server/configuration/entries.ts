import type { DeclaredCommand } from '../../shared/commands.ts'
import type { ConfigurationKind } from '../../shared/configuration.ts'
import type {
  DestinationInFile,
  IntegrationInFile,
  QuietHoursInFile,
  RuleInFile,
  ScheduleInFile,
  TargetInFile,
  TemplateInFile,
  TypeInFile,
} from '../../shared/configuration-file.ts'
import type { ListedScopes } from './compare-scopes.ts'
import type { Path } from './read-text.ts'

type Bodies = {
  integration: IntegrationInFile
  destination: DestinationInFile
  command: DeclaredCommand
  template: TemplateInFile
  type: TypeInFile
  rule: Omit<RuleInFile, 'name'>
  fallback: { destinations: TargetInFile[] }
  schedule: ScheduleInFile
  quiet_hours: QuietHoursInFile
}

/** One thing that a file says, in the words of our own format, whatever the file's format is. */
export type EntryOf<Kind extends keyof Bodies> = {
  kind: Kind
  /** Of an integration that the file does not name: undefined, which is the one that is meant. */
  name: Kind extends 'integration' ? string | undefined : string
  body: Bodies[Kind]
  /** The file says all of it: what it leaves out is the default. Else that stays as it is. */
  whole: boolean
  path: Path
  /** Where a field stands in the file. */
  at: (field: string, ...inside: (string | number)[]) => Path
}
export type Entry = { [Kind in keyof Bodies]: EntryOf<Kind> }[keyof Bodies]

/** What a format makes of a file. */
export type Said = { entries: Entry[]; sections: ConfigurationKind[]; scopes?: ListedScopes }

export const under =
  (path: Path): EntryOf<'type'>['at'] =>
  (field, ...inside) => [...path, field, ...inside]

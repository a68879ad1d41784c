import { StudioFile } from '../../../shared/configuration-file.ts'
import { SCOPES, scopeNote } from '../../../shared/slack-scopes.ts'
import { checkShape } from '../check-shape.ts'
import { type Entry, type EntryOf, type Said, under } from '../entries.ts'
import type { Path, ReadText } from '../read-text.ts'
import { credentialsOf, defaultChannelOf, type Setting, type Warn } from './studio-slack.ts'

/** The configuration of Studio Platform, with its own names. It decides only what it names; the rest stays. */
export function readStudio(read: ReadText): Said | undefined {
  const file = checkShape(StudioFile, read)
  if (!file) return undefined
  const warn: Warn = (path, message, fix) =>
    void read.problems.push(read.at(path, { severity: 'warning', message, ...(fix !== undefined && { fix }) }))
  unknownScopes(file, warn)
  const entries: Entry[] = [
    ...commandsOf(file),
    ...typesOf(file, warn),
    ...rulesOf(file),
    ...schedulesOf(file),
    ...defaultChannelOf(file, warn),
    ...integrationOf([...credentialsOf(file, warn), ...settingsOf(file, warn)]),
  ]
  const { bot_token_scopes: scopes } = file
  return {
    entries,
    sections: [...new Set(entries.map(({ kind }) => kind))].filter((kind) => kind !== 'integration'),
    ...(scopes && { scopes: { scopes, path: ['bot_token_scopes'] } }),
  }
}

/** What the file lists as scopes, and Slack does not know. */
function unknownScopes(file: StudioFile, warn: Warn): void {
  for (const [index, scope] of (file.bot_token_scopes ?? []).entries()) {
    if (!Object.hasOwn(SCOPES, scope)) {
      warn(['bot_token_scopes', index], `${scope}: ${scopeNote(scope)}`, 'It is passed over; leave it out of the list.')
    }
  }
}

function commandsOf({ slash_commands = {} }: StudioFile): EntryOf<'command'>[] {
  return Object.entries(slash_commands).map(([name, body]) => {
    const path = ['slash_commands', name]
    return { kind: 'command', name, body, whole: true, path, at: under(path) }
  })
}

/** What is sent of a type stands in two sections, which are one thing here. */
function typesOf(file: StudioFile, warn: Warn): EntryOf<'type'>[] {
  const { notification_types = {}, alert_configuration = {} } = file
  const names = [...new Set([...Object.keys(notification_types), ...Object.keys(alert_configuration)])]
  return names.map((name) => {
    const type = own(notification_types, name)
    const alert = own(alert_configuration, name)
    const [typePath, alertPath] = [
      ['notification_types', name],
      ['alert_configuration', name],
    ]
    if (type?.emoji && alert?.emoji && type.emoji !== alert.emoji) {
      warn([...alertPath, 'emoji'], `notification_types says ${type.emoji}, which is taken.`)
    }
    const places: [string, Path][] = [
      ...(type?.channel === undefined ? [] : [[type.channel, [...typePath, 'channel']] as [string, Path]]),
      ...(alert?.channels ?? []).map((channel, index): [string, Path] => [channel, [...alertPath, 'channels', index]]),
    ]
    const once = places.filter(([channel], index) => places.findIndex(([other]) => other === channel) === index)
    const emoji = type?.emoji ?? alert?.emoji
    const at: EntryOf<'type'>['at'] = (field, ...inside) => {
      if (field === 'destinations') return once[Number(inside[0] ?? 0)]?.[1] ?? typePath
      const isOfType = type && Object.hasOwn(type, field)
      return [...(isOfType ? typePath : alertPath), field, ...inside]
    }
    return {
      ...{ kind: 'type', name, whole: false, path: type ? typePath : alertPath, at },
      body: {
        ...(alert?.enabled !== undefined && { enabled: alert.enabled }),
        ...((type?.channel ?? alert?.channels) && { destinations: once.map(([channel]) => channel) }),
        ...(type?.priority && { priority: type.priority }),
        ...((type?.mentions ?? alert?.mentions) && {
          mentions: [...new Set([...(type?.mentions ?? []), ...(alert?.mentions ?? [])])],
        }),
        ...(emoji && { emoji }),
        ...(type?.template && { template: type.template }),
        ...(alert?.threading !== undefined && { threading: { enabled: alert.threading } }),
      },
    }
  })
}

function rulesOf({ routing_rules = {} }: StudioFile): EntryOf<'rule'>[] {
  return Object.entries(routing_rules).map(([name, { condition, channels, mentions }]) => {
    const path = ['routing_rules', name]
    const body = { condition, ...(channels && { destinations: channels }), ...(mentions && { mentions }) }
    const at: EntryOf<'rule'>['at'] = (field, ...inside) => [...path, OLD_NAMES[field] ?? field, ...inside]
    return { kind: 'rule', name, body, whole: false, path, at }
  })
}

const OLD_NAMES: Readonly<Record<string, string>> = { destinations: 'channels' }

/** A schedule has the name of its type, and its data comes from the platform. */
function schedulesOf({ alert_configuration = {} }: StudioFile): EntryOf<'schedule'>[] {
  return Object.entries(alert_configuration).flatMap(([name, { schedule }]): EntryOf<'schedule'>[] => {
    if (schedule === undefined) return []
    const path = ['alert_configuration', name, 'schedule']
    const body = { cron: schedule, type: name, source: { kind: 'platform' as const } }
    return [{ kind: 'schedule', name, body, whole: false, path, at: () => path }]
  })
}

/** What stands under `debug_config` and means something here. */
function settingsOf({ debug_config = {} }: StudioFile, warn: Warn): Setting[] {
  const path = ['debug_config']
  if (debug_config.enabled || debug_config.detailed_logging) {
    const field = debug_config.enabled ? 'enabled' : 'detailed_logging'
    warn(
      [...path, field],
      'There is no mode for debugging: every attempt is kept with what Slack answered.',
      'Look under Deliveries. The log of the server itself is set by SWITCHBOARD_LOG_LEVEL.',
    )
  }
  if (debug_config.log_level !== undefined) {
    warn(
      [...path, 'log_level'],
      'The level of the log is not a matter of this file.',
      `Start the server with SWITCHBOARD_LOG_LEVEL=${/^[a-z]{1,10}$/.test(debug_config.log_level) ? debug_config.log_level : 'debug'}.`,
    )
  }
  if (debug_config.api_timeout !== undefined) {
    warn(
      [...path, 'api_timeout'],
      'How long a request to Slack may take is fixed, so this is not taken.',
      'Nothing is lost by a slow answer: it is looked for in the channel before the message is sent again.',
    )
  }
  if (debug_config.retry_attempts === undefined) return []
  const attempts = Math.max(1, debug_config.retry_attempts)
  warn(
    [...path, 'retry_attempts'],
    `Taken as at most ${attempts} ${attempts === 1 ? 'attempt' : 'attempts'}: in an outage of Slack messages then fail within seconds.`,
    'Leave it out to try for hours, which is the default. Waits that Slack asks for count as no attempt.',
  )
  return [{ field: 'maxAttempts', value: attempts, path: [...path, 'retry_attempts'] }]
}

/** All of them, as of the integration that is meant: the file has no name for it. */
function integrationOf(settings: readonly Setting[]): EntryOf<'integration'>[] {
  const [first] = settings
  if (!first) return []
  const path = first.path.slice(0, 1)
  const body = Object.fromEntries(settings.map(({ field, value }) => [field, value]))
  const at: EntryOf<'integration'>['at'] = (field) => settings.find((each) => each.field === field)?.path ?? path
  return [{ kind: 'integration', name: undefined, body, whole: false, path, at }]
}

const own = <Value>(record: Readonly<Record<string, Value>>, name: string): Value | undefined =>
  Object.hasOwn(record, name) ? record[name] : undefined

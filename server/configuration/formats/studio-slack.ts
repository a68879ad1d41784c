import type { IntegrationInFile, SecretInFile, StudioFile } from '../../../shared/configuration-file.ts'
import type { EntryOf } from '../entries.ts'
import type { Path } from '../read-text.ts'

export type Warn = (path: Path, message: string, fix?: string) => void
/** One field of the integration, and where the file says it. */
export type Setting = {
  [Field in keyof IntegrationInFile]-?: { field: Field; value: IntegrationInFile[Field]; path: Path }
}[keyof IntegrationInFile]

const SECTION = 'slack_config'

/** The secrets that stand under `slack_config`; what is only a placeholder for one is passed over. */
export function credentialsOf({ slack_config = {} }: StudioFile, warn: Warn): Setting[] {
  const named = [
    ['botToken', 'bot_token', 'SLACK_BOT_TOKEN'],
    ['appToken', 'app_token', 'SLACK_APP_TOKEN'],
    ['signingSecret', 'signing_secret', 'SLACK_SIGNING_SECRET'],
  ] as const
  return named.flatMap(([field, key, example]): Setting[] => {
    const value = slack_config[key]
    const path = [SECTION, key]
    if (value === undefined) return []
    if (!isPlaceholder(value)) return [{ field, value, path }]
    const name = typeof value === 'string' ? /^\$\{?([A-Za-z_]\w{0,99})\}?$/.exec(value)?.[1] : undefined
    warn(
      path,
      'This is a placeholder, so the secret that is stored stays.',
      `Write {env: ${name ?? example}} and let npx switchboard apply read it, or enter the secret in the console.`,
    )
    return []
  })
}

/** The channel for whatever nothing else sends anywhere. */
export function defaultChannelOf({ slack_config = {} }: StudioFile, warn: Warn): EntryOf<'fallback'>[] {
  const { default_channel: channel, notification_channels: channels = {} } = slack_config
  if (Object.keys(channels).length > 0) {
    warn(
      [SECTION, 'notification_channels'],
      'Nothing here goes by these names: each type says itself where it goes.',
      'Name the channel under notification_types or alert_configuration.',
    )
  }
  if (channel === undefined) return []
  const path = [SECTION, 'default_channel']
  warn(path, `Taken as the fallback: events that no type and no rule sends anywhere go to ${channel}.`)
  const body = { destinations: [channel] }
  return [{ kind: 'fallback', name: 'Fallback', body, whole: true, path, at: () => path }]
}

/** What people write to be replaced: ${NAME}, <token>, xoxb-your-token, xoxb-... */
const isPlaceholder = (value: SecretInFile): boolean =>
  typeof value === 'string' && /^\$|[<>{}]|your[-_ ]|example|\.\.\.|…|x{6}|\*{3}/i.test(value)

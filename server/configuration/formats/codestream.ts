import { CodeStreamFile } from '../../../shared/configuration-file.ts'
import { checkShape } from '../check-shape.ts'
import type { EntryOf, Said } from '../entries.ts'
import type { ReadText } from '../read-text.ts'

const CLOUD = ['integrations', 'slack', 'cloud']
const OLD_NAMES: Readonly<Record<string, string>> = {
  clientId: 'appClientId',
  clientSecret: 'appClientSecret',
  signingSecret: 'appSigningSecret',
  enabled: 'disabled',
}

/** The credentials of the Slack app in the settings of CodeStream's server. */
export function readCodeStream(read: ReadText): Said | undefined {
  const file = checkShape(CodeStreamFile, read)
  if (!file) return undefined
  const { cloud } = file.integrations.slack
  const entry: EntryOf<'integration'> = {
    ...{ kind: 'integration', name: undefined, whole: false, path: CLOUD },
    at: (field, ...inside) => [...CLOUD, OLD_NAMES[field] ?? field, ...inside],
    body: {
      appId: cloud.appId,
      clientId: cloud.appClientId,
      clientSecret: cloud.appClientSecret,
      signingSecret: cloud.appSigningSecret,
      ...(cloud.disabled !== undefined && { enabled: !cloud.disabled }),
    },
  }
  if (cloud.interactiveComponentsEnabled) {
    read.problems.push(
      read.at([...CLOUD, 'interactiveComponentsEnabled'], {
        severity: 'note',
        message: 'Buttons and dialogs are switched on in Slack, under Interactivity & Shortcuts of the app settings.',
        fix: 'Enter the address there that the page of the integration shows.',
      }),
    )
  }
  return { entries: [entry], sections: [] }
}

import { PlatformEndpointChange } from '../../../shared/platform.ts'
import type { AppContext } from '../../context.ts'
import { Refusal } from '../../errors.ts'
import { lockIntegration } from '../../integrations/store.ts'
import { checkedUrl, eraseEndpoint, writeEndpoint } from '../../platform/change-endpoint.ts'
import { shownUrl } from '../../platform/show-platform.ts'
import type { SavedEndpoint } from '../../platform/store.ts'
import type { EntryOf } from '../entries.ts'
import { type Ground, sayError, sayWarning } from '../ground.ts'
import type { Present, Wanted } from '../items.ts'
import type { Path } from '../read-text.ts'
import type { Named } from '../resolver.ts'

/** Where the platform of each integration is. It belongs to its integration, which says in the file that there is none. */
export function presentPlatforms(
  ctx: AppContext,
  rows: readonly SavedEndpoint[],
  nameOf: (id: string) => string,
): Present[] {
  return rows.map(({ integrationId, url, disabledAt }) => ({
    ...{ kind: 'platform', key: integrationId, name: `Platform of ${nameOf(integrationId)}` },
    fields: { url: comparable(ctx, url), enabled: disabledAt === null },
  }))
}

/** Undefined when the file says nothing of it. */
export function wantedPlatform(
  ground: Ground,
  { body: { platform }, at }: EntryOf<'integration'>,
  { id, name }: Named,
  hasOne: boolean,
): Wanted | undefined {
  if (platform === undefined || (platform === null && !hasOne)) return undefined
  const base = { kind: 'platform' as const, key: id, name: `Platform of ${name}`, path: at('platform'), defaults: {} }
  if (platform === null) {
    return {
      ...{ ...base, fields: { url: null } },
      write: ({ ctx, trx, actor }) => eraseEndpoint(ctx, trx, actor, id, { lockIntegration }),
    }
  }
  const url = urlOf(ground, platform.url, at('platform', 'url'))
  if (url === undefined) return undefined
  const { enabled = true } = platform
  if (!hasOne) sayWarning(ground, at('platform'), UNSEEN_SECRET)
  return {
    ...{ ...base, fields: { url: comparable(ground.ctx, url), enabled } },
    write: async ({ ctx, trx, actor }) => {
      const change = PlatformEndpointChange.parse({ url, enabled })
      await writeEndpoint(ctx, trx, actor, id, change, { lockIntegration })
    },
  }
}

const UNSEEN_SECRET = {
  message: 'The endpoint is made with a secret that its calls are signed with, and a file shows it to nobody.',
  fix: 'Once it is applied, roll the secret on the Platform tab of the integration: it is shown there, this once.',
}

function urlOf(ground: Ground, typed: string, path: Path): string | undefined {
  try {
    return checkedUrl(ground.ctx, typed)
  } catch (error) {
    if (!(error instanceof Refusal)) throw error
    return sayError(ground, path, { message: error.message, ...(error.fix && { fix: error.fix }) })
  }
}

/** A query may hold a token: it is compared, and not shown. */
function comparable(ctx: AppContext, url: string): string {
  const shown = shownUrl(url)
  return shown === url ? shown : `${shown} (${ctx.vault.keyedHash(`platform ${url}`).slice(0, 6)})`
}

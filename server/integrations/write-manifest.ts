import { stringify } from 'yaml'
import type { z } from 'zod'
import { builtInCommands } from '../../shared/commands.ts'
import { type ManifestAnswer, type ManifestQuery, NewIntegration } from '../../shared/integrations.ts'
import { buildManifest, manifestLink, publicUrlProblem } from '../../shared/manifest.ts'
import { defaultFeatures } from '../../shared/slack-scopes.ts'
import type { AppContext } from '../context.ts'
import { Refusal } from '../errors.ts'
import type { Dependants } from './dependants.ts'
import { checkedFeatures } from './features.ts'

/** The manifest of a Slack app for this deployment. Its addresses name an id that the integration then takes. */
export async function writeManifest(
  ctx: AppContext,
  query: z.output<typeof ManifestQuery>,
  { listDeclared }: Pick<Dependants, 'listDeclared'>,
): Promise<ManifestAnswer> {
  const features = query.features === undefined ? [...defaultFeatures] : checkedFeatures(listed(query.features))
  const integrationId = query.integrationId ? checkedId(query.integrationId) : ctx.newId('int')
  const manifest = buildManifest({
    name: query.name,
    publicUrl: ctx.publicUrl,
    integrationId,
    features,
    socketMode: false,
    commands: [...builtInCommands, ...(await listDeclared(ctx.db))].map(({ command, description, usageHint }) => ({
      command,
      description,
      ...(usageHint !== undefined && { usageHint }),
    })),
  })
  const link = manifestLink(manifest)
  const { name } = manifest.display_information
  const unreachable = publicUrlProblem(ctx.publicUrl)
  return {
    integrationId,
    json: JSON.stringify(manifest, null, 2),
    yaml: stringify(manifest),
    link,
    warnings: [
      ...(unreachable ? [unreachable] : []),
      ...(name === query.name ? [] : [`Slack allows 35 characters for the name of an app, so it is "${name}".`]),
      ...(link.length > LONGEST_SAFE_LINK
        ? ['The link is too long for some browsers: copy the manifest instead.']
        : []),
    ],
  }
}

/** Browsers and proxies may cut a longer address. */
const LONGEST_SAFE_LINK = 8_000

const listed = (text: string) =>
  text
    .split(',')
    .map((key) => key.trim())
    .filter(Boolean)

function checkedId(id: string): string {
  if (NewIntegration.shape.id.safeParse(id).success) return id
  throw new Refusal('invalid', `"${id}" is not an id of an integration.`, { field: 'integrationId' })
}

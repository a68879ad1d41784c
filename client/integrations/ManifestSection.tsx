import { useQuery } from '@tanstack/react-query'
import type { Integration } from '../../shared/integrations.ts'
import { slackLink } from '../../shared/slack-links.ts'
import { plural } from '../lib/format.ts'
import { ErrorNotice } from '../ui/ErrorNotice.tsx'
import { ExternalLink } from '../ui/ExternalLink.tsx'
import { Section } from '../ui/Section.tsx'
import { CopyManifest } from './CopyManifest.tsx'
import classes from './connection.module.css'
import { manifestQuery, testQuery } from './queries.ts'

/** The manifest that the app in Slack should have, and how far the app is behind it. */
export function ManifestSection({ integration }: { integration: Integration }) {
  const { id, name, features, appId, lastTest } = integration
  const manifest = useQuery(manifestQuery({ name, features, integrationId: id }))
  const test = useQuery({ ...testQuery(id, lastTest?.id ?? ''), enabled: lastTest !== undefined })
  const scopes = test.data?.steps.find((step) => step.name === 'scopes')
  const missing = scopes?.items?.filter((item) => item.state === 'warn').length ?? 0
  return (
    <Section title="App manifest" actions={manifest.data && <CopyManifest manifest={manifest.data} />}>
      {manifest.error && (
        <ErrorNotice error={manifest.error} what="The manifest could not be written" onRetry={manifest.refetch} />
      )}
      <p className={classes.text}>
        {missing > 0
          ? `The app in Slack is ${plural(missing, 'scope')} behind. Paste the manifest there, then reinstall the app.`
          : scopes?.state === 'pass'
            ? 'The app in Slack has every scope its features need. After you switch on another feature, paste the manifest there and reinstall the app.'
            : 'The connection test says which scopes the app in Slack still lacks.'}{' '}
        <ExternalLink href={slackLink('manifest', appId)}>App Manifest</ExternalLink>
      </p>
      {manifest.data?.warnings.map((warning) => (
        <p key={warning} className={`${classes.notice} ${classes.after}`} data-tone="warn">
          {warning}
        </p>
      ))}
    </Section>
  )
}

import { Button, TextInput } from '@mantine/core'
import { type FormEvent, useState } from 'react'
import type { Integration, IntegrationChange } from '../../shared/integrations.ts'
import { neededScopes, slackFeatures } from '../../shared/slack-scopes.ts'
import { plural } from '../lib/format.ts'
import { ErrorNotice } from '../ui/ErrorNotice.tsx'
import { Dock, Section } from '../ui/Section.tsx'
import { toast } from '../ui/toast.ts'
import { useCan } from '../users/queries.ts'
import { DeleteIntegration } from './DeleteIntegration.tsx'
import { FeatureSwitches } from './FeatureSwitches.tsx'
import { useChangeIntegration } from './queries.ts'
import { RetryFields, type RetryWish } from './RetryFields.tsx'
import classes from './settings.module.css'

/** Name, where tests post, how often is tried, what the app is used for; and at the foot, the way out. */
export function SettingsTab({ integration }: { integration: Integration }) {
  const isAdmin = useCan('admin')
  const change = useChangeIntegration(integration.id)
  const [name, setName] = useState(integration.name)
  const [features, setFeatures] = useState(integration.features)
  const [testChannel, setTestChannel] = useState(integration.testChannel ?? '')
  const [retry, setRetry] = useState<RetryWish>(integration)
  const wish = changeOf(integration, { name, features, testChannel, retry })
  const changed = Object.keys(wish).length
  const more = neededScopes(features).filter((scope) => !neededScopes(integration.features).includes(scope))
  const save = (event: FormEvent) => {
    event.preventDefault()
    change.mutate(wish, { onSuccess: () => toast('ok', 'Settings saved') })
  }
  return (
    <>
      <form id="settings" onSubmit={save}>
        <Section title="General">
          <div className={classes.fields}>
            <TextInput
              label="Name"
              value={name}
              maxLength={80}
              required
              withAsterisk={false}
              disabled={!isAdmin}
              onChange={(event) => setName(event.currentTarget.value)}
            />
            <TextInput
              label="Test channel"
              description="An ID, a #name or a link. The connection test posts one message there."
              value={testChannel}
              maxLength={300}
              disabled={!isAdmin}
              onChange={(event) => setTestChannel(event.currentTarget.value)}
            />
          </div>
        </Section>
        <Section title="Retries" note="When Slack or the network fails. A type of event may say otherwise.">
          <RetryFields value={retry} onChange={setRetry} disabled={!isAdmin} />
        </Section>
        <Section
          title="Features"
          note={`${features.length} of ${slackFeatures.length} on, ${plural(neededScopes(features).length, 'scope')} needed`}
        >
          <FeatureSwitches value={features} onChange={setFeatures} disabled={!isAdmin} />
          {more.length > 0 && (
            <p className={classes.more} role="status">
              The app in Slack then also needs {more.join(', ')}: copy the manifest on the Connection tab and reinstall.
            </p>
          )}
        </Section>
      </form>
      {isAdmin && <DeleteIntegration integration={integration} />}
      {isAdmin && (changed > 0 || change.error) && (
        <Dock
          note={
            change.error ? <ErrorNotice error={change.error} what="The settings were not saved" /> : 'Not saved yet'
          }
        >
          <Button
            variant="default"
            onClick={() => {
              setName(integration.name)
              setFeatures(integration.features)
              setTestChannel(integration.testChannel ?? '')
              setRetry(integration)
              change.reset()
            }}
          >
            Discard
          </Button>
          <Button type="submit" form="settings" loading={change.isPending} disabled={changed === 0 || !name.trim()}>
            Save settings
          </Button>
        </Dock>
      )}
    </>
  )
}

type Typed = { name: string; features: string[]; testChannel: string; retry: RetryWish }

function changeOf(integration: Integration, { name, features, testChannel, retry }: Typed): IntegrationChange {
  const isSame = [...features].sort().join() === [...integration.features].sort().join()
  return {
    ...(name.trim() !== integration.name && { name: name.trim() }),
    ...(!isSame && { features }),
    ...(testChannel.trim() !== (integration.testChannel ?? '') && { testChannel: testChannel.trim() || null }),
    ...(retry.maxAttempts !== integration.maxAttempts && { maxAttempts: retry.maxAttempts }),
    ...(retry.nextAttemptDelay !== integration.nextAttemptDelay && { nextAttemptDelay: retry.nextAttemptDelay }),
  }
}

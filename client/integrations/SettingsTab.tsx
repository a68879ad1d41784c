import { Button, TextInput } from '@mantine/core'
import type { FormEvent } from 'react'
import type { Integration, IntegrationChange } from '../../shared/integrations.ts'
import { neededScopes, slackFeatures } from '../../shared/slack-scopes.ts'
import { plural } from '../lib/format.ts'
import { useEdits } from '../lib/use-edits.ts'
import { ErrorNotice } from '../ui/ErrorNotice.tsx'
import { LeaveGuard } from '../ui/LeaveGuard.tsx'
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
  const { draft, set, discard } = useEdits<Typed>(draftOf(integration))
  const { name, features, testChannel, ...retry } = draft
  const wish = changeOf(integration, draft)
  const changed = Object.keys(wish).length
  const more = neededScopes(features).filter((scope) => !neededScopes(integration.features).includes(scope))
  const save = (event: FormEvent) => {
    event.preventDefault()
    change.mutate(wish, {
      onSuccess: () => {
        discard()
        void toast('ok', 'Settings saved')
      },
    })
  }
  return (
    <>
      <LeaveGuard when={isAdmin && changed > 0} what="integration" />
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
              onChange={(event) => set({ name: event.currentTarget.value })}
            />
            <TextInput
              label="Test channel"
              description="An ID, a #name or a link. The connection test posts one message there."
              value={testChannel}
              maxLength={300}
              disabled={!isAdmin}
              onChange={(event) => set({ testChannel: event.currentTarget.value })}
            />
          </div>
        </Section>
        <Section title="Retries" note="When Slack or the network fails. A type of event may say otherwise.">
          <RetryFields value={retry} onChange={set} disabled={!isAdmin} />
        </Section>
        <Section
          title="Features"
          note={`${features.length} of ${slackFeatures.length} on, ${plural(neededScopes(features).length, 'scope')} needed`}
        >
          <FeatureSwitches value={features} onChange={(features) => set({ features })} disabled={!isAdmin} />
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
              discard()
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

type Typed = { name: string; features: Integration['features']; testChannel: string } & RetryWish

function draftOf({ name, features, testChannel, maxAttempts, nextAttemptDelay }: Integration): Typed {
  return { name, features, testChannel: testChannel ?? '', maxAttempts, nextAttemptDelay }
}

function changeOf(integration: Integration, { name, features, testChannel, ...retry }: Typed): IntegrationChange {
  const isSame = [...features].sort().join() === [...integration.features].sort().join()
  return {
    ...(name.trim() !== integration.name && { name: name.trim() }),
    ...(!isSame && { features }),
    ...(testChannel.trim() !== (integration.testChannel ?? '') && { testChannel: testChannel.trim() || null }),
    ...(retry.maxAttempts !== integration.maxAttempts && { maxAttempts: retry.maxAttempts }),
    ...(retry.nextAttemptDelay !== integration.nextAttemptDelay && { nextAttemptDelay: retry.nextAttemptDelay }),
  }
}

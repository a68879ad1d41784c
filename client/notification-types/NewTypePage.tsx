import { Autocomplete, Button, Select } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { type FormEvent, useState } from 'react'
import { Link } from 'react-router'
import type { Integration } from '../../shared/integrations.ts'
import { ChannelPicker, type Chosen } from '../destinations/ChannelPicker.tsx'
import { commandFor } from '../events/command-for.ts'
import { integrationsQuery } from '../integrations/queries.ts'
import { fieldProblem } from '../lib/field-problem.ts'
import { CodeBlock } from '../ui/CodeBlock.tsx'
import { EmptyState } from '../ui/EmptyState.tsx'
import { ErrorNotice } from '../ui/ErrorNotice.tsx'
import { IconPlug, IconShieldLock } from '../ui/icons.ts'
import { PageFrame } from '../ui/PageFrame.tsx'
import { Columns, PageHead, Section } from '../ui/Section.tsx'
import { SectionSkeleton } from '../ui/Skeletons.tsx'
import { useCan } from '../users/queries.ts'
import classes from './notification-types.module.css'
import { eventTypesQuery, useAddNotificationType } from './queries.ts'
import { TestOutcome, useTestEvent } from './TestEvent.tsx'

/** From nothing to a message that arrived: which events, which channel, and a test that shows it. */
export function NewTypePage() {
  const isAdmin = useCan('admin')
  const integrations = useQuery(integrationsQuery)
  return (
    <PageFrame title="New type" breadcrumbs={[{ label: 'Notifications', to: '/notifications' }]}>
      <PageHead title="New type" meta="Which events, which channel, and a test that shows it." />
      {!isAdmin ? (
        <EmptyState icon={<IconShieldLock />} title="An admin adds notification types">
          Your role lets you look at them. Ask an admin of this server to add one.
        </EmptyState>
      ) : integrations.error ? (
        <ErrorNotice
          banner
          error={integrations.error}
          what="The integrations could not be read"
          onRetry={integrations.refetch}
        />
      ) : !integrations.data ? (
        <SectionSkeleton height={240} />
      ) : integrations.data.length === 0 ? (
        <ConnectFirst />
      ) : (
        <Guided integrations={integrations.data} />
      )}
    </PageFrame>
  )
}

function ConnectFirst() {
  const connect = (
    <Button component={Link} to="/integrations/new">
      Connect Slack
    </Button>
  )
  return (
    <EmptyState icon={<IconPlug />} title="Connect Slack first" actions={connect}>
      Messages need a workspace to go to. It takes about five minutes, and the sandbox needs no Slack account.
    </EmptyState>
  )
}

function Guided({ integrations }: { integrations: Integration[] }) {
  const seen = useQuery(eventTypesQuery)
  const [typed, setTyped] = useState('')
  const [integrationId, setIntegrationId] = useState(integrations[0]?.id ?? '')
  const [channel, setChannel] = useState<Chosen>()
  const add = useAddNotificationType()
  const type = typed.trim()
  const test = useTestEvent(type)
  const isMade = add.data !== undefined
  const submit = (event: FormEvent) => {
    event.preventDefault()
    if (isMade) test.send()
    else if (type && channel) {
      add.mutate({ type, target: { integrationId, channel: channel.value } }, { onSuccess: () => test.send() })
    }
  }
  return (
    <Columns widths="minmax(0, 1fr) 360px" fill>
      <form className={classes.form} onSubmit={submit}>
        <Section title="1. What happens">
          <div className={classes.fields}>
            <Autocomplete
              label="Type of event"
              description="Exactly as your platform sends it in the field “type”."
              placeholder="compliance.violation"
              data={seen.data?.items.map((item) => item.type) ?? []}
              value={typed}
              maxLength={100}
              readOnly={isMade}
              spellCheck={false}
              error={fieldProblem(add.error, 'type')}
              onChange={setTyped}
            />
          </div>
        </Section>
        <Section title="2. Where it goes" note="More places, people and webhooks can be added afterwards">
          <div className={classes.fields}>
            {integrations.length > 1 && (
              <Select
                label="Integration"
                data={integrations.map(({ id, name }) => ({ value: id, label: name }))}
                value={integrationId}
                allowDeselect={false}
                disabled={isMade}
                onChange={(id) => {
                  if (!id) return
                  setIntegrationId(id)
                  setChannel(undefined)
                }}
              />
            )}
            <ChannelPicker key={integrationId} integrationId={integrationId} chosen={channel} onChoose={setChannel} />
          </div>
        </Section>
        <Section title="3. See it arrive">
          <div className={classes.fields}>
            {!isMade && <p>A test event goes the way that a real one will, from here to the channel.</p>}
            <div className={classes.actions}>
              <Button
                type="submit"
                loading={add.isPending || test.isPending}
                disabled={!isMade && (!type || !channel)}
                variant={isMade ? 'default' : 'filled'}
              >
                {isMade ? 'Send another test event' : 'Add and send a test event'}
              </Button>
              {isMade && (
                <Button component={Link} to={`/notifications/types/${encodeURIComponent(type)}`}>
                  Set up the rest
                </Button>
              )}
            </div>
            {add.error && <ErrorNotice error={add.error} what="The type was not added" />}
            {test.error && <ErrorNotice error={test.error} what="The test event was not taken" />}
            {test.event && <TestOutcome event={test.event} />}
          </div>
        </Section>
      </form>
      <aside aria-label="From your platform">
        <Section title="From your platform">
          <p className={classes.lead}>
            Then one request is all it takes. The key is made under <Link to="/settings">Settings</Link>.
          </p>
          <CodeBlock label="Command that sends an event" code={commandFor(type || 'compliance.violation')} />
        </Section>
      </aside>
    </Columns>
  )
}

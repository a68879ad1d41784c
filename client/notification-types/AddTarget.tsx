import { Button, SegmentedControl, Select, Stack } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { type ReactNode, useState } from 'react'
import type { Integration } from '../../shared/integrations.ts'
import type { RouteDestination } from '../../shared/route-targets.ts'
import { allDestinationsQuery } from '../destinations/queries.ts'
import { ErrorNotice } from '../ui/ErrorNotice.tsx'
import type { DraftTarget } from './draft.ts'

/** The fields that find a channel and a person; they belong to another slice, so the page hands them in. */
export type TargetPickers = {
  channel: (props: { integrationId: string; onPick: (value: string, name: string) => void }) => ReactNode
  person: (props: { integrationId: string; value: string; onChange: (value: string) => void }) => ReactNode
}

type Kind = RouteDestination['kind']
type Props = {
  integrations: Integration[]
  pickers: TargetPickers
  onAdd: (added: DraftTarget) => void
  onClose: () => void
}

const KINDS: { value: Kind; label: string }[] = [
  { value: 'channel', label: 'Channel' },
  { value: 'person', label: 'Person' },
  { value: 'webhook', label: 'Webhook' },
  { value: 'recipient', label: 'Recipient' },
]

/** Chooses one more place that messages of the type go to. */
export function AddTarget({ integrations, pickers, onAdd, onClose }: Props) {
  const [kind, setKind] = useState<Kind>('channel')
  const [integrationId, setIntegrationId] = useState(integrations[0]?.id ?? '')
  const [person, setPerson] = useState('')
  return (
    <Stack gap="sm" role="group" aria-label="Add a destination">
      {integrations.length > 1 && (
        <Select
          label="Integration"
          data={integrations.map(({ id, name }) => ({ value: id, label: name }))}
          value={integrationId}
          allowDeselect={false}
          onChange={(id) => id && setIntegrationId(id)}
        />
      )}
      <SegmentedControl
        aria-label="Kind of destination"
        data={KINDS}
        value={kind}
        onChange={(next) => setKind(next as Kind) /* one of KINDS */}
      />
      {kind === 'channel' &&
        pickers.channel({
          integrationId,
          onPick: (channel, name) =>
            onAdd({ target: { integrationId, channel }, shown: { integrationId, kind, name } }),
        })}
      {kind === 'person' && (
        <>
          {pickers.person({ integrationId, value: person, onChange: setPerson })}
          <div>
            <Button
              variant="default"
              disabled={!person.trim()}
              onClick={() =>
                onAdd({
                  target: { integrationId, person: person.trim() },
                  shown: { integrationId, kind, name: person.trim() },
                })
              }
            >
              Add person
            </Button>
          </div>
        </>
      )}
      {kind === 'webhook' && <WebhookSelect integrationId={integrationId} onAdd={onAdd} />}
      {kind === 'recipient' && (
        <>
          <p>
            A direct message to whoever the event names in its field “recipient”. An event without one goes to the other
            destinations only.
          </p>
          <div>
            <Button
              variant="default"
              onClick={() =>
                onAdd({
                  target: { integrationId, recipient: true },
                  shown: { integrationId, kind, name: 'The recipient' },
                })
              }
            >
              Add the recipient
            </Button>
          </div>
        </>
      )}
      <div>
        <Button variant="subtle" size="xs" px={4} onClick={onClose}>
          Cancel
        </Button>
      </div>
    </Stack>
  )
}

/** Webhooks are added with their address on the integration's page; here one of them is chosen. */
function WebhookSelect({ integrationId, onAdd }: { integrationId: string; onAdd: Props['onAdd'] }) {
  const { data = [], error, refetch } = useQuery(allDestinationsQuery)
  const webhooks = data.filter((each) => each.kind === 'webhook' && each.integrationId === integrationId)
  if (error) return <ErrorNotice error={error} what="The webhooks could not be read" onRetry={refetch} />
  return (
    <Select
      label="Webhook"
      description={webhooks.length === 0 ? 'This integration has none. Add one on its Destinations tab first.' : null}
      placeholder="Choose a webhook"
      data={webhooks.map(({ id, name }) => ({ value: id, label: name }))}
      disabled={webhooks.length === 0}
      value={null}
      onChange={(id) => {
        const name = webhooks.find((each) => each.id === id)?.name
        if (id && name) onAdd({ target: id, shown: { id, integrationId, kind: 'webhook', name } })
      }}
    />
  )
}

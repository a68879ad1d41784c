import { Button, Group, SegmentedControl, Stack } from '@mantine/core'
import { type FormEvent, useState } from 'react'
import type { Destination, DestinationKind, NewDestination } from '../../shared/destinations.ts'
import { slackCode } from '../../shared/slack-codes.ts'
import { Dialog } from '../ui/Dialog.tsx'
import { ErrorNotice } from '../ui/ErrorNotice.tsx'
import { Notice } from '../ui/Notice.tsx'
import { ChannelPicker, type Chosen } from './ChannelPicker.tsx'
import { OwnerAndNote } from './OwnerAndNote.tsx'
import { PersonField } from './PersonField.tsx'
import { useCreateDestination } from './queries.ts'
import { WebhookFields } from './WebhookFields.tsx'
import { webhookNotice } from './webhook-notice.ts'

type Props = {
  integrationId: string
  appId: string
  kind: DestinationKind
  onKind: (kind: DestinationKind) => void
  onClose: () => void
  onTry: (made: Destination) => void
}

const KINDS = [
  { value: 'channel', label: 'Channel' },
  { value: 'person', label: 'Person' },
  { value: 'webhook', label: 'Webhook' },
]

/** Adds a channel, a person or a webhook, and offers to try it at once. */
export function AddDestination(props: Props) {
  const [made, setMade] = useState<Destination>()
  return (
    <Dialog opened onClose={props.onClose} title={made ? `${made.name} was added` : 'Add a destination'} size="lg">
      {made ? (
        <Made made={made} {...props} onAnother={() => setMade(undefined)} />
      ) : (
        <Form {...props} onMade={setMade} />
      )}
    </Dialog>
  )
}

function Form({
  integrationId,
  appId,
  kind,
  onKind,
  onClose,
  onMade,
}: Props & { onMade: (made: Destination) => void }) {
  const create = useCreateDestination()
  const [channel, setChannel] = useState<Chosen>()
  const [person, setPerson] = useState('')
  const [webhook, setWebhook] = useState({ url: '', name: '' })
  const [about, setAbout] = useState({ owner: '', note: '' })
  const filled = {
    channel: channel && { channel: channel.value },
    person: person.trim() ? { person: person.trim() } : undefined,
    webhook:
      webhook.url.trim() && webhookNotice(webhook.url)?.level !== 'error'
        ? { url: webhook.url.trim(), ...(webhook.name.trim() && { name: webhook.name.trim() }) }
        : undefined,
  }[kind]
  const submit = (event: FormEvent) => {
    event.preventDefault()
    if (!filled) return
    const body: NewDestination = {
      integrationId,
      kind,
      ...filled,
      ...(about.owner.trim() && { owner: about.owner.trim() }),
      ...(about.note.trim() && { note: about.note.trim() }),
    }
    create.mutate(body, { onSuccess: onMade })
  }
  const choose = (next: string) => {
    create.reset()
    onKind(next as DestinationKind) // one of KINDS
  }
  return (
    <form onSubmit={submit}>
      <Stack gap="md">
        <SegmentedControl aria-label="Kind of destination" data={KINDS} value={kind} onChange={choose} />
        {kind === 'channel' && <ChannelPicker integrationId={integrationId} chosen={channel} onChoose={setChannel} />}
        {kind === 'person' && <PersonField integrationId={integrationId} value={person} onChange={setPerson} />}
        {kind === 'webhook' && <WebhookFields appId={appId} value={webhook} onChange={setWebhook} />}
        <OwnerAndNote value={about} onChange={setAbout} />
        {create.error && <ErrorNotice error={create.error} what="The destination was not added" />}
        <Group justify="flex-end" gap="xs">
          <Button variant="default" onClick={onClose}>
            Cancel
          </Button>
          <Button type="submit" loading={create.isPending} disabled={!filled}>
            Add {kind}
          </Button>
        </Group>
      </Stack>
    </form>
  )
}

type MadeProps = { made: Destination; onTry: Props['onTry']; onAnother: () => void; onClose: () => void }

/** A destination may be added and still not work; then the answer says what stands in its way. */
function Made({ made, onTry, onAnother, onClose }: MadeProps) {
  const trouble = made.code ? slackCode(made.code) : undefined
  return (
    <Stack gap="md">
      {trouble ? (
        <Notice tone="warn" title={trouble.meaning}>
          {trouble.fix}
        </Notice>
      ) : (
        <p>Send it a test message to see it arrive. You can edit the message first.</p>
      )}
      <Group justify="flex-end" gap="xs">
        <Button variant="default" onClick={onClose}>
          Done
        </Button>
        <Button variant="default" onClick={onAnother}>
          Add another
        </Button>
        <Button onClick={() => onTry(made)} data-autofocus>
          Send test message
        </Button>
      </Group>
    </Stack>
  )
}

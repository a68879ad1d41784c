import { Button, Group, Select, Stack } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { type FormEvent, useState } from 'react'
import { Link } from 'react-router'
import type { Delivery } from '../../shared/deliveries.ts'
import { slackCode } from '../../shared/slack-codes.ts'
import type { TemplateData } from '../../shared/templates.ts'
import { allDestinationsQuery } from '../destinations/queries.ts'
import { integrationsQuery } from '../integrations/queries.ts'
import { Dialog } from '../ui/Dialog.tsx'
import { ErrorNotice } from '../ui/ErrorNotice.tsx'
import { ExternalLink } from '../ui/ExternalLink.tsx'
import { Notice } from '../ui/Notice.tsx'
import { useSendTemplate } from './queries.ts'
import classes from './templates.module.css'

type Props = {
  name: string
  source: string
  data: TemplateData | undefined
  /** As which notification type it is shown. */
  type: string | undefined
  onClose: () => void
}

/** Sends what is on the screen to oneself or to a channel. It calls nobody. */
export function SendDialog({ name, source, data, type, onClose }: Props) {
  const send = useSendTemplate(name)
  const { data: destinations = [], error } = useQuery(allDestinationsQuery)
  const { data: integrations = [] } = useQuery(integrationsQuery)
  const mine = integrations.map(({ id, name }) => ({ value: `me ${id}`, label: `Me, in ${name}` }))
  const [to, setTo] = useState<string | null>(null)
  const chosen = to ?? mine[0]?.value ?? null
  const submit = (event: FormEvent) => {
    event.preventDefault()
    if (!chosen || !data) return
    const [first = '', integrationId] = chosen.split(' ')
    const more = { ...(integrationId !== undefined && { integrationId }), ...(type !== undefined && { type }) }
    send.mutate({ to: first, source, data, ...more })
  }
  return (
    <Dialog opened onClose={onClose} title="Send a trial">
      <form onSubmit={submit}>
        <Stack gap="md">
          <p>What you see in the preview, saved or not. People and groups stand in it as text: nobody is called.</p>
          <Select
            label="To"
            searchable
            data={[
              { group: 'Yourself', items: mine },
              { group: 'Destinations', items: destinations.map((one) => ({ value: one.id, label: one.name })) },
            ]}
            value={chosen}
            onChange={setTo}
            nothingFoundMessage="No destination has this in its name."
          />
          {error && <ErrorNotice error={error} what="The destinations could not be read" />}
          {!data && <Notice tone="warn" title="There is no data to send it with" />}
          {send.error && <ErrorNotice error={send.error} what="Nothing was sent" />}
          <div aria-live="polite">{send.data && !send.isPending && <Outcome delivery={send.data} />}</div>
          <Group justify="flex-end" gap="xs">
            <Button variant="default" onClick={onClose}>
              {send.data ? 'Done' : 'Cancel'}
            </Button>
            <Button type="submit" loading={send.isPending} disabled={!chosen || !data}>
              {send.data ? 'Send again' : 'Send trial'}
            </Button>
          </Group>
        </Stack>
      </form>
    </Dialog>
  )
}

function Outcome({ delivery: { id, state, code, permalink } }: { delivery: Delivery }) {
  const isThere = state === 'delivered'
  const row = code ? slackCode(code) : undefined
  return (
    <Notice
      tone={isThere ? 'ok' : state === 'failed' ? 'bad' : 'warn'}
      title={isThere ? 'Delivered' : `It is ${state}`}
    >
      {row && (
        <p>
          {row.meaning} {row.fix}
        </p>
      )}
      <p className={classes.links}>
        {permalink && <ExternalLink href={permalink}>See it in Slack</ExternalLink>}
        <Link to={`/deliveries/${id}`}>See the delivery</Link>
      </p>
    </Notice>
  )
}

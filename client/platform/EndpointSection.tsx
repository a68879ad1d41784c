import { ActionIcon, Button } from '@mantine/core'
import { useState } from 'react'
import type { PlatformEndpoint } from '../../shared/platform.ts'
import { formatDayTime } from '../lib/format.ts'
import { CopyButton } from '../ui/CopyButton.tsx'
import { ErrorNotice } from '../ui/ErrorNotice.tsx'
import { IconPencil } from '../ui/icons.ts'
import { KeyValue, KeyValues } from '../ui/KeyValues.tsx'
import { RelativeTime } from '../ui/RelativeTime.tsx'
import { Section } from '../ui/Section.tsx'
import { StatePill } from '../ui/StatePill.tsx'
import { toast } from '../ui/toast.ts'
import { useCan } from '../users/queries.ts'
import { AddressForm } from './AddressForm.tsx'
import { DeleteEndpoint } from './DeleteEndpoint.tsx'
import classes from './platform.module.css'
import { usePutPlatform } from './queries.ts'
import { RollDialog } from './RollDialog.tsx'

type Props = { endpoint: PlatformEndpoint; onSecret: (secret: string) => void }

/** Where the platform is, whether it is called, and what calls are signed with. */
export function EndpointSection({ endpoint, onSecret }: Props) {
  const { integrationId, url, enabled, secret, previousSecretUntil, lastCall, updatedAt, updatedBy } = endpoint
  const isAdmin = useCan('admin')
  const [doing, setDoing] = useState<'address' | 'roll' | 'delete'>()
  const put = usePutPlatform(integrationId)
  const done = () => setDoing(undefined)
  const switchTo = (on: boolean) =>
    put.mutate({ url, enabled: on }, { onSuccess: () => toast('ok', on ? 'Switched on' : 'Switched off') })
  return (
    <Section
      title="Platform endpoint"
      actions={
        isAdmin && (
          <Button variant="subtle" color="red" onClick={() => setDoing('delete')}>
            Delete
          </Button>
        )
      }
    >
      {put.error && <ErrorNotice error={put.error} what="Nothing was changed" />}
      {doing === 'address' ? (
        <AddressForm integrationId={integrationId} endpoint={endpoint} onSecret={onSecret} onDone={done} />
      ) : (
        <KeyValues nameWidth="96px">
          <KeyValue
            name="Address"
            meta={
              <>
                Set by {updatedBy}, <RelativeTime at={updatedAt} />
              </>
            }
            action={
              isAdmin && (
                <ActionIcon aria-label="Change address" title="Change address" onClick={() => setDoing('address')}>
                  <IconPencil />
                </ActionIcon>
              )
            }
          >
            <span className={classes.address}>
              <code>{url}</code>
              <CopyButton value={url} label="Copy address" inline />
            </span>
          </KeyValue>
          <KeyValue
            name="State"
            meta={<LastCall lastCall={lastCall} />}
            action={
              isAdmin && (
                <Button
                  variant="subtle"
                  color="gray"
                  px={6}
                  h={28}
                  loading={put.isPending}
                  onClick={() => switchTo(!enabled)}
                >
                  {enabled ? 'Switch off' : 'Switch on'}
                </Button>
              )
            }
          >
            {enabled ? (
              <StatePill tone="ok">On</StatePill>
            ) : (
              <StatePill tone="neutral">Off: nothing is asked</StatePill>
            )}
          </KeyValue>
          <KeyValue
            name="Secret"
            meta={
              previousSecretUntil
                ? `Calls also carry a signature of the secret before, until ${formatDayTime(previousSecretUntil)}`
                : 'Shown once when it is made, and never again'
            }
            action={
              isAdmin && (
                <Button variant="subtle" color="gray" px={6} h={28} onClick={() => setDoing('roll')}>
                  Roll secret
                </Button>
              )
            }
          >
            <code>{secret}</code>
          </KeyValue>
        </KeyValues>
      )}
      {doing === 'roll' && <RollDialog integrationId={integrationId} onSecret={onSecret} onClose={done} />}
      {doing === 'delete' && <DeleteEndpoint endpoint={endpoint} onClose={done} />}
    </Section>
  )
}

function LastCall({ lastCall }: Pick<PlatformEndpoint, 'lastCall'>) {
  if (!lastCall) return 'Never called yet'
  return (
    <>
      Last call {lastCall.ok ? 'was answered' : 'failed'} <RelativeTime at={lastCall.at} />
    </>
  )
}

import { Button } from '@mantine/core'
import { useInfiniteQuery } from '@tanstack/react-query'
import { useState } from 'react'
import type { ApiKey } from '../../shared/users.ts'
import { toMs } from '../lib/format.ts'
import { ConfirmByName } from '../ui/ConfirmByName.tsx'
import { type Column, DataTable } from '../ui/DataTable.tsx'
import { EmptyState } from '../ui/EmptyState.tsx'
import { ErrorNotice } from '../ui/ErrorNotice.tsx'
import { IconKey, IconPlus } from '../ui/icons.ts'
import { RelativeTime, useNow } from '../ui/RelativeTime.tsx'
import { Section } from '../ui/Section.tsx'
import { StatePill } from '../ui/StatePill.tsx'
import { toast } from '../ui/toast.ts'
import { MakeKeyDialog } from './MakeKeyDialog.tsx'
import { apiKeysQuery, useRevokeKey } from './queries.ts'

/** The keys there are, what each may do, when it was last used, and the way to make and revoke them. */
export function ApiKeysSection() {
  const keys = useInfiniteQuery(apiKeysQuery)
  const now = useNow()
  const [making, setMaking] = useState(false)
  const [revoking, setRevoking] = useState<ApiKey | null>(null)
  const rows = keys.data?.pages.flatMap(({ items }) => items) ?? []
  const make = (
    <Button leftSection={<IconPlus />} onClick={() => setMaking(true)}>
      Make API key
    </Button>
  )
  return (
    <Section title="API keys" note="for the platform's services and scripts" actions={make} flush>
      {keys.error ? (
        <ErrorNotice error={keys.error} what="The keys could not be read" onRetry={keys.refetch} banner />
      ) : (
        <DataTable
          label="API keys"
          columns={columns(now, setRevoking)}
          rows={rows}
          rowKey={(key) => key.id}
          loading={keys.isPending}
          lineAbove
          empty={
            <EmptyState icon={<IconKey />} title="No API key yet">
              A service needs one to ask this server for anything. Make one with just the scopes it needs.
            </EmptyState>
          }
        />
      )}
      {keys.hasNextPage && (
        <Button variant="subtle" loading={keys.isFetchingNextPage} onClick={() => keys.fetchNextPage()}>
          Show older keys
        </Button>
      )}
      {making && <MakeKeyDialog onClose={() => setMaking(false)} />}
      {revoking && <RevokeDialog apiKey={revoking} onClose={() => setRevoking(null)} />}
    </Section>
  )
}

function RevokeDialog({ apiKey, onClose }: { apiKey: ApiKey; onClose: () => void }) {
  const revoke = useRevokeKey()
  const confirm = () =>
    revoke.mutate(apiKey.id, {
      onSuccess: () => {
        toast('ok', `The key ${apiKey.name} is refused from now on.`)
        onClose()
      },
    })
  return (
    <ConfirmByName
      opened
      onClose={onClose}
      title="Revoke API key"
      name={apiKey.name}
      action="Revoke key"
      onConfirm={confirm}
      busy={revoke.isPending}
      failed="The key was not revoked"
      error={revoke.error}
    >
      Whatever still uses this key is refused at once, and it can't be brought back.{' '}
      {apiKey.lastUsedAt ? (
        <>
          It was last used <RelativeTime at={apiKey.lastUsedAt} />.
        </>
      ) : (
        'It was never used.'
      )}
    </ConfirmByName>
  )
}

const columns = (now: number, revoke: (key: ApiKey) => void): Column<ApiKey>[] => [
  { key: 'name', head: 'Name', lead: true, card: 'start', cell: (key) => key.name },
  { key: 'key', head: 'Key', width: '120px', cell: (key) => <code>sk_••••{key.fingerprint}</code> },
  { key: 'scopes', head: 'Scopes', cell: (key) => key.scopes.join(', ') },
  { key: 'by', head: 'Made by', width: '130px', cell: (key) => key.createdBy },
  {
    key: 'used',
    head: 'Last used',
    width: '110px',
    cell: (key) => (key.lastUsedAt ? <RelativeTime at={key.lastUsedAt} /> : 'never'),
  },
  { key: 'state', head: 'State', width: '170px', card: 'end', cell: (key) => <KeyState apiKey={key} now={now} /> },
  {
    key: 'revoke',
    head: 'Revoke',
    width: '100px',
    align: 'end',
    card: 'plain',
    cell: (key) =>
      key.revokedAt ? null : (
        <Button variant="default" size="xs" aria-label={`Revoke ${key.name}`} onClick={() => revoke(key)}>
          Revoke
        </Button>
      ),
  },
]

function KeyState({ apiKey, now }: { apiKey: ApiKey; now: number }) {
  if (apiKey.revokedAt) {
    return (
      <StatePill tone="neutral" shape="ban">
        Revoked
      </StatePill>
    )
  }
  if (!apiKey.expiresAt) return <StatePill tone="ok">Valid</StatePill>
  if (toMs(apiKey.expiresAt) <= now) {
    return (
      <StatePill tone="neutral" shape="clock">
        Expired
      </StatePill>
    )
  }
  return (
    <StatePill tone="ok">
      Ends <RelativeTime at={apiKey.expiresAt} />
    </StatePill>
  )
}

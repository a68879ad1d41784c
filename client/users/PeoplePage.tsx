import { Button } from '@mantine/core'
import { useInfiniteQuery, useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import type { User } from '../../shared/users.ts'
import { type Column, DataTable } from '../ui/DataTable.tsx'
import { ErrorNotice } from '../ui/ErrorNotice.tsx'
import { IconPlus } from '../ui/icons.ts'
import { PageFrame } from '../ui/PageFrame.tsx'
import { RelativeTime } from '../ui/RelativeTime.tsx'
import { Section } from '../ui/Section.tsx'
import { StatePill } from '../ui/StatePill.tsx'
import { AddPersonDialog, ChangePersonDialog } from './PersonDialog.tsx'
import { sessionQuery, usersQuery } from './queries.ts'
import { roleWords } from './role-words.ts'

/** Who has an account, what they may do, and since when they were last here. */
export function PeoplePage() {
  const people = useInfiniteQuery(usersQuery)
  const session = useQuery(sessionQuery)
  const [adding, setAdding] = useState(false)
  const [changing, setChanging] = useState<User | null>(null)
  const rows = people.data?.pages.flatMap(({ items }) => items) ?? []
  return (
    <PageFrame
      title="People"
      actions={
        <Button leftSection={<IconPlus />} onClick={() => setAdding(true)}>
          Add person
        </Button>
      }
    >
      <Section flush label="People">
        {people.error ? (
          <ErrorNotice error={people.error} what="The people could not be read" onRetry={people.refetch} banner />
        ) : (
          <DataTable
            label="People"
            columns={columns(session.data?.user.id, setChanging)}
            rows={rows}
            rowKey={(person) => person.id}
            loading={people.isPending}
          />
        )}
        {people.hasNextPage && (
          <Button variant="subtle" loading={people.isFetchingNextPage} onClick={() => people.fetchNextPage()}>
            Show more people
          </Button>
        )}
      </Section>
      <AddPersonDialog opened={adding} onClose={() => setAdding(false)} />
      {changing && (
        <ChangePersonDialog
          person={changing}
          isSelf={changing.id === session.data?.user.id}
          onClose={() => setChanging(null)}
        />
      )}
    </PageFrame>
  )
}

const columns = (ownId: string | undefined, change: (person: User) => void): Column<User>[] => [
  {
    key: 'name',
    head: 'Name',
    lead: true,
    card: 'start',
    cell: (person) => (person.id === ownId ? `${person.name} (you)` : person.name),
  },
  {
    key: 'email',
    head: 'E-mail',
    card: 'plain',
    cell: (person) => <span style={{ overflowWrap: 'anywhere' }}>{person.email}</span>,
  },
  { key: 'role', head: 'Role', width: '120px', cell: (person) => roleWords[person.role].name },
  {
    key: 'state',
    head: 'State',
    width: '140px',
    card: 'end',
    cell: (person) =>
      person.disabledAt ? (
        <StatePill tone="neutral" shape="ban">
          Disabled
        </StatePill>
      ) : (
        <StatePill tone="ok">Can sign in</StatePill>
      ),
  },
  {
    key: 'seen',
    head: 'Last here',
    width: '130px',
    cell: (person) => (person.lastSeenAt ? <RelativeTime at={person.lastSeenAt} /> : 'Never'),
  },
  {
    key: 'change',
    head: 'Change',
    width: '110px',
    align: 'end',
    card: 'plain',
    cell: (person) => (
      <Button variant="default" size="xs" aria-label={`Change ${person.name}`} onClick={() => change(person)}>
        Change
      </Button>
    ),
  },
]

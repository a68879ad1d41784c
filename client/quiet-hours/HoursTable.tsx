import { ActionIcon, Button, Group, Menu, Stack } from '@mantine/core'
import { type ReactNode, useState } from 'react'
import type { QuietHours } from '../../shared/quiet-hours.ts'
import { withQuery } from '../lib/api.ts'
import { formatDayTime, plural } from '../lib/format.ts'
import { AboveRowLink, type Column, DataTable } from '../ui/DataTable.tsx'
import { Dialog } from '../ui/Dialog.tsx'
import { ErrorNotice } from '../ui/ErrorNotice.tsx'
import { IconDots, IconTrash } from '../ui/icons.ts'
import { StatePill } from '../ui/StatePill.tsx'
import { toast } from '../ui/toast.ts'
import { useCan } from '../users/queries.ts'
import { useDeleteQuietHours } from './queries.ts'
import classes from './quiet-hours.module.css'
import { atEndWords, daysWords, hoursWords, scopeNote } from './words.ts'

type Props = { rows: QuietHours[]; loading: boolean; empty: ReactNode }

/** Quiet hours as rows, each opening its settings. */
export function HoursTable({ rows, loading, empty }: Props) {
  const isAdmin = useCan('admin')
  return (
    <DataTable
      label="Quiet hours"
      columns={isAdmin ? [...columns, ACTIONS] : columns}
      rows={rows}
      rowKey={({ id }) => id}
      to={({ id }) => withQuery('/notifications/quiet-hours', { edit: id })}
      loading={loading}
      empty={empty}
      lineAbove
    />
  )
}

const columns: Column<QuietHours>[] = [
  {
    key: 'scope',
    head: 'What is quiet',
    lead: true,
    card: 'start',
    width: '24%',
    cell: ({ scope, scopeName }) => (
      <span className={classes.name}>
        {scopeName} {scopeNote(scope) && <span className={classes.meta}>{scopeNote(scope)}</span>}
      </span>
    ),
  },
  { key: 'state', head: 'State', width: '20%', cell: (row) => <State hours={row} /> },
  {
    key: 'when',
    head: 'When',
    cell: (row) => (
      <div>
        {hoursWords(row)}, {daysWords(row.days)}
        <div className={classes.meta}>{row.timeZone}</div>
      </div>
    ),
  },
  {
    key: 'urgent',
    head: 'Urgent',
    cell: ({ urgentBreaksThrough }) => (urgentBreaksThrough ? 'breaks through' : 'waits'),
  },
  { key: 'end', head: 'At the end', cell: ({ atEnd }) => atEndWords[atEnd].name },
]

const ACTIONS: Column<QuietHours> = {
  key: 'actions',
  head: 'Actions',
  width: '72px',
  align: 'end',
  card: 'end',
  cell: (row) => (
    <AboveRowLink>
      <DeleteMenu hours={row} />
    </AboveRowLink>
  ),
}

function State({ hours: { enabled, isQuietNow, changesAt } }: { hours: QuietHours }) {
  if (!enabled) {
    return (
      <StatePill tone="neutral" shape="minus">
        Off
      </StatePill>
    )
  }
  return (
    <div>
      <StatePill tone={isQuietNow ? 'info' : 'neutral'} shape={isQuietNow ? 'pause' : 'clock'}>
        {isQuietNow ? 'Quiet' : 'Not now'}
      </StatePill>
      {changesAt && (
        <div className={classes.meta}>
          {isQuietNow ? 'until' : 'from'} {formatDayTime(changesAt)}
        </div>
      )}
    </div>
  )
}

function DeleteMenu({ hours }: { hours: QuietHours }) {
  const [isAsked, setAsked] = useState(false)
  return (
    <>
      <Menu>
        <Menu.Target>
          <ActionIcon aria-label={`Actions for the quiet hours of ${hours.scopeName}`}>
            <IconDots />
          </ActionIcon>
        </Menu.Target>
        <Menu.Dropdown>
          <Menu.Item color="red" leftSection={<IconTrash />} onClick={() => setAsked(true)}>
            Delete…
          </Menu.Item>
        </Menu.Dropdown>
      </Menu>
      {isAsked && <DeleteDialog hours={hours} onClose={() => setAsked(false)} />}
    </>
  )
}

function DeleteDialog({ hours: { id, scopeName, held }, onClose }: { hours: QuietHours; onClose: () => void }) {
  const remove = useDeleteQuietHours()
  // By a promise, not callbacks: once they are gone their row is too.
  const confirm = () =>
    remove.mutateAsync(id).then(
      () => toast('ok', `The quiet hours of ${scopeName} are deleted.`),
      () => {}, // shown where it was confirmed
    )
  return (
    <Dialog opened onClose={onClose} title={`Delete the quiet hours of ${scopeName}?`}>
      <Stack gap="md">
        <p>
          {held > 0
            ? `${plural(held, 'message waits', 'messages wait')} for their end: that comes at once.`
            : 'Nothing waits because of them.'}
        </p>
        {remove.error && <ErrorNotice error={remove.error} what="Nothing was deleted" />}
        <Group justify="flex-end" gap="xs">
          <Button variant="default" onClick={onClose}>
            Cancel
          </Button>
          <Button color="red" loading={remove.isPending} onClick={confirm}>
            Delete quiet hours
          </Button>
        </Group>
      </Stack>
    </Dialog>
  )
}

import { Button, Group, Stack } from '@mantine/core'
import { useState } from 'react'
import type { DeliverySummary } from '../../shared/deliveries.ts'
import { plural } from '../lib/format.ts'
import { Dialog } from '../ui/Dialog.tsx'
import { ErrorNotice } from '../ui/ErrorNotice.tsx'
import { IconBan, IconDownload, IconRefresh } from '../ui/icons.ts'
import { Dock } from '../ui/Section.tsx'
import { toast } from '../ui/toast.ts'
import classes from './log.module.css'
import { useCancelDeliveries } from './queries.ts'

/** What one request of a replay takes by id. */
const MOST_IDS = 1_000
const CANCELLABLE: readonly string[] = ['pending', 'retrying', 'held', 'unconfirmed']

type Props = {
  rows: DeliverySummary[]
  /** All that match are meant, also those that are not loaded. */
  isAll: boolean
  /** How many match, as it is shown. */
  total: string
  canSelectAll: boolean
  onSelectAll: () => void
  onClear: () => void
  onExport: () => void
  onReplay: () => void
}

/** What can be done with the chosen deliveries. */
export function SelectionDock(props: Props) {
  const { rows, isAll, total, canSelectAll, onSelectAll, onClear, onExport, onReplay } = props
  const [isCancelling, setCancelling] = useState(false)
  const waiting = rows.filter(({ state }) => CANCELLABLE.includes(state))
  const isTooMany = !isAll && rows.length > MOST_IDS
  return (
    <Dock
      note={
        <span className={classes.dock}>
          <strong role="status">
            {isAll ? `All ${total} that match` : `${plural(rows.length, 'delivery', 'deliveries')} selected`}
          </strong>
          {!isAll && canSelectAll && (
            <Button variant="subtle" size="compact-sm" onClick={onSelectAll}>
              Select all {total} that match
            </Button>
          )}
        </span>
      }
    >
      <div className={classes.acts}>
        <Button variant="subtle" color="gray" onClick={onClear}>
          Clear
        </Button>
        <Button
          variant="default"
          leftSection={<IconDownload />}
          onClick={onExport}
          title="As a spreadsheet reads it (CSV)"
        >
          Export
        </Button>
        {!isAll && waiting.length > 0 && (
          <Button variant="default" leftSection={<IconBan />} onClick={() => setCancelling(true)}>
            Cancel {waiting.length === rows.length ? 'them' : waiting.length}
          </Button>
        )}
        <Button
          leftSection={<IconRefresh />}
          disabled={isTooMany}
          title={isTooMany ? 'More than 1,000 are replayed by a filter: select all that match.' : undefined}
          onClick={onReplay}
        >
          Replay…
        </Button>
      </div>
      {isCancelling && <CancelDialog rows={waiting} onClose={() => setCancelling(false)} onDone={onClear} />}
    </Dock>
  )
}

type DialogProps = { rows: DeliverySummary[]; onClose: () => void; onDone: () => void }

function CancelDialog({ rows, onClose, onDone }: DialogProps) {
  const cancel = useCancelDeliveries()
  const many = plural(rows.length, 'delivery', 'deliveries')
  const confirm = () =>
    cancel.mutate(
      rows.map(({ id }) => id),
      {
        onSuccess: ({ cancelled, refused }) => {
          const late = refused > 0 ? ` ${plural(refused, 'other')} had ended or was being sent.` : ''
          void toast('ok', `Cancelled ${plural(cancelled, 'delivery', 'deliveries')}.${late}`)
          onClose()
          onDone()
        },
      },
    )
  return (
    <Dialog opened onClose={onClose} title={`Cancel ${many}?`}>
      <Stack gap="md">
        <p>What still waits is not sent. It stays in the log as cancelled, and can be replayed.</p>
        {cancel.error && <ErrorNotice error={cancel.error} what="Not all were cancelled" />}
        <Group justify="flex-end" gap="xs">
          <Button variant="default" onClick={onClose}>
            Let them go out
          </Button>
          <Button color="red" loading={cancel.isPending} onClick={confirm}>
            Cancel {many}
          </Button>
        </Group>
      </Stack>
    </Dialog>
  )
}

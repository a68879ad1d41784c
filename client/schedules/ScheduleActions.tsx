import { Button } from '@mantine/core'
import { useState } from 'react'
import { useNavigate } from 'react-router'
import type { Schedule } from '../../shared/schedules.ts'
import { isUnderWay } from '../lib/under-way.ts'
import { ConfirmByName } from '../ui/ConfirmByName.tsx'
import { ErrorNotice } from '../ui/ErrorNotice.tsx'
import { IconPlayerPlay, IconTrash } from '../ui/icons.ts'
import { DONE } from '../ui/LeaveGuard.tsx'
import { toast } from '../ui/toast.ts'
import { useCan } from '../users/queries.ts'
import { useDeleteSchedule, useRunNow } from './queries.ts'
import classes from './schedules.module.css'

/** Run it now, or delete it. */
export function ScheduleActions({ schedule: { id, name } }: { schedule: Schedule }) {
  const isAdmin = useCan('admin')
  const canRun = useCan('operator')
  const run = useRunNow(id)
  const remove = useDeleteSchedule(id)
  const [isDeleting, setDeleting] = useState(false)
  const navigate = useNavigate()
  const confirm = () =>
    remove.mutate(undefined, {
      onSuccess: () => {
        void toast('ok', `${name} was deleted`)
        navigate('/notifications/schedules', { replace: true, state: DONE })
      },
    })
  return (
    <div className={classes.actions}>
      {isAdmin && (
        <Button variant="subtle" color="red" leftSection={<IconTrash />} onClick={() => setDeleting(true)}>
          Delete
        </Button>
      )}
      {canRun && (
        <Button
          variant="default"
          leftSection={<IconPlayerPlay />}
          loading={run.isPending}
          onClick={() => run.mutate(undefined, { onSuccess: () => toast('ok', 'It runs; see its result below') })}
        >
          Run now
        </Button>
      )}
      {run.error && <ErrorNotice error={run.error} what="It was not run" />}
      <ConfirmByName
        opened={isDeleting}
        onClose={() => setDeleting(false)}
        title={`Delete ${name}?`}
        name={name}
        action="Delete schedule"
        onConfirm={confirm}
        busy={isUnderWay(remove)}
        failed="The schedule was not deleted"
        error={remove.error}
      >
        It runs no more, and the log of its runs goes with it. What it sent stays. To stop it for a while, switch it
        off.
      </ConfirmByName>
    </div>
  )
}

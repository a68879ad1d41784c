import { Button, Checkbox, Group, Modal, Stack } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { type FormEvent, useState } from 'react'
import type { NotificationType } from '../../shared/notification-types.ts'
import { ErrorNotice } from '../ui/ErrorNotice.tsx'
import { RowsSkeleton } from '../ui/Skeletons.tsx'
import { toast } from '../ui/toast.ts'
import { useCan } from '../users/queries.ts'
import { changeOf, draftOf, type TypeDraft } from './draft.ts'
import classes from './notification-types.module.css'
import { PauseType } from './PauseType.tsx'
import { notificationTypeQuery, useChangeNotificationType } from './queries.ts'
import { FoldFields, PolicyField, RetryFields } from './TypeFields.tsx'

/** The settings of one type: an admin changes them, others read them. */
export function TypeDialog({ type, onClose }: { type: string; onClose: () => void }) {
  const { data, error, refetch } = useQuery(notificationTypeQuery(type))
  return (
    <Modal opened onClose={onClose} title={type} size={560}>
      {data ? (
        <TypeForm type={data} onClose={onClose} />
      ) : error ? (
        <ErrorNotice error={error} what="The settings of this type could not be read" onRetry={refetch} />
      ) : (
        <RowsSkeleton rows={8} />
      )}
    </Modal>
  )
}

function TypeForm({ type, onClose }: { type: NotificationType; onClose: () => void }) {
  const isAdmin = useCan('admin')
  const change = useChangeNotificationType(type.type)
  const [draft, setDraft] = useState<TypeDraft>(() => draftOf(type))
  const set = (part: Partial<TypeDraft>) => setDraft((before) => ({ ...before, ...part }))
  const save = (event: FormEvent) => {
    event.preventDefault()
    change.mutate(changeOf(type, draft), {
      onSuccess: () => {
        void toast('ok', 'Saved')
        onClose()
      },
    })
  }
  const fields = { draft, set, error: change.error, disabled: !isAdmin }
  return (
    <form onSubmit={save}>
      <Stack gap="lg">
        <PolicyField {...fields} />
        <RetryFields {...fields} />
        <FoldFields {...fields} />
        <Checkbox
          label="Leave a trail of updates"
          description="A change of a message that is there already also leaves a reply in its thread, so that it is noticed."
          checked={draft.updateTrail}
          disabled={!isAdmin}
          onChange={(event) => set({ updateTrail: event.currentTarget.checked })}
        />
        {change.error && <ErrorNotice error={change.error} what="Nothing was changed" />}
        <p className={classes.meta}>Deliveries that are there already stay as they are.</p>
        <Group gap="xs">
          <div className={classes.apart}>
            <PauseType type={type} />
          </div>
          <Button variant="default" onClick={onClose}>
            {isAdmin ? 'Cancel' : 'Close'}
          </Button>
          {isAdmin && (
            <Button type="submit" loading={change.isPending}>
              Save changes
            </Button>
          )}
        </Group>
      </Stack>
    </form>
  )
}

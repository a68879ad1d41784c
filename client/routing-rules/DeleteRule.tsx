import { Button, Group, Stack } from '@mantine/core'
import { useState } from 'react'
import type { RoutingRule } from '../../shared/routing-rules.ts'
import { isUnderWay } from '../lib/under-way.ts'
import { Dialog } from '../ui/Dialog.tsx'
import { ErrorNotice } from '../ui/ErrorNotice.tsx'
import { IconTrash } from '../ui/icons.ts'
import { toast } from '../ui/toast.ts'
import { useDeleteRule } from './queries.ts'

/** Asks once, then the rule is gone. */
export function DeleteRule({ rule, onDeleted }: { rule: RoutingRule; onDeleted: () => void }) {
  const [isAsking, setAsking] = useState(false)
  const remove = useDeleteRule()
  const confirm = () =>
    remove.mutate(rule.id, {
      onSuccess: () => {
        void toast('ok', `${rule.name} was deleted`)
        onDeleted()
      },
    })
  return (
    <>
      <Button variant="subtle" color="red" leftSection={<IconTrash />} onClick={() => setAsking(true)}>
        Delete
      </Button>
      <Dialog opened={isAsking} onClose={() => setAsking(false)} title={`Delete ${rule.name}?`}>
        <Stack gap="md">
          <p>Events that come from now on are decided without it. What it decided until now stays explained.</p>
          {remove.error && <ErrorNotice error={remove.error} what="It was not deleted" />}
          <Group justify="flex-end" gap="xs">
            <Button variant="default" onClick={() => setAsking(false)}>
              Keep rule
            </Button>
            <Button color="red" loading={isUnderWay(remove)} onClick={confirm}>
              Delete rule
            </Button>
          </Group>
        </Stack>
      </Dialog>
    </>
  )
}

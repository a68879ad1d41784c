import { Button } from '@mantine/core'
import { useState } from 'react'
import type { Delivery } from '../../shared/deliveries.ts'
import { ErrorNotice } from '../ui/ErrorNotice.tsx'
import { IconBan, IconRefresh, IconSend } from '../ui/icons.ts'
import { toast } from '../ui/toast.ts'
import { useCan } from '../users/queries.ts'
import classes from './head.module.css'
import { useCancelDelivery } from './queries.ts'
import { ReplayOneDialog } from './ReplayOneDialog.tsx'
import { SendElsewhereDialog } from './SendElsewhereDialog.tsx'
import { helpingAct } from './what-helps.ts'

/** What may still be done about a delivery, for those who may do it; the one that helps comes first to the eye. */
export function DeliveryActions({ delivery }: { delivery: Delivery }) {
  const mayAct = useCan('operator')
  const cancel = useCancelDelivery()
  const [asking, setAsking] = useState<'replay' | 'elsewhere'>()
  const { canReplay, canCancel } = delivery
  const canSendElsewhere = canReplay || delivery.state === 'held'
  if (!mayAct || (!canReplay && !canCancel)) return null
  const helps = helpingAct(delivery)
  const close = () => setAsking(undefined)
  const onCancel = () =>
    cancel.mutate(delivery.id, { onSuccess: () => void toast('ok', 'Cancelled: it will not be sent.') })
  return (
    <div className={classes.actions}>
      <div className={classes.buttons}>
        {canCancel && (
          <Button variant="default" leftSection={<IconBan />} loading={cancel.isPending} onClick={onCancel}>
            Cancel delivery
          </Button>
        )}
        {canReplay && (
          <Button
            variant={helps === 'replay' ? 'filled' : 'default'}
            leftSection={<IconRefresh />}
            onClick={() => setAsking('replay')}
          >
            Replay
          </Button>
        )}
        {canSendElsewhere && (
          <Button
            variant={helps === 'elsewhere' ? 'filled' : 'default'}
            leftSection={<IconSend />}
            onClick={() => setAsking('elsewhere')}
          >
            Send elsewhere
          </Button>
        )}
      </div>
      {cancel.error && <ErrorNotice error={cancel.error} what="It was not cancelled" />}
      {asking === 'replay' && <ReplayOneDialog delivery={delivery} onClose={close} />}
      {asking === 'elsewhere' && <SendElsewhereDialog delivery={delivery} onClose={close} />}
    </div>
  )
}

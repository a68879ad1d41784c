import type { PlatformEndpoint } from '../../shared/platform.ts'
import { ConfirmByName } from '../ui/ConfirmByName.tsx'
import { toast } from '../ui/toast.ts'
import { useDeletePlatform } from './queries.ts'

/** Deletes the endpoint once its host is typed. */
export function DeleteEndpoint({ endpoint, onClose }: { endpoint: PlatformEndpoint; onClose: () => void }) {
  const remove = useDeletePlatform(endpoint.integrationId)
  return (
    <ConfirmByName
      opened
      onClose={onClose}
      title="Delete the platform endpoint?"
      name={new URL(endpoint.url).host}
      action="Delete endpoint"
      busy={remove.isPending}
      failed="The platform endpoint was not deleted"
      error={remove.error}
      onConfirm={() =>
        remove.mutate(undefined, {
          onSuccess: () => {
            toast('ok', 'The platform endpoint was deleted')
            onClose()
          },
        })
      }
    >
      Its secret goes for good, notices that wait for it are dropped, and schedules that ask it fail. To stop calls for
      a while, switch it off instead.
    </ConfirmByName>
  )
}

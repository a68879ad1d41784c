import { Button, Group, Stack } from '@mantine/core'
import { useDebouncedValue } from '@mantine/hooks'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { useNavigate } from 'react-router'
import { ReplayOptions } from '../../shared/replays.ts'
import { plural } from '../lib/format.ts'
import { isUnderWay } from '../lib/under-way.ts'
import { Dialog } from '../ui/Dialog.tsx'
import { ErrorNotice } from '../ui/ErrorNotice.tsx'
import { RowsSkeleton } from '../ui/Skeletons.tsx'
import { PreviewFacts } from './PreviewFacts.tsx'
import { replayPreviewQuery, useStartReplay, type WhichDeliveries } from './queries.ts'
import { ReplayOptionsFields } from './ReplayOptionsFields.tsx'

type Props = { which: WhichDeliveries; opened: boolean; onClose: () => void }

/** Sends many deliveries again: first what exactly would be sent where, then the button that says how many. */
export function ReplayDialog({ which, opened, onClose }: Props) {
  return (
    <Dialog opened={opened} onClose={onClose} title="Replay deliveries" size={640}>
      <ReplayForm which={which} onClose={onClose} />
    </Dialog>
  )
}

const TYPING_MS = 300

/** Apart from the modal so that closing it forgets what was chosen. */
function ReplayForm({ which, onClose }: Pick<Props, 'which' | 'onClose'>) {
  const navigate = useNavigate()
  const [options, setOptions] = useState<ReplayOptions>(() => ReplayOptions.parse({}))
  const [settled] = useDebouncedValue(options, TYPING_MS)
  const preview = useQuery(replayPreviewQuery(which, settled))
  const start = useStartReplay()
  const { data } = preview
  const isCurrent = !preview.isFetching && settled === options
  const begin = () => {
    if (!data) return
    start.mutate(
      { which, options, expected: data.count },
      {
        onSuccess: ({ id }) => navigate(`/replays/${id}`),
        onError: () => void preview.refetch(),
      },
    )
  }
  return (
    <Stack gap="md">
      {preview.error ? (
        <ErrorNotice error={preview.error} what="What would be sent could not be counted" onRetry={preview.refetch} />
      ) : data ? (
        <PreviewFacts preview={data} isCurrent={isCurrent} />
      ) : (
        <RowsSkeleton rows={6} />
      )}
      <ReplayOptionsFields options={options} onChange={setOptions} />
      {start.error && <ErrorNotice error={start.error} what="Nothing was replayed" />}
      <Group justify="flex-end" gap="xs">
        <Button variant="default" onClick={onClose}>
          Cancel
        </Button>
        <Button loading={isUnderWay(start)} disabled={!data || data.count === 0 || !isCurrent} onClick={begin}>
          {data && data.count > 0 ? `Replay ${plural(data.count, 'delivery', 'deliveries')}` : 'Replay deliveries'}
        </Button>
      </Group>
    </Stack>
  )
}

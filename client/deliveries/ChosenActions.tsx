import { type ReactNode, useState } from 'react'
import type { DeliveryCounts, DeliverySummary } from '../../shared/deliveries.ts'
import { csvHead, csvLine } from '../../shared/delivery-csv.ts'
import { withQuery } from '../lib/api.ts'
import { downloadText, followDownload } from '../lib/download.ts'
import { formatCount } from '../lib/format.ts'
import type { WhichDeliveries } from '../replays/queries.ts'
import type { useChosen } from './chosen.ts'
import { type DeliveryFilter, toApiFilter } from './filter.ts'
import { SelectionDock } from './SelectionDock.tsx'

type Props = {
  chosen: ReturnType<typeof useChosen>
  rows: DeliverySummary[]
  /** What "all that match" means. */
  asked: DeliveryFilter
  counts: DeliveryCounts | undefined
  replayDialog: (which: WhichDeliveries, onClose: () => void) => ReactNode
}

/** The dock of what is chosen, and the dialog that sends it again. */
export function ChosenActions({ chosen, rows, asked, counts, replayDialog }: Props) {
  // Kept as it was when the dialog opened: a window that moves on would be counted anew each minute.
  const [asking, setAsking] = useState<WhichDeliveries>()
  const { isAll, keys } = chosen
  const total = counts?.total ?? 0
  if (!isAll && keys.size === 0) return null
  const replay = () => setAsking(isAll ? { filter: toApiFilter(asked) } : { ids: [...keys] })
  const chosenRows = rows.filter(({ id }) => keys.has(id))
  const save = () => {
    if (isAll) followDownload(withQuery('/api/deliveries/export', { ...asked, format: 'csv' }))
    else downloadText('deliveries.csv', 'text/csv', csvHead() + chosenRows.map(csvLine).join(''))
  }
  return (
    <>
      <SelectionDock
        rows={chosenRows}
        isAll={isAll}
        total={`${formatCount(total)}${counts?.atLeast ? '+' : ''}`}
        canSelectAll={total > keys.size}
        onSelectAll={chosen.chooseAll}
        onClear={chosen.clear}
        onExport={save}
        onReplay={replay}
      />
      {asking && replayDialog(asking, () => setAsking(undefined))}
    </>
  )
}

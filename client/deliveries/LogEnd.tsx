import { Button } from '@mantine/core'
import type { DeliveryCounts } from '../../shared/deliveries.ts'
import { formatCount, formatDay } from '../lib/format.ts'
import classes from './deliveries.module.css'
import log from './log.module.css'

type Props = {
  shown: number
  counts: DeliveryCounts | undefined
  /** What is older than this was not searched yet. */
  searchedTo: string | undefined
  hasOlder: boolean
  isLoading: boolean
  onOlder: () => void
}

/** The foot of the log: how much of it is shown, how far back was searched, and the way on. */
export function LogEnd({ shown, counts, searchedTo, hasOlder, isLoading, onOlder }: Props) {
  const total = counts && `${formatCount(Math.max(counts.total, shown))}${counts.atLeast ? '+' : ''}`
  return (
    <div className={classes.more}>
      <span>
        {formatCount(shown)} of {total ?? '…'} shown
      </span>
      {hasOlder && (
        <span className={log.end}>
          {searchedTo && <span>Searched back to {formatDay(searchedTo)}</span>}
          <Button variant="default" loading={isLoading} onClick={onOlder}>
            {searchedTo ? 'Keep looking' : 'Load older'}
          </Button>
        </span>
      )}
    </div>
  )
}

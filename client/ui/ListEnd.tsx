import { Button } from '@mantine/core'
import type { ReactNode } from 'react'
import { formatDay } from '../lib/format.ts'
import classes from './list-end.module.css'

type Props = {
  /** How much of the list is shown. */
  children: ReactNode
  list: { hasNextPage: boolean; isFetchingNextPage: boolean; fetchNextPage: () => unknown }
  /** What is older than this was not searched yet. */
  searchedTo?: string | undefined
}

/** The foot of a long list: how much of it is shown, how far back was searched, and the way on. */
export function ListEnd({ children, list, searchedTo }: Props) {
  return (
    <div className={classes.foot}>
      <span>{children}</span>
      {list.hasNextPage && (
        <span className={classes.wayOn}>
          {searchedTo && <span>Searched back to {formatDay(searchedTo)}</span>}
          <Button variant="default" loading={list.isFetchingNextPage} onClick={() => list.fetchNextPage()}>
            {searchedTo ? 'Keep looking' : 'Load older'}
          </Button>
        </span>
      )}
    </div>
  )
}

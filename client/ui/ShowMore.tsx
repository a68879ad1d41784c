import { Button } from '@mantine/core'
import classes from './bar.module.css'

type Props = { list: { hasNextPage: boolean; isFetchingNextPage: boolean; fetchNextPage: () => unknown } }

/** The way on at the foot of a list that comes page by page; nothing where all of it is shown. */
export function ShowMore({ list }: Props) {
  if (!list.hasNextPage) return null
  return (
    <div className={classes.more}>
      <Button variant="default" loading={list.isFetchingNextPage} onClick={() => list.fetchNextPage()}>
        Show more
      </Button>
    </div>
  )
}

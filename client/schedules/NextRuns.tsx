import { useQuery } from '@tanstack/react-query'
import { ErrorNotice } from '../ui/ErrorNotice.tsx'
import { DueTime } from '../ui/RelativeTime.tsx'
import { RowsSkeleton } from '../ui/Skeletons.tsx'
import { StateIcon } from '../ui/StatePill.tsx'
import { schedulePreviewQuery } from './queries.ts'
import classes from './schedules.module.css'

/** What a cron text means: in words, and the next ten times, with the changes of clocks among them. */
export function NextRuns({ cron, timeZone }: { cron: string; timeZone: string }) {
  const preview = useQuery({ ...schedulePreviewQuery(cron, timeZone), enabled: cron !== '' })
  if (cron === '') return <p className={classes.soft}>Write when it runs, and its next times are shown here.</p>
  if (preview.error) return <ErrorNotice error={preview.error} what="This can't be kept" />
  if (!preview.data) return <RowsSkeleton rows={6} />
  const { inWords, nextRuns } = preview.data
  return (
    <div aria-live="polite" aria-busy={preview.isPlaceholderData || undefined}>
      <p className={classes.words}>{inWords}</p>
      <ol className={classes.runs} aria-label="Next runs">
        {nextRuns.map(({ at, local, note }) => (
          <li key={at}>
            <span>{local}</span>
            <span className={classes.meta}>
              <DueTime at={at} />
            </span>
            {note && (
              <span className={classes.note}>
                <StateIcon tone="warn" shape="clock" /> {note}
              </span>
            )}
          </li>
        ))}
      </ol>
    </div>
  )
}

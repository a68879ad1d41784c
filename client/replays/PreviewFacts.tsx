import { useComputedColorScheme } from '@mantine/core'
import type { ReplayPreview } from '../../shared/replays.ts'
import { formatCount, formatDayTime, formatExact, plural, toMs } from '../lib/format.ts'
import { FactStrip } from '../ui/KeyValues.tsx'
import { Notice } from '../ui/Notice.tsx'
import { SlackMessage } from '../ui/SlackMessage.tsx'
import { Ending } from './Ending.tsx'
import classes from './replays.module.css'

/** What a replay would send: how many, where, how old, what is left out, when it would end, and one of them drawn. */
export function PreviewFacts({ preview, isCurrent }: { preview: ReplayPreview; isCurrent: boolean }) {
  const scheme = useComputedColorScheme('light')
  const { count, skipped, byDestination, sample } = preview
  if (count === 0) return <Nothing skipped={skipped} />
  return (
    <div className={classes.preview} aria-busy={!isCurrent}>
      <FactStrip facts={factsOf(preview)} />
      {skipped > 0 && <p className={classes.skipped}>{skippedWords(skipped)}</p>}
      <ul className={classes.where} aria-label="Where they go">
        {byDestination.slice(0, MOST_SHOWN).map((one) => (
          <li key={one.id}>
            <span>{one.name}</span>
            <span>{formatCount(one.count)}</span>
          </li>
        ))}
        {byDestination.length > MOST_SHOWN && (
          <li>{plural(byDestination.length - MOST_SHOWN, 'more destination')}, with fewer each</li>
        )}
      </ul>
      {sample && (
        <div className={classes.sample}>
          <p className={classes.label}>One of them, as it will look</p>
          <SlackMessage message={sample} scheme={scheme} from="Your app" />
        </div>
      )}
    </div>
  )
}

const MOST_SHOWN = 6

function factsOf({ count, byDestination, oldestAt, newestAt, estimatedEndAt }: ReplayPreview) {
  return [
    { name: 'To send', value: plural(count, 'delivery', 'deliveries') },
    { name: 'To', value: plural(byDestination.length, 'destination') },
    ...(oldestAt && newestAt ? [{ name: 'From', value: <Spread oldestAt={oldestAt} newestAt={newestAt} /> }] : []),
    { name: 'Should be done', value: <Ending at={estimatedEndAt} /> },
  ]
}

/** The stretch of time in which they were first accepted. */
function Spread({ oldestAt, newestAt }: { oldestAt: string; newestAt: string }) {
  const exact = `${formatExact(oldestAt)} to ${formatExact(newestAt)}`
  const isOne = toMs(newestAt) - toMs(oldestAt) < MINUTE_MS
  return (
    <span title={exact}>
      {formatDayTime(oldestAt)}
      {!isOne && ` to ${formatDayTime(newestAt)}`}
    </span>
  )
}

const MINUTE_MS = 60_000

function Nothing({ skipped }: { skipped: number }) {
  return (
    <Notice tone="neutral" title="Nothing would be sent">
      <p>
        {skipped > 0
          ? `${skippedWords(skipped)} Change the options below to send them all the same.`
          : 'None of these deliveries can be replayed: they were delivered, or are still on their way.'}
      </p>
    </Notice>
  )
}

function skippedWords(skipped: number): string {
  const many = plural(skipped, 'delivery is', 'deliveries are')
  return `${many} left out: overtaken by a later message, replayed already, or not one that can be replayed.`
}

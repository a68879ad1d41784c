import { Button, Progress } from '@mantine/core'
import { Link } from 'react-router'
import type { Replay } from '../../shared/replays.ts'
import { withQuery } from '../lib/api.ts'
import { formatCount, formatPercent, plural } from '../lib/format.ts'
import { Section } from '../ui/Section.tsx'
import { StatePill } from '../ui/StatePill.tsx'
import { shareDone } from './replay-states.ts'
import classes from './replays.module.css'

/** How far the replay is, and what became of what it has sent so far; each part leads to exactly those deliveries. */
export function ProgressSection({ replay }: { replay: Replay }) {
  const { id, total, made, skipped, outcomes } = replay
  const share = shareDone(replay)
  const words = `${formatCount(made)} of ${formatCount(total)} sent again`
  const log = (state: string) => withQuery('/deliveries', { replayId: id, state })
  return (
    <Section title="Progress" note={NOTES[replay.state]} actions={<InLog id={id} />}>
      <div className={classes.progress}>
        <p className={classes.progressWords} role="status">
          <span>
            {words}
            {skipped > 0 && `, ${formatCount(skipped)} left out`}
          </span>
          <span>{formatPercent(share, 0)}</span>
        </p>
        <Progress.Root size={8}>
          <Progress.Section value={share * 100} color="var(--accent-line)" aria-label={words} />
        </Progress.Root>
      </div>
      <ul className={classes.parts} aria-label="Outcomes">
        <li className={classes.part}>
          <StatePill tone="ok">Delivered</StatePill>
          <Link to={log('delivered')}>{plural(outcomes.delivered, 'delivery', 'deliveries')}</Link>
        </li>
        <li className={classes.part}>
          <StatePill tone="bad">Failed</StatePill>
          <Link to={log('failed')}>{plural(outcomes.failed, 'delivery', 'deliveries')}</Link>
        </li>
        <li className={classes.part}>
          <StatePill tone="neutral" shape="clock">
            Waiting
          </StatePill>
          <Link to={log('pending,sending,retrying,unconfirmed,held')}>
            {plural(outcomes.waiting, 'delivery', 'deliveries')}
          </Link>
        </li>
      </ul>
    </Section>
  )
}

function InLog({ id }: { id: string }) {
  return (
    <Button component={Link} variant="default" to={withQuery('/deliveries', { replayId: id })}>
      See them in the log
    </Button>
  )
}

const NOTES: Record<Replay['state'], string> = {
  running: 'You can leave this page: it goes on',
  paused: 'Nothing more is sent until it is resumed',
  done: 'All of them were handled',
  cancelled: 'It was ended before its end',
}

import { Button } from '@mantine/core'
import type { ReactNode } from 'react'
import { Link } from 'react-router'
import type { Mute, QuietHours, QuietScope } from '../../shared/quiet-hours.ts'
import { failureWords } from '../lib/failure-words.ts'
import { formatDayTime, plural } from '../lib/format.ts'
import { Section } from '../ui/Section.tsx'
import { StateIcon } from '../ui/StatePill.tsx'
import { toast } from '../ui/toast.ts'
import { useCan } from '../users/queries.ts'
import { useEndMute } from './queries.ts'
import classes from './quiet-hours.module.css'
import { heldLink, scopeNote } from './words.ts'

type Props = { hours: QuietHours[]; mutes: Mute[]; actions: ReactNode }

/** What is quiet at this moment, until when, and what waits because of it. */
export function NowSection({ hours, mutes, actions }: Props) {
  const quiet = hours.filter(({ isQuietNow, held }) => isQuietNow || held > 0)
  const isLoud = quiet.length === 0 && mutes.length === 0
  return (
    <Section title="Quiet now" actions={actions}>
      {isLoud ? (
        <p className={classes.why}>Nothing is quiet now. {nextWords(hours)}</p>
      ) : (
        <ul>
          {mutes.map((mute) => (
            <Quiet key={mute.id} scope={mute.scope} name={mute.scopeName} held={mute.held} code="muted">
              <MuteWords mute={mute} />
            </Quiet>
          ))}
          {quiet.map((each) => (
            <Quiet key={each.id} scope={each.scope} name={each.scopeName} held={each.held} code="quiet_hours">
              <p className={classes.why}>{hoursNow(each)}</p>
            </Quiet>
          ))}
        </ul>
      )}
    </Section>
  )
}

type QuietProps = {
  scope: QuietScope
  name: string
  held: number
  code: 'quiet_hours' | 'muted'
  children: ReactNode
}

function Quiet({ scope, name, held, code, children }: QuietProps) {
  const note = scopeNote(scope)
  return (
    <li className={classes.now}>
      <StateIcon tone="info" shape="pause" />
      <div className={classes.text}>
        <p className={classes.named}>
          <strong>{name}</strong>
          {note && <span className={classes.meta}>{note}</span>}
          {held > 0 && (
            <Link className={classes.held} to={heldLink(scope, code)}>
              {plural(held, 'message waits', 'messages wait')}
            </Link>
          )}
        </p>
        {children}
      </div>
    </li>
  )
}

function hoursNow({ isQuietNow, changesAt }: QuietHours): string {
  if (isQuietNow && changesAt) return `Quiet hours until ${formatDayTime(changesAt)}.`
  return 'Its quiet hours are over: what waited is on its way.'
}

function MuteWords({ mute: { id, scopeName, until, reason, by } }: { mute: Mute }) {
  const mayEnd = useCan('operator')
  const end = useEndMute()
  // By a promise, not callbacks: once it is over this button is gone.
  const onClick = () =>
    end.mutateAsync(id).then(
      () => toast('ok', `${scopeName} is no longer muted.`),
      (error) => toast('bad', `The mute goes on. ${failureWords(error)}`),
    )
  return (
    <div className={classes.muteLine}>
      <p className={classes.why}>
        Muted by {by} until {formatDayTime(until)}: {reason}
      </p>
      {mayEnd && (
        <Button
          variant="default"
          size="xs"
          loading={end.isPending}
          onClick={onClick}
          aria-label={`End now the mute of ${scopeName}`}
        >
          End now
        </Button>
      )}
    </div>
  )
}

/** `Next: #compliance at Tue 22:00.` */
function nextWords(hours: readonly QuietHours[]): string {
  const next = hours
    .filter(({ changesAt }) => changesAt !== undefined)
    .reduce<QuietHours | undefined>(
      (best, each) => (best && (best.changesAt ?? '') <= (each.changesAt ?? '') ? best : each),
      undefined,
    )
  return next?.changesAt ? `Next: ${next.scopeName}, ${formatDayTime(next.changesAt)}.` : ''
}

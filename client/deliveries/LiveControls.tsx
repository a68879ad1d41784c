import { Button } from '@mantine/core'
import { formatCount } from '../lib/format.ts'
import { IconChevronUp, IconPlayerPause, IconPlayerPlay } from '../ui/icons.ts'
import { LiveDot } from '../ui/StatePill.tsx'
import classes from './log.module.css'

type LiveProps = {
  isOn: boolean
  isConnected: boolean
  /** Why the server does not tell by itself what happens. */
  refusal: string | undefined
  onTurn: () => void
}

/** Whether the log follows what happens. */
export function LiveButton({ isOn, isConnected, refusal, onTurn }: LiveProps) {
  const meanwhile = refusal === undefined ? 'Connecting; until then' : `${refusal} Until then`
  const now = isConnected ? 'What happens appears by itself.' : `${meanwhile} it is read every 5 seconds.`
  return (
    <Button
      variant="default"
      aria-pressed={isOn}
      title={isOn ? `${now} Press to stop.` : 'Press to follow what happens.'}
      leftSection={<LiveDot on={isOn && isConnected} />}
      onClick={onTurn}
    >
      Live
    </Button>
  )
}

type Props = { isPaused: boolean; newCount: number; onPause: (isPaused: boolean) => void; onShow: () => void }

/** Holds the list still while one reads it, and says how many came meanwhile. */
export function PauseControls({ isPaused, newCount, onPause, onShow }: Props) {
  return (
    <span className={classes.live}>
      <Button
        variant="subtle"
        color="gray"
        size="compact-sm"
        className={classes.menu ?? ''}
        leftSection={isPaused ? <IconPlayerPlay /> : <IconPlayerPause />}
        onClick={() => onPause(!isPaused)}
      >
        {isPaused ? 'Resume' : 'Pause'}
      </Button>
      <span role="status">
        {newCount > 0 && (
          <Button variant="light" size="compact-sm" onClick={onShow}>
            {formatCount(newCount)} new
          </Button>
        )}
      </span>
    </span>
  )
}

/** Stays in sight while one reads further down: how many came meanwhile, and the way up to them. */
export function NewAbove({ count, onShow }: { count: number; onShow: () => void }) {
  const show = () => {
    onShow()
    window.scrollTo({ top: 0 })
  }
  return (
    <div className={classes.above} role="status">
      {count > 0 && (
        <Button size="compact-sm" leftSection={<IconChevronUp />} onClick={show}>
          {formatCount(count)} new above
        </Button>
      )}
    </div>
  )
}

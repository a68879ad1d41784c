import { Button } from '@mantine/core'
import classes from './bar.module.css'
import { LiveDot } from './StatePill.tsx'
import { useParamChoice } from './Tabs.tsx'

const CHOICES = ['on', 'off'] as const
const LIVE_MS = 5_000

/** How often a page that follows what happens asks again; false while it was told not to. */
export function useLiveInterval(): number | false {
  const [live] = useParamChoice('live', CHOICES)
  return live === 'on' ? LIVE_MS : false
}

/** Stops and starts following what happens; kept in the address. */
export function LiveToggle() {
  const [live, setLive] = useParamChoice('live', CHOICES)
  const isOn = live === 'on'
  return (
    <Button
      className={classes.live ?? ''}
      variant="default"
      aria-pressed={isOn}
      title={isOn ? 'Refreshed every 5 seconds. Press to pause.' : 'Paused. Press to follow what happens.'}
      leftSection={<LiveDot on={isOn} />}
      onClick={() => setLive(isOn ? 'off' : 'on')}
    >
      Live
    </Button>
  )
}

import { Button } from '@mantine/core'
import { useState } from 'react'
import type { Integration } from '../../shared/integrations.ts'
import { IconPlayerPause, IconPlayerPlay } from '../ui/icons.ts'
import { useCan } from '../users/queries.ts'
import classes from './connection.module.css'
import { PauseDialog } from './PauseDialog.tsx'
import { SwitchDialog } from './SwitchDialog.tsx'

/**
 * Holds what an integration sends, or starts what stands still, in the head of its page. Switching off, which refuses
 * Slack's requests too, is in the page's menu; on a phone so is pausing.
 */
export function PauseButton({ integration }: { integration: Integration }) {
  const isAdmin = useCan('admin')
  const canPause = useCan('operator')
  const [isAsking, setAsking] = useState(false)
  const { state } = integration
  // The banner below the head has the button that resumes it.
  if (state === 'paused' || (state === 'disabled' ? !isAdmin : !canPause)) return null
  const isOff = state === 'disabled'
  return (
    <span className={classes.switch}>
      <Button
        variant="default"
        leftSection={isOff ? <IconPlayerPlay /> : <IconPlayerPause />}
        onClick={() => setAsking(true)}
      >
        {isOff ? 'Switch on' : 'Pause'}
      </Button>
      {isAsking && isOff && <SwitchDialog integration={integration} onClose={() => setAsking(false)} />}
      {isAsking && !isOff && <PauseDialog integration={integration} onClose={() => setAsking(false)} />}
    </span>
  )
}

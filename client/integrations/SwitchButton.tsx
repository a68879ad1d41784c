import { Button } from '@mantine/core'
import { useState } from 'react'
import type { Integration } from '../../shared/integrations.ts'
import { IconPlayerPause, IconPlayerPlay } from '../ui/icons.ts'
import classes from './connection.module.css'
import { SwitchDialog } from './SwitchDialog.tsx'

/** Switches an integration off or on, in the head of its page; on a phone the page's menu does. */
export function SwitchButton({ integration }: { integration: Integration }) {
  const [isAsking, setAsking] = useState(false)
  const isOff = integration.state === 'disabled'
  return (
    <span className={classes.switch}>
      <Button
        variant="default"
        leftSection={isOff ? <IconPlayerPlay /> : <IconPlayerPause />}
        onClick={() => setAsking(true)}
      >
        {isOff ? 'Switch on' : 'Switch off'}
      </Button>
      {isAsking && <SwitchDialog integration={integration} onClose={() => setAsking(false)} />}
    </span>
  )
}

import { ActionIcon, Menu } from '@mantine/core'
import { useClipboard } from '@mantine/hooks'
import { useState } from 'react'
import { Link } from 'react-router'
import type { Integration } from '../../shared/integrations.ts'
import { slackLink } from '../../shared/slack-links.ts'
import {
  IconArrowUpRight,
  IconBan,
  IconCopy,
  IconDots,
  IconPlayerPause,
  IconPlayerPlay,
  IconSettings,
} from '../ui/icons.ts'
import { toast } from '../ui/toast.ts'
import { useCan } from '../users/queries.ts'
import { PauseDialog } from './PauseDialog.tsx'
import { SwitchDialog } from './SwitchDialog.tsx'

/** What is needed now and then about one integration. */
export function IntegrationMenu({ integration }: { integration: Integration }) {
  const { id, appId } = integration
  const { copy } = useClipboard()
  const isAdmin = useCan('admin')
  const canPause = useCan('operator')
  const [asking, setAsking] = useState<'switch' | 'pause'>()
  const isOff = integration.state === 'disabled'
  const copyId = () => {
    copy(id)
    toast('ok', 'Integration ID copied')
  }
  return (
    <>
      <Menu>
        <Menu.Target>
          <ActionIcon aria-label="More about this integration">
            <IconDots />
          </ActionIcon>
        </Menu.Target>
        <Menu.Dropdown>
          <Menu.Item leftSection={<IconCopy />} onClick={copyId}>
            Copy integration ID
          </Menu.Item>
          <Menu.Item
            leftSection={<IconArrowUpRight />}
            component="a"
            href={slackLink('general', appId)}
            target="_blank"
            rel="noreferrer"
          >
            Open the app’s settings in Slack
          </Menu.Item>
          <Menu.Item leftSection={<IconSettings />} component={Link} to={`/integrations/${id}/settings`}>
            Settings
          </Menu.Item>
          {canPause && !isOff && integration.state !== 'paused' && (
            <Menu.Item leftSection={<IconPlayerPause />} onClick={() => setAsking('pause')}>
              Pause
            </Menu.Item>
          )}
          {isAdmin && (
            <Menu.Item leftSection={isOff ? <IconPlayerPlay /> : <IconBan />} onClick={() => setAsking('switch')}>
              {isOff ? 'Switch on' : 'Switch off'}
            </Menu.Item>
          )}
        </Menu.Dropdown>
      </Menu>
      {asking === 'switch' && <SwitchDialog integration={integration} onClose={() => setAsking(undefined)} />}
      {asking === 'pause' && <PauseDialog integration={integration} onClose={() => setAsking(undefined)} />}
    </>
  )
}

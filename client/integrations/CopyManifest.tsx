import { Button, Menu } from '@mantine/core'
import { useClipboard } from '@mantine/hooks'
import type { ManifestAnswer } from '../../shared/integrations.ts'
import { IconCheck, IconChevronDown, IconCopy } from '../ui/icons.ts'

type Props = { manifest: ManifestAnswer; onCopied?: () => void }

/** Copies the manifest in either of the two forms Slack takes. */
export function CopyManifest({ manifest, onCopied }: Props) {
  const { copied, copy } = useClipboard({ timeout: 1500 })
  const take = (text: string) => {
    copy(text)
    onCopied?.()
  }
  return (
    <Menu position="bottom-start">
      <Menu.Target>
        <Button
          variant="default"
          leftSection={copied ? <IconCheck style={{ color: 'var(--ok)' }} /> : <IconCopy />}
          rightSection={<IconChevronDown style={{ '--icon': '14px' }} />}
        >
          {copied ? 'Copied' : 'Copy manifest'}
        </Button>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Item onClick={() => take(manifest.json)}>As JSON</Menu.Item>
        <Menu.Item onClick={() => take(manifest.yaml)}>As YAML</Menu.Item>
      </Menu.Dropdown>
    </Menu>
  )
}

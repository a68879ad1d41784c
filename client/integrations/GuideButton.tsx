import { ActionIcon, Popover } from '@mantine/core'
import { type CredentialField, credentialInfo } from '../../shared/credentials.ts'
import { IconHelpCircle } from '../ui/icons.ts'
import { FieldGuide } from './FieldGuide.tsx'

/** A question mark that opens where a field's value is found. */
export function GuideButton({ field, appId }: { field: CredentialField; appId: string | undefined }) {
  const name = `Where do I find the ${credentialInfo[field].label.replace(/^\w/, (letter) => letter.toLowerCase())}?`
  return (
    <Popover width={336} position="bottom-start" trapFocus withinPortal>
      <Popover.Target>
        <ActionIcon size={20} aria-label={name} title={name} style={{ color: 'var(--text-3)' }}>
          <IconHelpCircle />
        </ActionIcon>
      </Popover.Target>
      <Popover.Dropdown aria-label={name}>
        <FieldGuide field={field} appId={appId} />
      </Popover.Dropdown>
    </Popover>
  )
}

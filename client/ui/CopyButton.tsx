import { ActionIcon, Button } from '@mantine/core'
import { useClipboard } from '@mantine/hooks'
import type { ReactNode } from 'react'
import { IconCheck, IconCopy } from './icons.ts'

type Props = {
  value: string
  /** What is copied, for the tooltip and a screen reader: "Copy app ID". */
  label: string
  /** 20 px, for a button inside a line of text. */
  inline?: boolean
  /** With children, a full button with those words. */
  children?: ReactNode
}

/** Copies a value and says so. */
export function CopyButton({ value, label, inline, children }: Props) {
  const { copied, copy } = useClipboard({ timeout: 1500 })
  const icon = copied ? <IconCheck style={{ color: 'var(--ok)' }} /> : <IconCopy />
  if (children) {
    return (
      <Button variant="default" leftSection={icon} onClick={() => copy(value)}>
        {copied ? 'Copied' : children}
      </Button>
    )
  }
  return (
    <ActionIcon
      size={inline ? 20 : 28}
      style={inline ? { '--icon': '14px', verticalAlign: 'middle' } : undefined}
      aria-label={copied ? 'Copied' : label}
      title={label}
      onClick={() => copy(value)}
    >
      {icon}
    </ActionIcon>
  )
}

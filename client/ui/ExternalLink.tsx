import { VisuallyHidden } from '@mantine/core'
import type { ReactNode } from 'react'
import { IconArrowUpRight } from './icons.ts'

/** A link to a page of somebody else's, in a tab of its own, and marked as such. */
export function ExternalLink({ href, children }: { href: string; children: ReactNode }) {
  return (
    <a href={href} target="_blank" rel="noreferrer">
      {children}
      <IconArrowUpRight
        style={{ '--icon': '14px', marginLeft: 3, verticalAlign: '-2px', display: 'inline' }}
        aria-hidden="true"
      />
      <VisuallyHidden> (opens a new tab)</VisuallyHidden>
    </a>
  )
}

import type { ReactNode } from 'react'
import classes from './notice.module.css'
import { StateIcon, type Tone } from './StatePill.tsx'

type Props = { tone: Tone; title?: ReactNode; actions?: ReactNode; banner?: boolean; children?: ReactNode }

/** A sentence that must be seen, beside the thing it is about; `banner` runs it from edge to edge. */
export function Notice({ tone, title, actions, banner, children }: Props) {
  const className = [classes.notice, classes[tone], banner && classes.banner].filter(Boolean).join(' ')
  return (
    <div className={className} role={tone === 'bad' ? 'alert' : 'status'}>
      <StateIcon tone={tone} />
      <div className={classes.body}>
        {title && <p className={classes.title}>{title}</p>}
        {children}
      </div>
      {actions}
    </div>
  )
}

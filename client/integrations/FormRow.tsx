import type { ReactNode } from 'react'
import classes from './new.module.css'

type Props = { label: string; htmlFor: string; optional?: boolean; aside?: ReactNode; children: ReactNode }

/** A label on the left and its field on the right; above each other on a phone. */
export function FormRow({ label, htmlFor, optional, aside, children }: Props) {
  return (
    <div className={classes.row}>
      <div className={classes.label}>
        <label htmlFor={htmlFor}>
          {label}
          {optional && <span className={classes.optional}> optional</span>}
        </label>
        {aside}
      </div>
      <div>{children}</div>
    </div>
  )
}

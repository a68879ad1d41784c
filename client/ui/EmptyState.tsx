import type { ReactNode } from 'react'
import classes from './notice.module.css'

type Props = {
  icon?: ReactNode
  title: string
  /** Why there is nothing, and what to do next. */
  children: ReactNode
  actions?: ReactNode
}

/** Nothing is here yet: says so, and what the next step is. */
export function EmptyState({ icon, title, children, actions }: Props) {
  return (
    <div className={classes.empty}>
      {icon}
      <p className={classes.emptyTitle}>{title}</p>
      <div className={classes.emptyText}>{children}</div>
      {actions && <div className={classes.emptyActions}>{actions}</div>}
    </div>
  )
}

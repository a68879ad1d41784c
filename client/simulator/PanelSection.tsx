import { type ReactNode, useId } from 'react'
import classes from './simulator.module.css'

type Props = { title: string; note?: string | undefined; actions?: ReactNode; children: ReactNode }

/** One part of the side panel, divided from the next by a hairline. */
export function PanelSection({ title, note, actions, children }: Props) {
  const id = useId()
  return (
    <section className={classes.section} aria-labelledby={id}>
      <div className={classes.sectionHead}>
        <h2 id={id}>{title}</h2>
        {note && <span className={classes.meta}>{note}</span>}
        {actions && <div className={classes.sectionActions}>{actions}</div>}
      </div>
      {children}
    </section>
  )
}

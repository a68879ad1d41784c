import type { CSSProperties, ReactNode } from 'react'
import { useId } from 'react'
import classes from './page.module.css'

type PageHeadProps = {
  title: ReactNode
  icon?: ReactNode
  /** A StatePill, on the line of the title. */
  state?: ReactNode
  meta?: ReactNode
  actions?: ReactNode
  children?: ReactNode
}

/** The head of a page about one thing: what it is, how it is, what can be done with it. */
export function PageHead({ title, icon, state, meta, actions, children }: PageHeadProps) {
  return (
    <div className={classes.head}>
      {icon && <div className={classes.headIcon}>{icon}</div>}
      <div className={classes.headText}>
        <div className={classes.headLine}>
          <h1>{title}</h1>
          {state}
        </div>
        {meta && <div className={classes.meta}>{meta}</div>}
        {children}
      </div>
      {actions && <div className={classes.actions}>{actions}</div>}
    </div>
  )
}

type SectionProps = {
  title?: ReactNode
  /** 12 px beside the title: a count, a unit, an explanation. */
  note?: ReactNode
  actions?: ReactNode
  /** Lets the content run to the edges, for tables. */
  flush?: boolean
  firstOnPhone?: boolean
  /** What a screen reader calls a section that shows no title. */
  label?: string
  children: ReactNode
}

/** One part of a page. Parts are divided by hairlines that run edge to edge, never boxed. */
export function Section({ title, note, actions, flush, firstOnPhone, label, children }: SectionProps) {
  const id = useId()
  const className = [classes.section, flush && classes.flush, firstOnPhone && classes.firstOnPhone]
  const named = title ? { 'aria-labelledby': id } : { 'aria-label': label }
  return (
    <section className={className.filter(Boolean).join(' ')} {...named}>
      {(title || actions) && (
        <div className={classes.sectionHead}>
          <div className={classes.sectionTitle}>
            {title && <h2 id={id}>{title}</h2>}
            {note && <span className={classes.note}>{note}</span>}
          </div>
          {actions}
        </div>
      )}
      {children}
    </section>
  )
}

type ColumnsProps = {
  /** A grid-template-columns value: `480px minmax(0, 1fr)`. Columns stack below 700 px. */
  widths?: string
  /** Takes the height that is left on the page, so that the dividing lines reach its foot. */
  fill?: boolean
  /** Two beside each other below 1024 px, a phone included: for tiles. */
  pairsWhenNarrow?: boolean
  children: ReactNode
}

/** Columns side by side with a hairline between them. */
export function Columns({ widths = 'repeat(2, minmax(0, 1fr))', fill, pairsWhenNarrow, children }: ColumnsProps) {
  const style: CSSProperties = { '--columns': widths }
  return (
    <div
      className={fill ? `${classes.columns} ${classes.fill}` : classes.columns}
      style={style}
      data-pairs={pairsWhenNarrow || undefined}
    >
      {children}
    </div>
  )
}

/** Actions that stay at the foot of the page while it scrolls. */
export function Dock({ note, children }: { note?: ReactNode; children: ReactNode }) {
  return (
    <div className={classes.dock}>
      <div className={classes.dockNote}>{note}</div>
      {children}
    </div>
  )
}

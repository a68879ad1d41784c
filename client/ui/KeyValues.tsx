import { ActionIcon, Tooltip } from '@mantine/core'
import type { ReactNode } from 'react'
import classes from './facts.module.css'
import { IconHelpCircle } from './icons.ts'

/** Rows of name and value, divided by hairlines. `nameWidth` is a CSS length; on a phone the name stands above. */
export function KeyValues({ nameWidth = '140px', children }: { nameWidth?: string; children: ReactNode }) {
  return (
    <dl className={classes.list} style={{ '--name-width': nameWidth }}>
      {children}
    </dl>
  )
}

type Props = {
  name: string
  /** Where to find it, or what it is for; opens from a question mark beside the name. */
  help?: ReactNode
  /** Stands beside the name in place of `help`, when the explanation has links in it. */
  guide?: ReactNode
  /** Who, when, why: 12 px under the value. */
  meta?: ReactNode
  action?: ReactNode
  children: ReactNode
}

export function KeyValue({ name, help, guide, meta, action, children }: Props) {
  return (
    <div className={classes.row}>
      <dt className={classes.name}>
        {name}
        {help && <Help about={name}>{help}</Help>}
        {guide}
      </dt>
      <dd className={classes.value}>
        {children}
        {meta && <div className={classes.meta}>{meta}</div>}
      </dd>
      {action && <dd className={classes.action}>{action}</dd>}
    </div>
  )
}

/** A question mark that explains a field on hover, focus or touch. */
export function Help({ about, children }: { about: string; children: ReactNode }) {
  return (
    <Tooltip label={children} events={{ hover: true, focus: true, touch: true }}>
      <ActionIcon className={classes.help} size={20} aria-label={`Help: ${about}`}>
        <IconHelpCircle />
      </ActionIcon>
    </Tooltip>
  )
}

/** A few facts side by side, each under its name. */
export function FactStrip({ facts }: { facts: { name: string; value: ReactNode }[] }) {
  return (
    <dl className={classes.strip}>
      {facts.map((fact) => (
        <div key={fact.name}>
          <dt>{fact.name}</dt>
          <dd>{fact.value}</dd>
        </div>
      ))}
    </dl>
  )
}

import classes from './facts.module.css'

type Props = {
  /** What is read at a glance: `1.2 k`, `99.62`. */
  shown: string
  unit?: string
  /** The whole truth, on hover: `1,234 deliveries`. */
  exact: string
  size?: 'tile' | 'text'
}

/** A number cut to what fits, with the exact one on hover. */
export function Figure({ shown, unit, exact, size = 'text' }: Props) {
  return (
    <span className={size === 'tile' ? `${classes.figure} ${classes.tile}` : classes.figure} title={exact}>
      {shown}
      {unit && <span className={classes.unit}>{size === 'tile' ? unit : ` ${unit}`}</span>}
    </span>
  )
}

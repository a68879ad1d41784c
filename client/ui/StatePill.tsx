import type { ComponentType, ReactNode } from 'react'
import {
  IconAlertTriangleFilled,
  IconBan,
  IconCircleCheckFilled,
  IconCircleDashed,
  IconCircleMinus,
  IconCircleXFilled,
  IconClock,
  IconFlaskFilled,
  IconInfoCircleFilled,
  IconPlayerPauseFilled,
} from './icons.ts'
import classes from './state.module.css'

export type Tone = 'ok' | 'warn' | 'bad' | 'info' | 'neutral' | 'simulator'
export type Shape =
  | 'check'
  | 'alert'
  | 'cross'
  | 'info'
  | 'clock'
  | 'pause'
  | 'dashed'
  | 'minus'
  | 'ban'
  | 'flask'
  | 'running'

const SHAPE_OF_TONE: Record<Tone, Shape> = {
  ok: 'check',
  warn: 'alert',
  bad: 'cross',
  info: 'info',
  neutral: 'dashed',
  simulator: 'flask',
}

const ICONS: Record<Exclude<Shape, 'running'>, ComponentType> = {
  check: IconCircleCheckFilled,
  alert: IconAlertTriangleFilled,
  cross: IconCircleXFilled,
  info: IconInfoCircleFilled,
  clock: IconClock,
  pause: IconPlayerPauseFilled,
  dashed: IconCircleDashed,
  minus: IconCircleMinus,
  ban: IconBan,
  flask: IconFlaskFilled,
}

type Props = { tone: Tone; shape?: Shape; size?: 'sm' | 'md'; children: ReactNode }

/** A state as shape, word and colour together. `shape` tells apart states of one tone, such as held and degraded. */
export function StatePill({ tone, shape, size = 'md', children }: Props) {
  const className = [classes.pill, classes[tone], size === 'sm' && classes.small].filter(Boolean).join(' ')
  return (
    <span className={className}>
      <StateIcon tone={tone} {...(shape && { shape })} />
      {children}
    </span>
  )
}

/** The shape alone, for a row whose text already says the state. */
export function StateIcon({ tone, shape = SHAPE_OF_TONE[tone] }: { tone: Tone; shape?: Shape }) {
  if (shape === 'running') return <span className={classes.running} />
  const Icon = ICONS[shape]
  return (
    <span className={classes[tone]} style={{ display: 'inline-flex' }} aria-hidden="true">
      <Icon />
    </span>
  )
}

/** Green while the page follows what happens, grey while it does not. The word belongs beside it. */
export function LiveDot({ on }: { on: boolean }) {
  return <span className={classes.dot} data-on={on || undefined} aria-hidden="true" />
}

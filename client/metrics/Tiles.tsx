import { Progress, Skeleton } from '@mantine/core'
import type { Overview, Window } from '../../shared/metrics.ts'
import { Figure } from '../ui/Figure.tsx'
import { Help } from '../ui/KeyValues.tsx'
import { Columns } from '../ui/Section.tsx'
import { StatePill } from '../ui/StatePill.tsx'
import {
  aimInWords,
  budgetInWords,
  changeInWords,
  figures,
  shownValue,
  type TileValue,
  targetInWords,
} from './figures.ts'
import classes from './tiles.module.css'

const FOUR = 'repeat(4, minmax(0, 1fr))'

/** The four figures that have a target: how they stand, what changed, and how much may still go wrong. */
export function Tiles({ tiles, window }: { tiles: Overview['tiles']; window: Window }) {
  return (
    <Columns widths={FOUR} pairsWhenNarrow>
      {figures.map(({ key, ...figure }) => (
        <Tile key={key} {...figure} tile={tiles[key]} window={window} />
      ))}
    </Columns>
  )
}

type Props = { label: string; unit: '%' | 'ms'; definition: string; tile: TileValue; window: Window }

function Tile({ label, unit, definition, tile, window }: Props) {
  const { tone, words } = targetInWords(tile, unit)
  const budget = budgetInWords(tile.budgetLeft)
  const isMeasured = tile.value !== null
  return (
    <div className={classes.tile}>
      <p className={classes.label}>
        {label}
        <Help about={label}>
          {definition} Target: {aimInWords(tile.target, unit)}.
        </Help>
      </p>
      <p className={classes.line}>
        <Figure
          size="tile"
          shown={shownValue(tile.value, unit)}
          {...(isMeasured && { unit })}
          exact={isMeasured ? `${unit === '%' ? (tile.value ?? 0) * 100 : tile.value} ${unit}` : 'Nothing was measured'}
        />
        <span className={classes.change}>{changeInWords(tile, unit, window)}</span>
      </p>
      <p>
        <StatePill tone={tone} size="sm">
          {words}
        </StatePill>
      </p>
      <Progress
        className={classes.budget ?? ''}
        size={4}
        value={budget.share * 100}
        color={budget.isLow ? 'var(--chart-warn)' : 'var(--accent-line)'}
        aria-label={`${label}: ${budget.words}`}
      />
      <p className={classes.budgetWords}>{budget.words}</p>
    </div>
  )
}

/** The same four before their figures are there. */
export function TilesSkeleton() {
  return (
    <Columns widths={FOUR} pairsWhenNarrow>
      {figures.map(({ key, label }) => (
        <div key={key} className={classes.tile}>
          <p className={classes.label}>{label}</p>
          <Skeleton height={28} width={96} my={2} />
          <Skeleton height={12} width={140} my={2} />
          <Skeleton height={4} mt={20} />
          <Skeleton height={12} width={120} mt={10} />
        </div>
      ))}
    </Columns>
  )
}

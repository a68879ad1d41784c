import { Button, Progress } from '@mantine/core'
import { useState } from 'react'
import type { LimitMeter } from '../../shared/templates.ts'
import { formatCount } from '../lib/format.ts'
import { Section } from '../ui/Section.tsx'
import classes from './templates.module.css'

const SHOWN = 5

/** How near the message is to what Slack takes, the nearest first. */
export function LimitsSection({ meters }: { meters: readonly LimitMeter[] }) {
  const [isWhole, setWhole] = useState(false)
  const sorted = [...meters].sort((a, b) => b.used / b.most - a.used / a.most)
  const shown = isWhole ? sorted : sorted.slice(0, SHOWN)
  return (
    <Section title="Limits" note="Of what is shown above">
      {meters.length === 0 && <p className={classes.hint}>There is no message to measure.</p>}
      <ul className={classes.meters} aria-label="Limits">
        {shown.map((meter) => (
          <Meter key={meter.what} meter={meter} />
        ))}
      </ul>
      {meters.length > SHOWN && (
        <Button variant="subtle" size="compact-sm" px={6} ml={-6} onClick={() => setWhole(!isWhole)}>
          {isWhole ? 'Only the nearest' : `All ${meters.length}`}
        </Button>
      )}
    </Section>
  )
}

function Meter({ meter: { what, used, most } }: { meter: LimitMeter }) {
  const isOver = used > most
  const told = `${formatCount(used)} of ${formatCount(most)}`
  return (
    <li>
      <p className={classes.meterHead}>
        <span>{what}</span>
        <span data-over={isOver || undefined}>{isOver ? `${told}, too much` : told}</span>
      </p>
      <Progress
        size="xs"
        value={Math.min(100, (used / most) * 100)}
        color={isOver ? 'var(--bad)' : used > most * 0.9 ? 'var(--warn)' : 'var(--accent-line)'}
        aria-label={`${what}: ${told}`}
      />
    </li>
  )
}

import type { Mute } from '../../shared/quiet-hours.ts'
import { type Column, DataTable } from '../ui/DataTable.tsx'
import { RelativeTime } from '../ui/RelativeTime.tsx'
import { Section } from '../ui/Section.tsx'
import classes from './quiet-hours.module.css'
import { atEndWords, scopeNote } from './words.ts'

/** The last mutes that are over: who muted what, and why. */
export function EndedMutes({ mutes }: { mutes: Mute[] }) {
  return (
    <Section flush title="Mutes that are over" note="the last ones">
      <DataTable label="Mutes that are over" columns={columns} rows={mutes} rowKey={({ id }) => id} lineAbove />
    </Section>
  )
}

const columns: Column<Mute>[] = [
  {
    key: 'scope',
    head: 'What was quiet',
    lead: true,
    card: 'start',
    width: '24%',
    cell: ({ scope, scopeName }) => (
      <span className={classes.name}>
        {scopeName} {scopeNote(scope) && <span className={classes.meta}>{scopeNote(scope)}</span>}
      </span>
    ),
  },
  { key: 'reason', head: 'Reason', cell: ({ reason }) => reason },
  { key: 'by', head: 'By', cell: ({ by }) => by },
  {
    key: 'ended',
    head: 'Ended',
    cell: ({ endedAt, until, endedBy }) => (
      <div>
        <RelativeTime at={endedAt ?? until} />
        {endedBy && <div className={classes.meta}>early, by {endedBy}</div>}
      </div>
    ),
  },
  { key: 'end', head: 'What waited', cell: ({ atEnd }) => atEndWords[atEnd].name },
]

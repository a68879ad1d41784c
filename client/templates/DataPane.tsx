import { SegmentedControl, Select, Skeleton } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { lazy, Suspense } from 'react'
import { ErrorNotice } from '../ui/ErrorNotice.tsx'
import { Section } from '../ui/Section.tsx'
import { RowsSkeleton } from '../ui/Skeletons.tsx'
import type { DataKind, ReadSample, TemplateDraft } from './draft.ts'
import { recentEventsQuery } from './queries.ts'
import { ShownAs } from './ShownAs.tsx'
import classes from './templates.module.css'

const SourceEditor = lazy(() => import('./SourceEditor.tsx'))

const KINDS = [
  { value: 'sample', label: 'Sample' },
  { value: 'event', label: 'Real event' },
  { value: 'worst_case', label: 'Worst case' },
]

type Props = {
  kind: DataKind
  eventId: string | undefined
  draft: TemplateDraft
  sample: ReadSample
  readOnly: boolean
  set: (part: Partial<TemplateDraft>) => void
  onKind: (kind: DataKind) => void
  onEvent: (id: string | undefined) => void
  type: string | undefined
  usedBy: string[]
  onType: (type: string | undefined) => void
}

/** What the template is shown with: an example, an event that was accepted, or one as long as it can be. */
export function DataPane(props: Props) {
  const { kind, eventId, draft, sample, readOnly, set, onKind, onEvent, type, usedBy, onType } = props
  return (
    <div className={classes.pane} data-name="data">
      <Section title="Data">
        <SegmentedControl
          aria-label="Show the template with"
          fullWidth
          data={KINDS}
          value={kind}
          onChange={(next) => onKind(next as DataKind)}
        />
        {kind === 'sample' && (
          <>
            <p className={classes.hint}>An event of your platform, kept with the template.</p>
            <div className={classes.frame}>
              <Suspense fallback={<Skeleton height={300} />}>
                <SourceEditor
                  label="Sample event"
                  value={draft.sampleText}
                  readOnly={readOnly}
                  onChange={(sampleText) => set({ sampleText })}
                />
              </Suspense>
            </div>
            {sample.kind === 'wrong' && (
              <p className={classes.wrong} role="alert">
                {sample.problem}
              </p>
            )}
          </>
        )}
        {kind === 'event' && <RealEvent eventId={eventId} onEvent={onEvent} />}
        {kind === 'worst_case' && (
          <p className={classes.hint}>
            Every field as long as it can be, and data like that of the sample with long texts and lists: what could go
            wrong shows here first.
          </p>
        )}
        <ShownAs {...{ type, usedBy, onType }} />
      </Section>
    </div>
  )
}

function RealEvent({ eventId, onEvent }: Pick<Props, 'eventId' | 'onEvent'>) {
  const { data, error, refetch } = useQuery(recentEventsQuery)
  if (error) return <ErrorNotice error={error} what="The latest events could not be read" onRetry={refetch} />
  if (!data) return <RowsSkeleton rows={3} />
  if (data.length === 0) {
    return (
      <p className={classes.hint}>
        No event has come in yet. As soon as your platform sends one, it can be chosen here.
      </p>
    )
  }
  return (
    <>
      <p className={classes.hint}>Fields that its type does not allow to be seen are not in it.</p>
      <Select
        label="Event"
        placeholder="Choose one of the latest"
        searchable
        data={data.map(({ id, title, type }) => ({ value: id, label: `${title} · ${type || id}` }))}
        value={eventId ?? null}
        onChange={(id) => onEvent(id ?? undefined)}
        nothingFoundMessage="None of the latest events fits."
      />
    </>
  )
}

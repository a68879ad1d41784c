import { Button, SegmentedControl } from '@mantine/core'
import { useDebouncedValue } from '@mantine/hooks'
import { useQuery } from '@tanstack/react-query'
import { useRef, useState } from 'react'
import { flushSync } from 'react-dom'
import type { PreviewRequest, SourceProblem, Template, TemplateData } from '../../shared/templates.ts'
import { IconSend } from '../ui/icons.ts'
import { LeaveGuard } from '../ui/LeaveGuard.tsx'
import { type Crumb, PageFrame } from '../ui/PageFrame.tsx'
import { Columns, PageHead } from '../ui/Section.tsx'
import { useCan } from '../users/queries.ts'
import { CasesSection } from './CasesSection.tsx'
import { DataPane } from './DataPane.tsx'
import { DeleteTemplate } from './DeleteTemplate.tsx'
import { afterSaving, type DataKind, draftOf, isChanged, readSample, type TemplateDraft } from './draft.ts'
import { EditorPane } from './EditorPane.tsx'
import { LimitsSection } from './LimitsSection.tsx'
import { PreviewPane } from './PreviewPane.tsx'
import { ProblemsSection } from './ProblemsSection.tsx'
import { casesQuery, previewQuery } from './queries.ts'
import { SaveDock } from './SaveDock.tsx'
import { SendDialog } from './SendDialog.tsx'
import type { EditorHandle } from './SourceEditor.tsx'
import { TemplateMeta } from './TemplateMeta.tsx'
import classes from './templates.module.css'
import { VersionsSection } from './VersionsSection.tsx'

const TYPING_MS = 350
const PANES = [
  { value: 'data', label: 'Data' },
  { value: 'editor', label: 'Editor' },
  { value: 'preview', label: 'Preview' },
]

/** A template being worked on: its data, its source, and what comes of both, side by side; on a phone one at a time. */
export function Workbench({ template, breadcrumbs }: { template: Template; breadcrumbs: Crumb[] }) {
  const isAdmin = useCan('admin')
  const maySend = useCan('operator')
  const [draft, setDraft] = useState<TemplateDraft>(() => draftOf(template))
  const [kind, setKind] = useState<DataKind>('sample')
  const [eventId, setEventId] = useState<string>()
  const [type, setType] = useState<string>()
  const [pane, setPane] = useState('editor')
  const [isSending, setSending] = useState(false)
  const editor = useRef<EditorHandle>(null)
  const set = (part: Partial<TemplateDraft>) => setDraft((before) => ({ ...before, ...part }))
  const [known, setKnown] = useState(template)
  if (known !== template) {
    // Somebody else saved one: what nobody has touched here follows it.
    setKnown(template)
    if (!isChanged(draft, known)) setDraft(draftOf(template))
  }

  const [settled] = useDebouncedValue(draft, TYPING_MS)
  const sample = readSample(draft.sampleText)
  const isPlain = kind === 'sample' && type === undefined
  const checked = useQuery(previewQuery(requestOf(settled, { kind: 'sample' })))
  const other = useQuery(previewQuery(isPlain ? undefined : requestOf(settled, { kind, eventId, type })))
  const shown = isPlain ? checked : other
  const problems = checked.data?.problems ?? []
  const tried = useQuery(casesQuery({ source: settled.source, cases: settled.cases }))
  const show = (problem: SourceProblem) => {
    setPane('editor')
    // The pane has to be in sight first.
    requestAnimationFrame(() => editor.current?.show(problem))
  }
  const [isGone, setGone] = useState(false)
  const isUnsaved = isAdmin && !isGone && isChanged(draft, template)
  const actions = maySend && (
    <>
      {isAdmin && (
        <DeleteTemplate name={template.name} usedBy={template.usedBy} onGone={() => flushSync(() => setGone(true))} />
      )}
      <Button variant="default" leftSection={<IconSend />} onClick={() => setSending(true)}>
        Send a trial
      </Button>
    </>
  )
  const readData = dataOf(draft, kind, eventId)
  return (
    <PageFrame title={template.name} breadcrumbs={breadcrumbs}>
      <PageHead title={template.name} meta={<TemplateMeta template={template} />} actions={actions} />
      <div className={classes.paneChoice}>
        <SegmentedControl aria-label="Show" fullWidth data={PANES} value={pane} onChange={setPane} />
      </div>
      <div className={classes.workbench} data-pane={pane}>
        <DataPane
          {...{ kind, eventId, draft, sample, set, type }}
          usedBy={template.usedBy}
          readOnly={!isAdmin}
          onKind={setKind}
          onEvent={setEventId}
          onType={setType}
        />
        <EditorPane
          source={draft.source}
          onSource={(source) => set({ source })}
          sample={sample.kind === 'read' ? sample.sample : {}}
          {...{ problems, readOnly: !isAdmin, handle: editor }}
        />
        <PreviewPane {...shown} isStale={shown.isFetching || settled !== draft} onRetry={shown.refetch} kind={kind} />
      </div>
      <Columns widths="minmax(0, 5fr) minmax(0, 3fr) minmax(0, 4fr)">
        <ProblemsSection problems={problems} isPending={checked.isPending} onShow={show} />
        <LimitsSection meters={shown.data?.meters ?? []} />
        <VersionsSection
          template={template}
          isDirty={isChanged(draft, template)}
          onRestored={(now) => setDraft(draftOf(now))}
        />
      </Columns>
      <CasesSection {...{ draft, sample, set }} results={tried} readOnly={!isAdmin} />
      {isAdmin && (
        <SaveDock
          {...{ template, draft, sample, set, problems }}
          results={tried.data?.items ?? []}
          onSaved={(now, sent) => setDraft((held) => afterSaving(held, sent, now))}
        />
      )}
      <LeaveGuard when={isUnsaved} what="template" />
      {isSending && (
        <SendDialog
          name={template.name}
          source={draft.source}
          data={readData}
          type={type}
          onClose={() => setSending(false)}
        />
      )}
    </PageFrame>
  )
}

/** What a draft is shown with; undefined while its sample is no JSON or no event is chosen. */
function dataOf({ sampleText }: TemplateDraft, kind: DataKind, eventId: string | undefined): TemplateData | undefined {
  if (kind === 'event') return eventId === undefined ? undefined : { kind, eventId }
  const sample = readSample(sampleText)
  return sample.kind === 'read' ? { kind, event: sample.sample } : undefined
}

type Shown = { kind: DataKind; eventId?: string | undefined; type?: string | undefined }

function requestOf(draft: TemplateDraft, { kind, eventId, type }: Shown): PreviewRequest | undefined {
  const data = dataOf(draft, kind, eventId)
  return data && draft.source !== '' ? { source: draft.source, data, ...(type !== undefined && { type }) } : undefined
}

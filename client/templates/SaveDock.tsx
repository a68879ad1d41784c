import { Button, TextInput } from '@mantine/core'
import type { CaseResult, SourceProblem, Template } from '../../shared/templates.ts'
import { plural } from '../lib/format.ts'
import { ErrorNotice } from '../ui/ErrorNotice.tsx'
import { Dock } from '../ui/Section.tsx'
import { StateIcon } from '../ui/StatePill.tsx'
import { toast } from '../ui/toast.ts'
import { changeOf, draftOf, isChanged, type ReadSample, type TemplateDraft } from './draft.ts'
import { useChangeTemplate } from './queries.ts'
import classes from './templates.module.css'

type Props = {
  template: Template
  draft: TemplateDraft
  sample: ReadSample
  problems: readonly SourceProblem[]
  results: readonly CaseResult[]
  set: (part: Partial<TemplateDraft>) => void
  onSaved: (template: Template, sent: TemplateDraft) => void
}

/** What is not saved yet, and the way to save it as a new version. */
export function SaveDock({ template, draft, sample, problems, results, set, onSaved }: Props) {
  const change = useChangeTemplate(template.name)
  if (!isChanged(draft, template) && !change.error) return null
  const error = problems.find(({ severity }) => severity === 'error')
  const failing = results.filter(
    ({ name, state }) => (state === 'changed' || state === 'broken') && draft.cases.some((one) => one.name === name),
  ).length
  const isBroken = error !== undefined || sample.kind === 'wrong'
  const isOvertaken = !change.isPending && draft.basedOn < template.version
  const save = () => {
    if (sample.kind === 'wrong') return
    // By then its version was told, and stands in the list beside it: what is saved over it is meant to be.
    change.mutate(changeOf({ ...draft, basedOn: template.version }, sample.sample), {
      onSuccess: (saved) => {
        void toast('ok', `Version ${saved.version} is in use.`)
        onSaved(saved, draft)
      },
    })
  }
  return (
    <div className={classes.dock}>
      {change.error && <ErrorNotice error={change.error} what="It was not saved" />}
      <Dock
        note={
          isBroken ? <Broken {...{ sample, error }} /> : <Becomes version={template.version + 1} failing={failing} />
        }
      >
        <TextInput
          aria-label="What this version changes"
          placeholder="What this version changes"
          className={classes.note ?? ''}
          value={draft.note}
          maxLength={300}
          onChange={(event) => set({ note: event.currentTarget.value })}
        />
        <Button
          variant="default"
          onClick={() => {
            change.reset()
            set(draftOf(template))
          }}
        >
          Discard
        </Button>
        <Button loading={change.isPending} disabled={isBroken} onClick={save}>
          {isOvertaken ? `Save over version ${template.version}` : 'Save version'}
        </Button>
      </Dock>
    </div>
  )
}

function Becomes({ version, failing }: { version: number; failing: number }) {
  if (failing === 0) return <>Becomes version {version}.</>
  return (
    <span className={classes.failing}>
      <StateIcon tone="warn" />
      Becomes version {version}, with {plural(failing, 'case')} that {failing === 1 ? 'fails' : 'fail'}.
    </span>
  )
}

/** Why it can't be saved. */
function Broken({ sample, error }: { sample: ReadSample; error: SourceProblem | undefined }) {
  const told = sample.kind === 'wrong' ? 'The sample is not JSON.' : error && `Line ${error.line}: ${error.message}`
  return (
    <span className={classes.broken}>
      <StateIcon tone="bad" />
      {told}
    </span>
  )
}

import { Button } from '@mantine/core'
import type { CaseResult, TemplateCase } from '../../shared/templates.ts'
import { ErrorNotice } from '../ui/ErrorNotice.tsx'
import { Section } from '../ui/Section.tsx'
import { StatePill, type Tone } from '../ui/StatePill.tsx'
import { AddCase } from './AddCase.tsx'
import type { ReadSample, TemplateDraft } from './draft.ts'
import classes from './templates.module.css'

type Props = {
  draft: TemplateDraft
  sample: ReadSample
  results: { data?: { items: CaseResult[] } | undefined; error: unknown; refetch: () => void }
  readOnly: boolean
  set: (part: Partial<TemplateDraft>) => void
}

/** Events with the message that must come of each: a change that makes another one is seen before it is saved. */
export function CasesSection({ draft: { cases }, sample, results, readOnly, set }: Props) {
  const found = new Map(results.data?.items.map((result) => [result.name, result]))
  const failing = cases.filter(({ name }) => isFailing(found.get(name))).length
  const put = (name: string, change: (one: TemplateCase) => TemplateCase[]) =>
    set({ cases: cases.flatMap((one) => (one.name === name ? change(one) : [one])) })
  return (
    <Section title="Cases" note={results.data && cases.length > 0 ? toldOf(failing, cases.length) : ''}>
      {cases.length === 0 && (
        <p className={classes.hint}>
          A case is an event with the message that must come of it. A change that makes another one is told here before
          it is saved.
        </p>
      )}
      {results.error !== null && cases.length > 0 && (
        <ErrorNotice error={results.error} what="The cases could not be tried" onRetry={results.refetch} />
      )}
      <ul className={classes.cases} aria-label="Cases">
        {cases.map(({ name, event }) => (
          <Case
            key={name}
            name={name}
            result={found.get(name)}
            {...(!readOnly && {
              onAccept: () => put(name, () => [{ name, event }]),
              onRemove: () => put(name, () => []),
            })}
          />
        ))}
      </ul>
      {!readOnly && <AddCase cases={cases} sample={sample} onAdd={(one) => set({ cases: [...cases, one] })} />}
    </Section>
  )
}

const isFailing = (result: CaseResult | undefined): boolean => result?.state === 'changed' || result?.state === 'broken'

function toldOf(failing: number, all: number): string {
  if (failing === 0) return all === 1 ? 'It comes out as it should' : `All ${all} come out as they should`
  return `${failing} of ${all} ${failing === 1 ? 'comes' : 'come'} out differently`
}

const STATES: Record<CaseResult['state'], { tone: Tone; told: string }> = {
  passed: { tone: 'ok', told: 'As it should' },
  changed: { tone: 'warn', told: 'Another message' },
  broken: { tone: 'bad', told: 'No message' },
  new: { tone: 'info', told: 'Kept as it is now when you save' },
}

type CaseProps = { name: string; result: CaseResult | undefined; onAccept?: () => void; onRemove?: () => void }

function Case({ name, result, onAccept, onRemove }: CaseProps) {
  const state = result && STATES[result.state]
  return (
    <li className={classes.case}>
      <div className={classes.caseHead}>
        <span className={classes.caseName}>{name}</span>
        {state && <StatePill tone={state.tone}>{state.told}</StatePill>}
        <span className={classes.buttons}>
          {result?.state === 'changed' && onAccept && (
            <Button variant="default" size="compact-sm" aria-label={`Accept what ${name} makes now`} onClick={onAccept}>
              Accept
            </Button>
          )}
          {onRemove && (
            <Button variant="subtle" size="compact-sm" aria-label={`Remove the case ${name}`} onClick={onRemove}>
              Remove
            </Button>
          )}
        </span>
      </div>
      {result?.problem && <p className={classes.meta}>{result.problem}</p>}
      {result && result.differences.length > 0 && (
        <ul className={classes.differences} aria-label={`What differs in ${name}`}>
          {result.differences.map(({ path, expected, made }) => (
            <li key={path}>
              <code>{path}</code>
              <span>
                <span className={classes.meta}>should be</span> {expected ?? 'nothing'}
              </span>
              <span>
                <span className={classes.meta}>is now</span> {made ?? 'nothing'}
              </span>
            </li>
          ))}
        </ul>
      )}
    </li>
  )
}

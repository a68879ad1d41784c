import { VisuallyHidden } from '@mantine/core'
import type { PlannedChange, PlannedField } from '../../shared/configuration.ts'
import { StatePill } from '../ui/StatePill.tsx'
import { actionWords, driftWords, kindWords, valueWords } from './change-words.ts'
import classes from './configuration.module.css'

type Props = { changes: readonly PlannedChange[]; label: string; onLine?: (line: number) => void }

/** What changes, one thing after another, each field with its value before and after. */
export function ChangeList({ changes, label, onLine }: Props) {
  return (
    <ul className={classes.changes} aria-label={label}>
      {changes.map((change) => (
        <li key={`${change.action} ${change.kind} ${change.name}`} className={classes.change}>
          <ChangeHead change={change} onLine={onLine} />
          {change.drift && <p className={classes.meta}>{change.drift}</p>}
          {change.action !== 'delete' && change.fields.length > 0 && <Fields change={change} />}
        </li>
      ))}
    </ul>
  )
}

function ChangeHead({ change, onLine }: { change: PlannedChange; onLine: Props['onLine'] }) {
  const { action, kind, name, line } = change
  const { word, tone } = actionWords[action]
  return (
    <div className={classes.changeHead}>
      <StatePill tone={tone}>{word}</StatePill>
      <span className={classes.meta}>{kindWords[kind]}</span>
      <strong className={classes.name}>{name}</strong>
      {line !== undefined && onLine && (
        <button type="button" className={classes.line} onClick={() => onLine(line)}>
          line {line}
        </button>
      )}
    </div>
  )
}

function Fields({ change: { action, fields } }: { change: PlannedChange }) {
  return (
    <dl className={classes.fields}>
      {fields.map((field) => (
        <div key={field.field} className={classes.field}>
          <dt>{field.field}</dt>
          <dd>
            <FieldValues field={field} isNew={action === 'create'} />
          </dd>
        </div>
      ))}
    </dl>
  )
}

function FieldValues({ field: { before, after, drift }, isNew }: { field: PlannedField; isNew: boolean }) {
  return (
    <>
      {!isNew && (
        <del className={classes.before}>
          <VisuallyHidden>before: </VisuallyHidden>
          {valueWords(before)}
        </del>
      )}
      <ins className={classes.after}>
        {!isNew && <VisuallyHidden>after: </VisuallyHidden>}
        {valueWords(after)}
      </ins>
      {drift && <span className={classes.meta}>{driftWords[drift]}</span>}
    </>
  )
}

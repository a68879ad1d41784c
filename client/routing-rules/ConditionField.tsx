import { Button, Combobox, Textarea, useCombobox } from '@mantine/core'
import { useDebouncedValue } from '@mantine/hooks'
import { useQuery } from '@tanstack/react-query'
import { type ReactNode, useRef, useState } from 'react'
import { flushSync } from 'react-dom'
import type { ConditionProblem } from '../../shared/conditions/tree.ts'
import { checkDraft, corrected } from './check-draft.ts'
import { completionsAt, type SeenField } from './completions.ts'
import classes from './condition.module.css'
import { patternsQuery } from './queries.ts'

type Props = {
  value: string
  onChange: (value: string) => void
  seen: readonly SeenField[]
  /** What the server says of it. */
  error?: string | null
}

const PAUSE_MS = 400

/** Where a condition is written: names and values are offered as one types, and what is wrong is marked at its place. */
export function ConditionField({ value, onChange, seen, error }: Props) {
  const area = useRef<HTMLTextAreaElement>(null)
  const combobox = useCombobox({ onDropdownClose: () => combobox.resetSelectedOption() })
  const [caret, setCaret] = useState(0)
  const [settled] = useDebouncedValue(value, PAUSE_MS)
  const patterns = useQuery({ ...patternsQuery, enabled: /\bmatches\b/i.test(value) })
  const names = seen.map(({ name }) => name)
  const { problems, doubts } = checkDraft(settled, names, patterns.data)
  const isSettled = settled === value
  const { start, options } = completionsAt(value, caret, seen)
  const put = (text: string, at: number) => {
    // At once: a frame later the caret would jump back in what is typed meanwhile.
    flushSync(() => {
      onChange(text)
      setCaret(at)
    })
    area.current?.focus()
    area.current?.setSelectionRange(at, at)
  }
  const complete = (option: string) => {
    const text = `${value.slice(0, start)}${option} ${value.slice(caret).trimStart()}`
    put(text, start + option.length + 1)
    combobox.closeDropdown()
  }
  const fix = (problem: ConditionProblem) => put(corrected(value, problem), problem.start + (problem.fix?.length ?? 0))
  // Half a word is no mistake yet: as long as it can be completed, what is offered stays.
  const isOffering = combobox.dropdownOpened && options.length > 0
  const told = isSettled && !isOffering ? problems : []
  return (
    <Combobox store={combobox} onOptionSubmit={complete}>
      <Combobox.Target withExpandedAttribute>
        <Textarea
          ref={area}
          label="Condition"
          description="Which events it is for. Names of fields and values that events had are offered as you type."
          placeholder="category == 'security' AND severity == 'critical'"
          required
          withAsterisk={false}
          autosize
          minRows={2}
          maxLength={2_000}
          spellCheck={false}
          autoComplete="off"
          autoCapitalize="off"
          value={value}
          classNames={{ input: classes.area ?? '' }}
          error={told.length > 0 ? <Problems problems={told} condition={value} onFix={fix} /> : error}
          inputContainer={(input) => (
            <div className={classes.field}>
              {input}
              <Marks condition={value} problems={isSettled ? [...problems, ...doubts] : []} doubts={doubts} />
            </div>
          )}
          onChange={(event) => {
            onChange(event.currentTarget.value)
            setCaret(event.currentTarget.selectionStart)
            combobox.openDropdown()
            combobox.resetSelectedOption()
          }}
          onSelect={(event) => setCaret(event.currentTarget.selectionStart)}
          onBlur={() => combobox.closeDropdown()}
        />
      </Combobox.Target>
      {isSettled && doubts.length > 0 && (
        <div role="status">
          <Problems problems={doubts} condition={value} onFix={fix} tone="warn" />
        </div>
      )}
      <Combobox.Dropdown hidden={options.length === 0}>
        <Combobox.Options aria-label="What may follow">
          {options.map((option) => (
            <Combobox.Option key={option} value={option}>
              <code>{option}</code>
            </Combobox.Option>
          ))}
        </Combobox.Options>
      </Combobox.Dropdown>
    </Combobox>
  )
}

type ProblemsProps = {
  problems: ConditionProblem[]
  condition: string
  onFix: (problem: ConditionProblem) => void
  tone?: 'warn'
}

/** Each problem with what to do; what one press can mend has a button. Several are mended one after the other. */
function Problems({ problems, condition, onFix, tone }: ProblemsProps): ReactNode {
  return problems.map((problem) => (
    <span key={`${problem.start} ${problem.message}`} className={classes.problem} data-tone={tone}>
      <span>
        {tone ? '' : `Character ${problem.start + 1}: `}
        {problem.message}
      </span>
      {problem.fix !== undefined && (
        <Button variant="default" size="compact-xs" h={24} onClick={() => onFix(problem)}>
          {actionOf(condition.slice(problem.start, problem.end), problem.fix.trim())}
        </Button>
      )}
    </span>
  ))
}

function actionOf(wrong: string, right: string): string {
  if (right === '') return `Leave out ${wrong}`
  return wrong === '' ? `Add ${right}` : `Use ${right}`
}

type MarksProps = { condition: string; problems: ConditionProblem[]; doubts: ConditionProblem[] }

/** Lines below the text at fault. What they say stands below the field, so nobody has to see them. */
function Marks({ condition, problems, doubts }: MarksProps) {
  const pieces: ReactNode[] = []
  let at = 0
  for (const problem of problems.toSorted((one, other) => one.start - other.start)) {
    if (problem.start < at) continue
    pieces.push(condition.slice(at, problem.start))
    pieces.push(
      <mark key={problem.start} data-tone={doubts.includes(problem) ? 'warn' : undefined}>
        {condition.slice(problem.start, problem.end)}
      </mark>,
    )
    at = problem.end
  }
  return (
    <div className={classes.marks} aria-hidden="true">
      {pieces}
    </div>
  )
}

import { Combobox, PillsInput, useCombobox } from '@mantine/core'
import { useHotkeys } from '@mantine/hooks'
import { type KeyboardEvent, useEffect, useRef, useState } from 'react'
import { type Filter, type Filters, parseFilters } from '../lib/filters.ts'
import { formatCount } from '../lib/format.ts'
import classes from './filter.module.css'
import { IconFilter, IconX } from './icons.ts'

/**
 * A word one can filter by, and the values it is known to have; free text is taken where none are given. What
 * `problemOf` finds wrong makes no chip: it stays as it was typed, with the reason below.
 */
export type FilterField = {
  key: string
  values?: readonly string[]
  hint?: string
  problemOf?: (value: string) => string | undefined
}

type Props = {
  label: string
  fields: FilterField[]
  value: Filters
  onChange: (value: Filters) => void
  placeholder?: string
}

/** Filters as plain text and as chips at once: typing `state:failed` and Enter or a space makes the chip. `/` goes here. */
export function FilterChips({ label, fields, value, onChange, placeholder = 'Add a filter or search text' }: Props) {
  const [draft, setDraft] = useState(value.text)
  const [known, setKnown] = useState(value.text)
  const [problem, setProblem] = useState<string>()
  const input = useRef<HTMLInputElement>(null)
  const combobox = useCombobox({ onDropdownClose: () => combobox.resetSelectedOption() })
  useHotkeys([['/', () => input.current?.focus()]])
  if (known !== value.text) {
    // The address changed from outside, by the back button or a suggestion.
    setKnown(value.text)
    setDraft(value.text)
    setProblem(undefined)
  }
  // The address follows a moment later than one types: what was added since must not be lost to the next addition.
  const latest = useRef(value.chips)
  const toldChips = JSON.stringify(value.chips)
  useEffect(() => {
    latest.current = JSON.parse(toldChips)
  }, [toldChips])
  const change = (next: Filters) => {
    latest.current = next.chips
    onChange(next)
  }
  const keys = fields.map((field) => field.key)
  const options = suggestionsFor(draft, fields)
  const commit = (source: string) => {
    const added = parseFilters(source, keys)
    const wrong = problemIn(added.chips, fields)
    setProblem(wrong)
    if (wrong) {
      setDraft(source)
      combobox.closeDropdown()
      return
    }
    setDraft(added.text)
    setKnown(added.text)
    change({ chips: withChips(latest.current, added.chips), text: added.text })
    combobox.closeDropdown()
  }
  const choose = (option: string) => {
    const kept = draft.split(/\s+/).slice(0, -1).join(' ')
    if (option.endsWith(':')) setDraft(`${kept} ${option}`.trimStart())
    else commit(`${kept} ${option}`)
  }
  const remove = (chip: Filter) => change({ ...value, chips: value.chips.filter((other) => other !== chip) })
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key === 'Enter' && combobox.getSelectedOptionIndex() < 0) commit(draft)
    const said = event.key === ' ' ? parseFilters(draft, keys) : undefined
    if (said && said.chips.length > 0 && !problemIn(said.chips, fields) && !mayGoOn(draft, fields)) {
      event.preventDefault()
      setDraft(said.text && `${said.text} `)
      change({ ...value, chips: withChips(latest.current, said.chips) })
    }
    if (event.key === 'Backspace' && draft === '') change({ ...value, chips: value.chips.slice(0, -1) })
  }
  return (
    <Combobox store={combobox} onOptionSubmit={choose}>
      <Combobox.DropdownTarget>
        <PillsInput
          classNames={{ input: classes.input ?? '' }}
          leftSection={<IconFilter />}
          error={problem}
          errorProps={{ role: 'alert' }}
          onClick={() => combobox.openDropdown()}
        >
          <div className={classes.line}>
            {value.chips.map((chip) => (
              <Chip key={`${chip.key}:${chip.value}`} chip={chip} onRemove={() => remove(chip)} />
            ))}
            <Combobox.EventsTarget>
              <PillsInput.Field
                ref={input}
                aria-label={label}
                placeholder={placeholder}
                value={draft}
                aria-invalid={problem !== undefined}
                onChange={(event) => {
                  setProblem(undefined)
                  setDraft(event.currentTarget.value)
                  combobox.openDropdown()
                  combobox.updateSelectedOptionIndex()
                }}
                onFocus={() => combobox.openDropdown()}
                onBlur={() => {
                  combobox.closeDropdown()
                  if (draft !== value.text) commit(draft)
                }}
                onKeyDown={onKeyDown}
              />
            </Combobox.EventsTarget>
          </div>
        </PillsInput>
      </Combobox.DropdownTarget>
      <Combobox.Dropdown hidden={options.length === 0}>
        <Combobox.Options aria-label="Filters">
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

function Chip({ chip, onRemove }: { chip: Filter; onRemove: () => void }) {
  return (
    <span className={classes.chip}>
      {chip.key}: <strong>{chip.value}</strong>
      <button
        type="button"
        className={classes.remove}
        aria-label={`Remove filter ${chip.key} ${chip.value}`}
        onClick={(event) => {
          event.stopPropagation()
          onRemove()
        }}
      >
        <IconX />
      </button>
    </span>
  )
}

type Suggested = {
  filter: Filter
  /** How many it would leave, where that is known. */
  count?: number
  /** There are more. */
  atLeast?: boolean
  onAdd: () => void
}

/** A filter that one may want. */
export function FilterSuggestion({ filter, count, atLeast, onAdd }: Suggested) {
  return (
    <button type="button" className={classes.suggestion} onClick={onAdd}>
      {filter.key}:{filter.value}{' '}
      {count !== undefined && (
        <span>
          {formatCount(count)}
          {atLeast && '+'}
        </span>
      )}
    </button>
  )
}

/** Names of filters while a word is begun; values once its colon is typed. */
function suggestionsFor(draft: string, fields: FilterField[]): string[] {
  const word = draft.split(/\s+/).at(-1) ?? ''
  const [key = '', typed] = word.split(':', 2)
  if (typed === undefined) return fields.map((field) => `${field.key}:`).filter((name) => name.startsWith(key))
  const values = fields.find((field) => field.key === key)?.values ?? []
  return values.filter((value) => value.startsWith(typed)).map((value) => `${key}:${quoted(value)}`)
}

/** A space may stand within the value: its quote is open, or a known name goes on after it. */
function mayGoOn(draft: string, fields: FilterField[]): boolean {
  if ((draft.match(/"/g)?.length ?? 0) % 2 === 1) return true
  const [key, typed = ''] = (draft.split(/\s+/).at(-1) ?? '').split(':', 2)
  const values = fields.find((field) => field.key === key)?.values ?? []
  return typed !== '' && values.some((value) => value.startsWith(`${typed} `))
}

function problemIn(chips: readonly Filter[], fields: readonly FilterField[]): string | undefined {
  const problems = chips.map(({ key, value }) => fields.find((field) => field.key === key)?.problemOf?.(value))
  return problems.find((problem) => problem !== undefined)
}

function quoted(value: string): string {
  return /\s/.test(value) ? `"${value}"` : value
}

function withChips(chips: Filter[], added: Filter[]): Filter[] {
  const fresh = added.filter((one) => !chips.some((chip) => chip.key === one.key && chip.value === one.value))
  return [...chips, ...fresh]
}

import { Combobox, InputBase, useCombobox } from '@mantine/core'
import type { ReactNode } from 'react'
import classes from './picker.module.css'

type Props = {
  label: string
  /** Of the list: "Channels". */
  listLabel: string
  placeholder: string
  icon: ReactNode
  typed: string
  onType: (typed: string) => void
  /** The value of a `Combobox.Option`. */
  onPick: (value: string) => void
  /** The options, and what to say when there are none. */
  children: ReactNode
  /** How many more fit what is typed. */
  more?: ReactNode
  /** Of a form that was refused. */
  error?: ReactNode
  disabled?: boolean
  /** Where a dialog begins, unless it is said not to be. */
  takesFocus?: boolean
}

/** A field that finds one of many as one types. */
export function Picker(props: Props) {
  const { label, listLabel, placeholder, icon, typed, onType, onPick, children, more } = props
  const { error, disabled, takesFocus = true } = props
  const combobox = useCombobox({ onDropdownClose: () => combobox.resetSelectedOption() })
  const pick = (value: string) => {
    onPick(value)
    combobox.closeDropdown()
  }
  return (
    <Combobox store={combobox} onOptionSubmit={pick}>
      <Combobox.Target withExpandedAttribute>
        <InputBase
          label={label}
          placeholder={placeholder}
          leftSection={icon}
          value={typed}
          autoComplete="off"
          spellCheck={false}
          onFocus={() => combobox.openDropdown()}
          onClick={() => combobox.openDropdown()}
          onBlur={() => combobox.closeDropdown()}
          onChange={(event) => {
            onType(event.currentTarget.value)
            combobox.openDropdown()
            combobox.updateSelectedOptionIndex()
          }}
          error={error}
          disabled={disabled ?? false}
          data-autofocus={takesFocus || undefined}
        />
      </Combobox.Target>
      <Combobox.Dropdown>
        <Combobox.Options className={classes.options} aria-label={listLabel}>
          {children}
        </Combobox.Options>
        {more && (
          <Combobox.Footer className={classes.footer}>{more} match. Type more to narrow it down.</Combobox.Footer>
        )}
      </Combobox.Dropdown>
    </Combobox>
  )
}

/** What can be chosen, and in short what to know about it. */
export function PickerOption({ icon, name, note }: { icon: ReactNode; name: string; note: string }) {
  return (
    <span className={classes.option}>
      {icon}
      <span className={classes.name}>{name}</span>
      <span className={classes.note}>{note}</span>
    </span>
  )
}

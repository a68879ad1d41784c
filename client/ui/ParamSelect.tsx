import { NativeSelect } from '@mantine/core'
import { useMediaQuery } from '@mantine/hooks'
import classes from './bar.module.css'
import { IconSelector } from './icons.ts'
import { useParamChoice } from './Tabs.tsx'

type Option<Value extends string> = { value: Value; label: string; short?: string }
type Props<Value extends string> = {
  label: string
  /** The search parameter that holds the choice, so that it can be shared and survives a reload. */
  param: string
  /** `short` is shown on a phone. */
  options: Option<Value>[]
  /** What holds when the address says nothing; left out, the first option. */
  initial?: Value
}

/** A choice in the top bar, kept in the address. */
export function ParamSelect<Value extends string>({ label, param, options, initial }: Props<Value>) {
  const isPhone = useMediaQuery('(max-width: 699.98px)') ?? false
  const [value, setValue] = useParamChoice(
    param,
    options.map((option) => option.value),
    initial,
  )
  return (
    <NativeSelect
      className={classes.select}
      aria-label={label}
      rightSection={<IconSelector style={{ '--icon': '14px' }} />}
      rightSectionPointerEvents="none"
      data={options.map((option) => ({
        value: option.value,
        label: isPhone && option.short ? option.short : option.label,
      }))}
      value={value ?? ''}
      onChange={(event) => {
        const chosen = options.find((option) => option.value === event.currentTarget.value)
        if (chosen) setValue(chosen.value)
      }}
    />
  )
}

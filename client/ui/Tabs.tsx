import { Menu, SegmentedControl } from '@mantine/core'
import { Link, NavLink, useLocation, useSearchParams } from 'react-router'
import { IconChevronDown } from './icons.ts'
import classes from './tabs.module.css'

export type PageTab = { label: string; to: string }

/** The parts of one thing, each at its own address. On a phone those after the third fold into a menu. */
export function PageTabs({ label, tabs }: { label: string; tabs: PageTab[] }) {
  const { pathname } = useLocation()
  const folded = tabs.slice(3)
  const current = folded.find((tab) => tab.to === pathname)
  return (
    <nav className={classes.tabs} aria-label={label} data-folds={tabs.length > 4 || undefined}>
      {tabs.map((tab) => (
        <NavLink key={tab.to} to={tab.to} end className={classes.tab ?? ''}>
          {tab.label}
        </NavLink>
      ))}
      {tabs.length > 4 && (
        <Menu>
          <Menu.Target>
            <button type="button" className={`${classes.tab} ${classes.more}`} data-active={current ? true : undefined}>
              {current?.label ?? 'More'} <IconChevronDown style={{ '--icon': '14px' }} />
            </button>
          </Menu.Target>
          <Menu.Dropdown>
            {folded.map((tab) => (
              <Menu.Item key={tab.to} component={Link} to={tab.to}>
                {tab.label}
              </Menu.Item>
            ))}
          </Menu.Dropdown>
        </Menu>
      )}
    </nav>
  )
}

type SegmentedProps<Value extends string> = {
  label: string
  /** The search parameter that holds the choice, so that it can be shared and survives a reload. */
  param: string
  options: { value: Value; label: string }[]
  /** What holds when the address says nothing; left out, the first option. */
  initial?: Value
}

/** A choice among a few, kept in the address. */
export function SegmentedTabs<Value extends string>({ label, param, options, initial }: SegmentedProps<Value>) {
  const [value, setValue] = useParamChoice(
    param,
    options.map((option) => option.value),
    initial,
  )
  return (
    <SegmentedControl
      aria-label={label}
      data={options}
      value={value ?? ''}
      onChange={(next) => setValue(next as Value)}
    />
  )
}

/** One of `choices` from the search parameter `param`, and the way to change it. Unknown values read as `initial`. */
export function useParamChoice<Value extends string>(
  param: string,
  choices: readonly Value[],
  initial: Value | undefined = choices[0],
): [Value | undefined, (value: Value) => void] {
  const [params, setParams] = useSearchParams()
  const value = choices.find((choice) => choice === params.get(param)) ?? initial
  const choose = (next: Value) =>
    setParams(
      () => {
        // What is drawn follows the address a moment later: a choice made just before must not be lost to this one.
        const after = new URLSearchParams(window.location.search)
        if (next === initial) after.delete(param)
        else after.set(param, next)
        return after
      },
      { replace: true, preventScrollReset: true },
    )
  return [value, choose]
}

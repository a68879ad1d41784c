import { ActionIcon, Menu, Tooltip, useComputedColorScheme, useMantineColorScheme } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { Suspense, useContext } from 'react'
import { NavLink } from 'react-router'
import { IconFileText, IconLogout, IconMoon, IconSearch, IconSun } from '../ui/icons.ts'
import { Mark } from '../ui/Mark.tsx'
import { FrameContext } from '../ui/PageFrame.tsx'
import { sessionQuery, useCan, useSignOut } from '../users/queries.ts'
import type { NavItem } from './navigation.ts'
import classes from './shell.module.css'

const SEARCH_KEYS = /Mac|iPhone|iPad/.test(navigator.userAgent) ? '⌘ K' : 'Ctrl K'

/** The left side: where one can go, and who one is. */
export function Navigation({ items, onSearch }: { items: NavItem[]; onSearch: () => void }) {
  const { product } = useContext(FrameContext)
  const main = items.filter((item) => item.section === 'main')
  const admin = items.filter((item) => item.section === 'admin')
  return (
    <div className={classes.navigation}>
      <p className={classes.product}>
        <Mark /> {product}
      </p>
      <button type="button" className={classes.search} onClick={onSearch} aria-keyshortcuts="Control+K Meta+K">
        <IconSearch /> Search <kbd>{SEARCH_KEYS}</kbd>
      </button>
      <nav className={classes.links} aria-label="Main">
        <NavList items={main} />
        <NavList items={admin} heading="Admin" />
      </nav>
      <Foot />
    </div>
  )
}

function NavList({ items, heading }: { items: NavItem[]; heading?: string }) {
  const may = { viewer: useCan('viewer'), operator: useCan('operator'), admin: useCan('admin') }
  const shown = items.filter((item) => may[item.role])
  if (shown.length === 0) return null
  return (
    <>
      {heading && <h2 className={classes.heading}>{heading}</h2>}
      <ul>
        {shown.map(({ to, label, icon: Icon, note: Note }) => (
          <li key={to}>
            <NavLink to={to} className={classes.link ?? ''}>
              <Icon /> {label}
              {Note && (
                <span className={classes.note}>
                  <Suspense>
                    <Note />
                  </Suspense>
                </span>
              )}
            </NavLink>
          </li>
        ))}
      </ul>
    </>
  )
}

function Foot() {
  const { data } = useQuery(sessionQuery)
  const signOut = useSignOut()
  if (!data) return null
  const { name, email, role } = data.user
  return (
    <div className={classes.foot}>
      <Menu position="top-start" width={200}>
        <Menu.Target>
          <button type="button" className={classes.person}>
            <span className={classes.initial} aria-hidden="true">
              {name.slice(0, 1).toUpperCase()}
            </span>
            <span>{name}</span>
          </button>
        </Menu.Target>
        <Menu.Dropdown>
          <Menu.Label>
            {email}
            <br />
            {role}
          </Menu.Label>
          <Menu.Item component="a" href="/api/docs" leftSection={<IconFileText />}>
            API documentation
          </Menu.Item>
          <Menu.Item leftSection={<IconLogout />} onClick={() => signOut.mutate()}>
            Sign out
          </Menu.Item>
        </Menu.Dropdown>
      </Menu>
      <SchemeToggle />
    </div>
  )
}

/** Follows the system until it is pressed; then the choice is kept in this browser. */
function SchemeToggle() {
  const { setColorScheme } = useMantineColorScheme()
  const scheme = useComputedColorScheme('light')
  const other = scheme === 'light' ? 'dark' : 'light'
  return (
    <Tooltip label={`Use ${other} colours`}>
      <ActionIcon aria-label={`Use ${other} colours`} onClick={() => setColorScheme(other)}>
        {scheme === 'light' ? <IconMoon /> : <IconSun />}
      </ActionIcon>
    </Tooltip>
  )
}

import { ActionIcon, useComputedColorScheme, useMantineColorScheme } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { Suspense, useContext, useId } from 'react'
import { Link, NavLink, useLocation } from 'react-router'
import { IconFileText, IconLogout, IconMoon, IconSearch, IconSun, IconUser } from '../ui/icons.ts'
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
    <nav className={classes.navigation} aria-label="Main">
      <p className={classes.product}>
        <Mark /> {product}
      </p>
      <button type="button" className={classes.search} onClick={onSearch} aria-keyshortcuts="Control+K Meta+K">
        <IconSearch /> Search <kbd>{SEARCH_KEYS}</kbd>
      </button>
      <div className={classes.links}>
        <NavList items={main} />
        <NavList items={admin} heading="Admin" />
      </div>
      <Foot />
    </nav>
  )
}

function NavList({ items, heading }: { items: NavItem[]; heading?: string }) {
  const may = { viewer: useCan('viewer'), operator: useCan('operator'), admin: useCan('admin') }
  const shown = items.filter((item) => may[item.role])
  const { pathname } = useLocation()
  if (shown.length === 0) return null
  return (
    <>
      {heading && <h2 className={classes.heading}>{heading}</h2>}
      <ul>
        {shown.map(({ to, label, icon: Icon, note: Note, within }) => (
          <li key={to}>
            <NavLink
              to={to}
              className={classes.link ?? ''}
              data-within={within?.some((path) => pathname.startsWith(path)) || undefined}
            >
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
  const menuId = useId()
  if (!data) return null
  const { name, email, role } = data.user
  return (
    <div className={classes.foot}>
      <button type="button" className={classes.person} popoverTarget={menuId}>
        <span className={classes.initial} aria-hidden="true">
          {name.slice(0, 1).toUpperCase()}
        </span>
        <span>{name}</span>
      </button>
      <div id={menuId} popover="auto" className={classes.menu}>
        <p className={classes.menuHead}>
          {email}
          <br />
          {role}
        </p>
        <Link className={classes.menuItem} to="/profile">
          <IconUser /> Profile
        </Link>
        <a className={classes.menuItem} href="/api/docs">
          <IconFileText /> API documentation
        </a>
        <button type="button" className={classes.menuItem} onClick={() => signOut.mutate()}>
          <IconLogout /> Sign out
        </button>
      </div>
      <SchemeToggle />
    </div>
  )
}

/** Follows the system until it is pressed; then the choice is kept in this browser. */
function SchemeToggle() {
  const { setColorScheme } = useMantineColorScheme()
  const scheme = useComputedColorScheme('light')
  const other = scheme === 'light' ? 'dark' : 'light'
  const label = `Use ${other} colours`
  return (
    <ActionIcon aria-label={label} title={label} onClick={() => setColorScheme(other)}>
      {scheme === 'light' ? <IconMoon /> : <IconSun />}
    </ActionIcon>
  )
}

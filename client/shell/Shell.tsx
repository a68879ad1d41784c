import { useDisclosure, useHotkeys } from '@mantine/hooks'
import { useQuery } from '@tanstack/react-query'
import { type ComponentType, lazy, Suspense, useContext, useEffect, useMemo } from 'react'
import { Navigate, Outlet, ScrollRestoration, useLocation, useNavigation } from 'react-router'
import { FrameContext } from '../ui/PageFrame.tsx'
import { useToasts } from '../ui/toast.ts'
import { sessionQuery } from '../users/queries.ts'
import { Navigation } from './Navigation.tsx'
import { NavigationDrawer } from './NavigationDrawer.tsx'
import type { NavItem } from './navigation.ts'
import { ServerTrouble } from './ServerTrouble.tsx'
import classes from './shell.module.css'

const Palette = lazy(() => import('./Palette.tsx').then((module) => ({ default: module.Palette })))
const IncidentBanner = lazy(() => import('./IncidentBanner.tsx').then((module) => ({ default: module.IncidentBanner })))
const Notifications = lazy(() => import('@mantine/notifications').then((module) => ({ default: module.Notifications })))

const BANNER = (
  <Suspense>
    <IncidentBanner />
  </Suspense>
)

type Props = {
  items: NavItem[]
  /** Covers all of it when the session of this person has ended. */
  SignInAgain: ComponentType<{ email: string }>
}

/** The frame round every page, for people who are signed in; others are led to the sign-in page and back. */
export function Shell({ items, SignInAgain }: Props) {
  const session = useQuery(sessionQuery)
  const { pathname, search, hash } = useLocation()
  if (session.isPending) return <p role="status" aria-label="Loading" />
  if (session.data === undefined) return <ServerTrouble error={session.error} onRetry={() => session.refetch()} />
  if (session.data === null) {
    const here = `${pathname}${search}${hash}`
    return <Navigate to={here === '/' ? '/sign-in' : `/sign-in?to=${encodeURIComponent(here)}`} replace />
  }
  const { user, hasEnded } = session.data
  return (
    <>
      <Frame key={user.id} items={items} />
      <Suspense>{hasEnded && <SignInAgain email={user.email} />}</Suspense>
    </>
  )
}

function Frame({ items }: { items: NavItem[] }) {
  const frame = useContext(FrameContext)
  const [drawerOpen, drawer] = useDisclosure(false)
  const [paletteOpen, palette] = useDisclosure(false)
  const { pathname } = useLocation()
  const hasToasts = useToasts()
  const isLoading = useNavigation().state === 'loading'
  useHotkeys([['mod+K', palette.toggle]], [])
  // biome-ignore lint/correctness/useExhaustiveDependencies: arriving at another page closes the drawer
  useEffect(drawer.close, [pathname])
  const value = useMemo(() => ({ ...frame, openNavigation: drawer.open, banner: BANNER }), [frame, drawer.open])
  const navigation = <Navigation items={items} onSearch={palette.open} />
  return (
    <FrameContext value={value}>
      <a className={classes.skip} href="#content">
        Skip to content
      </a>
      {isLoading && <div className={classes.progress} role="progressbar" aria-label="Loading page" />}
      <div className={classes.frame}>
        <div className={classes.side}>{navigation}</div>
        <div className={classes.page}>
          <Outlet />
        </div>
      </div>
      <NavigationDrawer opened={drawerOpen} onClose={drawer.close}>
        {navigation}
      </NavigationDrawer>
      <Suspense>
        {paletteOpen && <Palette items={items} onClose={palette.close} />}
        {hasToasts && <Notifications position="bottom-right" />}
      </Suspense>
      <ScrollRestoration />
    </FrameContext>
  )
}

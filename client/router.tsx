import { type ComponentType, lazy } from 'react'
import { createBrowserRouter, Navigate, type RouteObject } from 'react-router'
import { ConsoleFailed, NotFound, PageFailed } from './shell/Failures.tsx'
import type { NavItem } from './shell/navigation.ts'
import { Shell } from './shell/Shell.tsx'
import {
  IconArrowsRightLeft,
  IconBell,
  IconHistory,
  IconLayoutDashboard,
  IconPlug,
  IconSettings,
  IconSlash,
  IconUsers,
} from './ui/icons.ts'

type Page = {
  path: string
  load: () => Promise<ComponentType>
  /** Shown without the frame, to people who are not signed in. */
  open?: boolean
  nav?: Omit<NavItem, 'to'>
}

const HeldNote = lazy(() => import('./deliveries/HeldNote.tsx').then((note) => ({ default: note.HeldNote })))
const SignInAgain = lazy(() => import('./users/SignInAgain.tsx').then((again) => ({ default: again.SignInAgain })))

const pages: Page[] = [
  { path: '/sign-in', open: true, load: () => import('./users/SignInPage.tsx').then((page) => page.SignInPage) },
  { path: '/setup', open: true, load: () => import('./users/SetupPage.tsx').then((page) => page.SetupPage) },
  {
    path: '/overview',
    load: () => import('./metrics/OverviewPage.tsx').then((page) => page.OverviewPage),
    nav: { label: 'Overview', icon: IconLayoutDashboard, section: 'main', role: 'viewer' },
  },
  {
    path: '/deliveries',
    load: () => import('./deliveries/DeliveriesPage.tsx').then((page) => page.DeliveriesPage),
    nav: {
      label: 'Deliveries',
      icon: IconArrowsRightLeft,
      section: 'main',
      role: 'viewer',
      note: HeldNote,
      within: ['/queue', '/replays', '/incidents', '/events'],
    },
  },
  {
    path: '/deliveries/:id',
    load: () => import('./deliveries/DeliveryPage.tsx').then((page) => page.DeliveryPage),
  },
  { path: '/queue', load: () => import('./queue/QueuePage.tsx').then((page) => page.QueuePage) },
  { path: '/incidents', load: () => import('./incidents/IncidentsPage.tsx').then((page) => page.IncidentsPage) },
  { path: '/replays', load: () => import('./replays/ReplaysPage.tsx').then((page) => page.ReplaysPage) },
  { path: '/replays/:id', load: () => import('./replays/ReplayPage.tsx').then((page) => page.ReplayPage) },
  { path: '/welcome', load: () => import('./users/WelcomePage.tsx').then((page) => page.WelcomePage) },
  {
    path: '/integrations',
    load: () => import('./integrations/IntegrationsPage.tsx').then((page) => page.IntegrationsPage),
    nav: { label: 'Integrations', icon: IconPlug, section: 'main', role: 'viewer' },
  },
  {
    path: '/integrations/new',
    load: () => import('./integrations/NewIntegrationPage.tsx').then((page) => page.NewIntegrationPage),
  },
  {
    path: '/integrations/:id/:tab?',
    load: () => import('./integrations/IntegrationPage.tsx').then((page) => page.IntegrationPage),
  },
  {
    path: '/notifications',
    load: () => import('./notification-types/NotificationTypesPage.tsx').then((page) => page.NotificationTypesPage),
    nav: { label: 'Notifications', icon: IconBell, section: 'main', role: 'viewer' },
  },
  {
    path: '/notifications/templates',
    load: () => import('./templates/TemplatesPage.tsx').then((page) => page.TemplatesPage),
  },
  {
    path: '/notifications/templates/:name',
    load: () => import('./templates/TemplatePage.tsx').then((page) => page.TemplatePage),
  },
  {
    path: '/notifications/quiet-hours',
    load: () => import('./quiet-hours/QuietHoursPage.tsx').then((page) => page.QuietHoursPage),
  },
  {
    path: '/notifications/schedules',
    load: () => import('./schedules/SchedulesPage.tsx').then((page) => page.SchedulesPage),
  },
  {
    path: '/notifications/schedules/new',
    load: () => import('./schedules/NewSchedulePage.tsx').then((page) => page.NewSchedulePage),
  },
  {
    path: '/notifications/schedules/:id',
    load: () => import('./schedules/SchedulePage.tsx').then((page) => page.SchedulePage),
  },
  {
    path: '/notifications/configuration',
    load: () => import('./configuration/ConfigurationPage.tsx').then((page) => page.ConfigurationPage),
  },
  {
    path: '/notifications/new',
    load: () => import('./notification-types/NewTypePage.tsx').then((page) => page.NewTypePage),
  },
  {
    path: '/notifications/types/:type',
    load: () => import('./notification-types/NotificationTypePage.tsx').then((page) => page.NotificationTypePage),
  },
  {
    path: '/notifications/rules',
    load: () => import('./routing-rules/RulesPage.tsx').then((page) => page.RulesPage),
  },
  {
    path: '/notifications/rules/new',
    load: () => import('./routing-rules/RulePage.tsx').then((page) => page.NewRulePage),
  },
  {
    path: '/notifications/rules/:id',
    load: () => import('./routing-rules/RulePage.tsx').then((page) => page.RulePage),
  },
  {
    path: '/notifications/tester',
    load: () => import('./routing-rules/TesterPage.tsx').then((page) => page.TesterPage),
  },
  { path: '/events', load: () => import('./events/EventsPage.tsx').then((page) => page.EventsPage) },
  { path: '/events/:id', load: () => import('./events/EventPage.tsx').then((page) => page.EventPage) },
  {
    path: '/commands',
    load: () => import('./commands/CommandsPage.tsx').then((page) => page.CommandsPage),
    nav: { label: 'Commands', icon: IconSlash, section: 'main', role: 'viewer' },
  },
  {
    path: '/people',
    load: () => import('./users/PeoplePage.tsx').then((page) => page.PeoplePage),
    nav: { label: 'People', icon: IconUsers, section: 'admin', role: 'admin' },
  },
  {
    path: '/audit',
    load: () => import('./audit/AuditPage.tsx').then((page) => page.AuditPage),
    nav: { label: 'Audit', icon: IconHistory, section: 'admin', role: 'admin' },
  },
  {
    path: '/settings',
    load: () => import('./settings/SettingsPage.tsx').then((page) => page.SettingsPage),
    nav: { label: 'Settings', icon: IconSettings, section: 'admin', role: 'admin' },
  },
  { path: '/profile', load: () => import('./users/ProfilePage.tsx').then((page) => page.ProfilePage) },
]

const navigation: NavItem[] = pages.flatMap(({ path, nav }) => (nav ? [{ to: path, ...nav }] : []))
const firstPage = navigation.find(({ section }) => section === 'main')?.to ?? '/welcome'

/** The console's addresses, each page in a file of its own that is fetched when it is opened. */
export const router = createBrowserRouter([
  ...pages.filter((page) => page.open).map(route),
  {
    element: <Shell items={navigation} SignInAgain={SignInAgain} />,
    errorElement: <ConsoleFailed />,
    hydrateFallbackElement: <p role="status" aria-label="Loading" />,
    children: [
      { index: true, element: <Navigate to={firstPage} replace /> },
      ...pages.filter((page) => !page.open).map(route),
      { path: '*', element: <NotFound /> },
    ],
  },
])

function route({ path, load }: Page): RouteObject {
  return {
    path,
    lazy: async () => ({ Component: await load() }),
    errorElement: <PageFailed />,
    hydrateFallbackElement: <p role="status" aria-label="Loading" />,
  }
}

import { PageTabs } from '../ui/Tabs.tsx'

/** The pages that say together what is sent where: each of them shows these under its bar. */
export function NotificationTabs() {
  return <PageTabs label="Notifications" tabs={tabs} />
}

const tabs = [
  { label: 'Types', to: '/notifications' },
  { label: 'Templates', to: '/notifications/templates' },
  { label: 'Rules', to: '/notifications/rules' },
  { label: 'Schedules', to: '/notifications/schedules' },
  { label: 'Quiet hours', to: '/notifications/quiet-hours' },
  { label: 'Tester', to: '/notifications/tester' },
  { label: 'Configuration', to: '/notifications/configuration' },
]

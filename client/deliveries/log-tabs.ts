/** The log and its sister pages. */
export const logTabs = [
  { label: 'Log', to: '/deliveries' },
  { label: 'Waiting', to: '/queue' },
  { label: 'Events', to: '/events' },
  { label: 'Replays', to: '/replays' },
]

const pages = {
  general: { path: 'general', label: 'Basic Information' },
  oauth: { path: 'oauth', label: 'OAuth & Permissions' },
  scopes: { path: 'oauth', label: 'OAuth & Permissions, under Scopes' },
  interactivity: { path: 'interactive-messages', label: 'Interactivity & Shortcuts' },
  commands: { path: 'slash-commands', label: 'Slash Commands' },
  webhooks: { path: 'incoming-webhooks', label: 'Incoming Webhooks' },
  socket_mode: { path: 'socket-mode', label: 'Socket Mode' },
  app_tokens: { path: 'general', label: 'Basic Information, under App-Level Tokens' },
  app_home: { path: 'app-home', label: 'App Home' },
  manifest: { path: 'app-manifest', label: 'App Manifest' },
  install: { path: 'install-on-team', label: 'Install App' },
  collaborators: { path: 'collaborators', label: 'Collaborators' },
  status: { path: '', label: 'Slack status' },
} as const

/** The pages of Slack where something about an app is read or changed. */
export type SlackPage = keyof typeof pages

/** Every page, in the order of Slack's own menu. */
export const slackPages = Object.keys(pages) as readonly SlackPage[]

/** What Slack's menu calls the page. */
export function slackPageLabel(page: SlackPage): string {
  return pages[page].label
}

/** Where the page is: the app's own once its ID is known, the list of apps until then. */
export function slackLink(page: SlackPage, appId?: string): string {
  if (page === 'status') return 'https://slack-status.com'
  const id = appId?.trim() ?? ''
  // A value that is not an app ID must not bend the link towards another page.
  return APP_ID.test(id) ? `https://api.slack.com/apps/${id}/${pages[page].path}` : 'https://api.slack.com/apps'
}

const APP_ID = /^A[A-Z0-9]{5,20}$/

import { Hono } from 'hono'
import { html } from 'hono/html'
import { alphanumeric, digits } from './ids.ts'
import type { Sandbox } from './sandbox.ts'
import type { App } from './workspace.ts'

const CODE_LIFE_MS = 10 * 60_000

/** /oauth/v2/authorize: the page on which a person allows or refuses the app, and is sent back with a code. */
export function authorizeHttp(sandbox: Sandbox) {
  return new Hono()
    .get('/authorize', (c) => {
      const asked = c.req.query()
      const app = findApp(sandbox, asked.client_id)
      const problem = problemWith(app, asked)
      if (!app || problem) return c.html(problemPage(problem ?? 'invalid_client_id'), 400)
      return c.html(consentPage(sandbox, app, asked))
    })
    .post('/authorize', async (c) => {
      const form = Object.fromEntries(
        Object.entries(await c.req.parseBody()).map(([name, value]) => [name, String(value)]),
      )
      const app = findApp(sandbox, form.client_id)
      const problem = problemWith(app, form)
      const redirectUri = form.redirect_uri || app?.redirectUrls[0]
      if (!app || problem || !redirectUri) return c.html(problemPage(problem ?? 'bad_redirect_uri'), 400)
      const back = new URL(redirectUri)
      if (form.state) back.searchParams.set('state', form.state)
      if (form.decision === 'allow') back.searchParams.set('code', newCode(sandbox, app, form))
      else back.searchParams.set('error', 'access_denied')
      return c.redirect(back.href, 302)
    })
}

function findApp(sandbox: Sandbox, clientId: string | undefined): App | undefined {
  return [...sandbox.workspace.apps.values()].find((app) => app.clientId === clientId)
}

/** What Slack shows on its own page instead of sending the person back. */
function problemWith(app: App | undefined, asked: Record<string, string>): string | undefined {
  if (!app) return 'invalid_client_id'
  if (!asked.scope && !asked.user_scope) return 'invalid_scope'
  const uri = asked.redirect_uri
  if (!uri) return app.redirectUrls.length === 0 ? 'bad_redirect_uri' : undefined
  if (!URL.canParse(uri) || !/^https?:$/.test(new URL(uri).protocol) || uri.includes('#')) return 'bad_redirect_uri'
  // Slack wants https and a registered address; an app without registered ones is taken at its word here.
  const isRegistered = app.redirectUrls.length === 0 || app.redirectUrls.some((known) => uri.startsWith(known))
  return isRegistered ? undefined : 'bad_redirect_uri'
}

function newCode(sandbox: Sandbox, app: App, form: Record<string, string>): string {
  const code = `${digits(13)}.${digits(13)}.${alphanumeric(64).toLowerCase()}`
  const [person] = [...sandbox.workspace.users.values()].filter((user) => !user.isBot && !user.deleted)
  sandbox.workspace.codes.set(code, {
    code,
    appId: app.id,
    userId: sandbox.workspace.users.has(form.user_id ?? '') ? (form.user_id ?? '') : (person?.id ?? ''),
    scopes: listOf(form.scope),
    userScopes: listOf(form.user_scope),
    ...(form.redirect_uri ? { redirectUri: form.redirect_uri } : {}),
    ...(form.channel_id ? { channelId: form.channel_id } : {}),
    expiresAt: sandbox.now() + CODE_LIFE_MS,
    used: false,
  })
  return code
}

function listOf(scopes: string | undefined): string[] {
  return (scopes ?? '').split(/[\s,]+/).filter(Boolean)
}

function consentPage(sandbox: Sandbox, app: App, asked: Record<string, string>) {
  const scopes = [...listOf(asked.scope), ...listOf(asked.user_scope)]
  const kept = ['client_id', 'scope', 'user_scope', 'redirect_uri', 'state']
  const channels = [...sandbox.workspace.channels.values()].filter((each) => each.kind === 'public' && !each.isArchived)
  const wantsWebhook = scopes.includes('incoming-webhook')
  return frame(html`
    <h1>${app.name} is asking to join ${sandbox.workspace.team.name}</h1>
    <p>Slack simulator. It would be able to:</p>
    <ul>${scopes.map((scope) => html`<li><code>${scope}</code></li>`)}</ul>
    <form method="post">
      ${kept.map((name) => html`<input type="hidden" name="${name}" value="${asked[name] ?? ''}">`)}
      ${
        wantsWebhook
          ? html`<p><label>Where should ${app.name} post?
              <select name="channel_id">${channels.slice(0, 200).map((each) => html`<option value="${each.id}">#${each.name}</option>`)}</select>
            </label></p>`
          : ''
      }
      <button name="decision" value="deny">Cancel</button>
      <button name="decision" value="allow">Allow</button>
    </form>`)
}

function problemPage(problem: string) {
  return frame(html`<h1>Something went wrong</h1><p>Slack simulator: <code>${problem}</code></p>`)
}

function frame(body: unknown) {
  return html`<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Slack simulator</title>
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <style>
      :root { color-scheme: light dark }
      body { font: 16px/24px system-ui, sans-serif; max-width: 560px; margin: 48px auto; padding: 0 16px }
      button { font: inherit; padding: 4px 16px; margin-right: 8px }
    </style></head><body>${body}</body></html>`
}

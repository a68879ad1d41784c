/** What happens on the example platform: the events of a compliance product, as its own services would send them. */

/** An event as POST /api/events takes it. */
export type PlatformEvent = {
  type: string
  category?: string
  severity?: string
  title: string
  text?: string
  url?: string
  recipient?: string
  data?: Record<string, unknown>
  threadKey?: string
  dedupeKey?: string
  updateKey?: string
}

type Deadline = { id: string; title: string; owner: string; framework: string; dueAt: number }

const DAY_MS = 86_400_000

/** The reviews and audits that the platform keeps track of, seen from `now`. */
function deadlinesAt(now: number): Deadline[] {
  const today = now - (now % DAY_MS)
  return [
    ['DL-31', 'Access review of production', 'noor.haddad@acme.example', 'SOC 2', 1],
    ['DL-32', 'Renewal of policy 4.2', 'kim.park@acme.example', 'ISO 27001', 3],
    ['DL-33', 'Evidence for CC7.2', 'jonas.weber@acme.example', 'SOC 2', 9],
    ['DL-34', 'Vendor questionnaire of Northwind', 'kim.park@acme.example', 'GDPR', 21],
  ].map(([id, title, owner, framework, days]) => ({
    id: String(id),
    title: String(title),
    owner: String(owner),
    framework: String(framework),
    dueAt: today + Number(days) * DAY_MS,
  }))
}

/** The reminder of each deadline that is at most `withinDays` away. */
export function reminders(now: number, siteUrl: string, withinDays = 14): PlatformEvent[] {
  return deadlinesAt(now).flatMap((deadline) => {
    const daysRemaining = Math.ceil((deadline.dueAt - now) / DAY_MS)
    return daysRemaining <= withinDays ? [deadlineEvent('deadline_reminders', deadline, daysRemaining, siteUrl)] : []
  })
}

/** The figures of the day, as one event. */
export function dailySummary(now: number, siteUrl: string): PlatformEvent {
  const open = deadlinesAt(now)
  const day = new Date(now).toISOString().slice(0, 10)
  return {
    type: 'daily_summary',
    category: 'report',
    title: `Compliance on ${day}`,
    text: `${open.length} deadlines are open, 2 findings wait for an owner, 14 controls passed their checks.`,
    url: `${siteUrl}/days/${day}`,
    data: { date: day, open_deadlines: open.length, open_findings: 2, controls_passed: 14 },
    dedupeKey: `daily-summary-${day}`,
  }
}

/** One thing that happens during the day; `number` counts them, so that ids differ. */
export function happening(number: number, now: number, siteUrl: string): PlatformEvent {
  const make = HAPPENINGS[number % HAPPENINGS.length] ?? finding
  return make(number, now, siteUrl)
}

type Happening = (number: number, now: number, siteUrl: string) => PlatformEvent

const finding: Happening = (number, _now, siteUrl) => {
  const id = `ISS-${4_000 + number}`
  return {
    type: 'critical_alerts',
    category: 'security',
    severity: 'critical',
    title: 'Signing key printed in a build',
    text: 'A private key stands in the log of `payments-api`. Rotate it, then acknowledge.',
    url: `${siteUrl}/issues/${id}`,
    data: { issue_id: id, framework: 'SOC 2', control: 'CC6.1', service: 'payments-api' },
    threadKey: id,
  }
}

const controlFailed: Happening = (number, _now, siteUrl) => ({
  type: 'compliance_updates',
  category: 'compliance',
  severity: 'medium',
  title: 'Control CC6.7 failed its check',
  text: 'Two laptops have no disk encryption.',
  url: `${siteUrl}/controls/CC6.7`,
  data: { control: 'CC6.7', framework: 'SOC 2', status: 'failing', failing_items: 2, check: number },
  updateKey: 'control-CC6.7',
})

const reportReady: Happening = (number, _now, siteUrl) => {
  const id = `REP-${200 + number}`
  return {
    type: 'report',
    category: 'report',
    title: 'Evidence pack is ready',
    text: '42 documents, 3 of them new.',
    url: `${siteUrl}/reports/${id}`,
    data: { report_id: id, status: 'ready', format: 'pdf', pages: 118 },
  }
}

const reportBegun: Happening = (number, _now, siteUrl) => ({
  type: 'report',
  category: 'report',
  title: 'Evidence pack is being made',
  url: `${siteUrl}/reports/REP-${201 + number}`,
  data: { report_id: `REP-${201 + number}`, status: 'running' },
})

const deadlineNears: Happening = (number, now, siteUrl) => {
  const deadlines = deadlinesAt(now)
  const deadline = deadlines[number % deadlines.length] as Deadline
  return deadlineEvent('deadline', deadline, Math.ceil((deadline.dueAt - now) / DAY_MS), siteUrl)
}

const intrusion: Happening = (number, _now, siteUrl) => ({
  type: 'incident',
  category: 'security',
  severity: 'critical',
  title: 'Sign-ins from two continents within a minute',
  text: 'The account was locked. Ask its owner before it is opened again.',
  url: `${siteUrl}/incidents/INC-${70 + number}`,
  data: { incident_id: `INC-${70 + number}`, source: 'sign-in monitor', attempts: 6 },
  threadKey: `INC-${70 + number}`,
})

const HAPPENINGS: readonly Happening[] = [controlFailed, finding, reportBegun, deadlineNears, reportReady, intrusion]

function deadlineEvent(type: string, deadline: Deadline, daysRemaining: number, siteUrl: string): PlatformEvent {
  const { id, title, owner, framework, dueAt } = deadline
  const when = daysRemaining === 1 ? 'tomorrow' : `in ${daysRemaining} days`
  return {
    type,
    category: 'compliance',
    severity: daysRemaining <= 3 ? 'high' : 'medium',
    title: `${title} is due ${when}`,
    url: `${siteUrl}/deadlines/${id}`,
    recipient: owner,
    data: { deadline_id: id, framework, owner, days_remaining: daysRemaining, due: new Date(dueAt).toISOString() },
    dedupeKey: `${type}-${id}-${daysRemaining}`,
  }
}

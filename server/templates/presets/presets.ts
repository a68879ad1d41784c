import { COMPLIANCE_UPDATE, CRITICAL_ALERT, REPORT_READY } from './compliance.ts'
import type { Preset } from './preset.ts'
import { DAILY_SUMMARY, DEADLINE_REMINDER } from './schedules.ts'
import { SKYPORTAL_FOLLOWUP, SKYPORTAL_GCN_EVENT, SKYPORTAL_NOTIFICATION, SKYPORTAL_SOURCE } from './skyportal.ts'

/** The templates that come with the server, in the order in which they are offered. */
export const PRESETS: readonly Preset[] = [
  CRITICAL_ALERT,
  COMPLIANCE_UPDATE,
  REPORT_READY,
  DEADLINE_REMINDER,
  DAILY_SUMMARY,
  SKYPORTAL_NOTIFICATION,
  SKYPORTAL_SOURCE,
  SKYPORTAL_GCN_EVENT,
  SKYPORTAL_FOLLOWUP,
]

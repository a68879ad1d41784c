type Detail = { label: string; example: string; read: (typed: string) => Record<string, unknown> }
type Kind = { label: string; about: string; detail?: Detail }

const code: Detail = { label: 'Error code', example: 'fatal_error', read: (typed) => ({ code: typed }) }
const seconds: Detail = {
  label: 'Retry-After (seconds)',
  example: '1',
  read: (typed) => ({ retryAfterSeconds: Number(typed) }),
}
const delay: Detail = { label: 'Delay (ms)', example: '5000', read: (typed) => ({ delayMs: Number(typed) }) }
const webhook: Detail = {
  label: 'Status and body',
  example: '403 action_prohibited',
  read: (typed) => {
    const [status, ...body] = typed.split(/\s+/)
    return { status: Number(status), body: body.join(' ') }
  },
}

/** Each fault in a person's words. */
export const FAULTS: Record<string, Kind> = {
  rate_limited: { label: 'Rate limited', about: '429 with Retry-After; nothing is posted.', detail: seconds },
  rate_limited_without_header: { label: 'Rate limited, no header', about: '429 that does not say how long to wait.' },
  http_500: { label: 'HTTP 500', about: 'Slack fails before it does anything.' },
  http_503_html: { label: 'HTTP 503 with a page', about: 'An outage: HTML where JSON was expected.' },
  redirect: { label: 'Redirect', about: 'A proxy sends the caller elsewhere.' },
  slow: { label: 'Slow', about: 'Answers well, but late.', detail: delay },
  never_answers: { label: 'Never answers', about: 'The connection stays open and silent; nothing is posted.' },
  reset: { label: 'Connection reset', about: 'The line is cut before anything was done.' },
  error: { label: 'Error code', about: 'Slack says no, with this code.', detail: code },
  webhook_error: { label: 'Webhook error', about: 'A plain-text refusal of an incoming webhook.', detail: webhook },
  truncated_json: { label: 'Answer cut short', about: 'The message is posted; half of the answer arrives.' },
  lost_answer: { label: 'Answer lost', about: 'The message is posted, then the line is cut.' },
  http_500_after_commit: { label: 'HTTP 500 after posting', about: 'The message is posted and Slack says it failed.' },
}

export const SIGNATURES = [
  { value: 'properly', label: 'Correct' },
  { value: 'wrong-secret', label: 'With another secret' },
  { value: 'stale', label: 'Ten minutes old' },
  { value: 'future', label: 'Ten minutes ahead' },
  { value: 'altered', label: 'Body altered on the way' },
  { value: 'unsigned', label: 'None at all' },
  { value: 'replay', label: 'The last request again' },
]

import type { Attempt } from '../../shared/deliveries.ts'

/** The request as it went out, secrets removed: its first line, then its body. */
export function requestText({ method, request }: Attempt): string {
  if (method === 'webhook' && isRecord(request) && typeof request.url === 'string') {
    return `POST ${request.url}\n\n${shown(request.body)}`
  }
  return `POST /api/${method}\n\n${shown(request)}`
}

/** What came back: status, the headers that matter, and the body. */
export function answerText({ httpStatus, requestId, retryAfterMs, response }: Attempt): string {
  const head = [
    httpStatus === undefined ? 'No answer' : `HTTP ${httpStatus}`,
    requestId && `x-slack-req-id: ${requestId}`,
    retryAfterMs !== undefined && `retry-after: ${retryAfterMs / 1000}`,
  ].filter(Boolean)
  return [head.join('\n'), shown(response)].filter(Boolean).join('\n\n')
}

function shown(body: unknown): string {
  if (typeof body === 'string') return body
  return body === null || body === undefined ? '' : JSON.stringify(body, null, 2)
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null
}

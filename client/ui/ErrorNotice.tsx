import { Button } from '@mantine/core'
import { ApiError } from '../lib/api.ts'
import { formatDuration } from '../lib/format.ts'
import { useWait } from '../lib/use-wait.ts'
import { CopyButton } from './CopyButton.tsx'
import { Notice } from './Notice.tsx'
import classes from './notice.module.css'

type Props = {
  error: unknown
  /** What did not happen: "The test message was not sent". */
  what?: string
  onRetry?: () => void
  /** For what was asked for by filters: where the server refuses these, trying again changes nothing. */
  onClearFilters?: () => void
  banner?: boolean
}

/** What happened, why, and what to do, in that order, with the code and the request id for whoever is asked. */
export function ErrorNotice({ error, what, onRetry, onClearFilters, banner }: Props) {
  const known = error instanceof ApiError ? error : undefined
  const isRefused = known?.status === 422 && onClearFilters !== undefined
  const again = isRefused ? onClearFilters : onRetry
  const retry = again && (
    <Button variant="default" size="xs" onClick={again}>
      {isRefused ? 'Clear all filters' : 'Try again'}
    </Button>
  )
  return (
    <Notice tone="bad" title={what ?? 'That did not work'} actions={retry} {...(banner && { banner })}>
      <p>{known ? known.message : 'Something went wrong in this page.'}</p>
      <WayOut error={error} />
      {known && (
        <p className={classes.facts}>
          <span>
            Code <code>{known.code}</code>
          </span>
          {known.requestId && (
            <span>
              Request <code>{known.requestId}</code>{' '}
              <CopyButton value={known.requestId} label="Copy request ID" inline />
            </span>
          )}
        </p>
      )}
    </Notice>
  )
}

/** Where the server asked for a wait, that is the way out: what it says to programs names the header instead. */
function WayOut({ error }: { error: unknown }) {
  const waitSeconds = useWait(error)
  if (!(error instanceof ApiError)) return <p>Reload the page. If it stays, tell whoever runs this server.</p>
  if (waitSeconds > 0) return <p>Try again in {formatDuration(waitSeconds * 1000)}.</p>
  if (error.status === 429 && error.retryAfterSeconds !== undefined) return <p>Try again now.</p>
  return error.fix ? <p>{error.fix}</p> : null
}

import { Button } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { readiness } from '../lib/api.ts'
import { CentredPage } from '../ui/CentredPage.tsx'
import { ErrorNotice } from '../ui/ErrorNotice.tsx'

/** Stands for the whole console while the server cannot say who is signed in: locked, starting, or out of reach. */
export function ServerTrouble({ error, onRetry }: { error: unknown; onRetry: () => void }) {
  const ready = useQuery({ queryKey: ['readiness'], queryFn: ({ signal }) => readiness(signal), retry: false })
  if (ready.isPending) return <p role="status" aria-label="Loading" />
  if (ready.data?.state === 'locked')
    return <Locked message={ready.data.message} fix={ready.data.fix} onRetry={onRetry} />
  return (
    <CentredPage title="The server does not answer as it should" width={480}>
      <ErrorNotice error={error} what="Who is signed in could not be asked" onRetry={onRetry} />
    </CentredPage>
  )
}

type LockedProps = { message: string | undefined; fix: string | undefined; onRetry: () => void }

function Locked({ message, fix, onRetry }: LockedProps) {
  return (
    <CentredPage
      title="This server is locked"
      width={480}
      lead={message ?? 'Its master key does not open what is stored.'}
    >
      <p>
        Every secret is sealed with the master key. With another key none can be read, so nothing is sent and nothing is
        accepted. Nothing has been lost.
      </p>
      <p style={{ margin: '16px 0 24px' }}>
        {fix ?? (
          <>
            Set <code>SWITCHBOARD_MASTER_KEY</code> or <code>SWITCHBOARD_MASTER_KEY_FILE</code> to the key this database
            was sealed with, then start the server again.
          </>
        )}
      </p>
      <Button onClick={onRetry}>Look again</Button>
    </CentredPage>
  )
}

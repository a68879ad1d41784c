import { Button } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { Link } from 'react-router'
import { deliveryCode } from '../../shared/delivery-codes.ts'
import type { Integration } from '../../shared/integrations.ts'
import { slackLink, slackPageLabel } from '../../shared/slack-links.ts'
import { heldForQuery } from '../destinations/queries.ts'
import { withQuery } from '../lib/api.ts'
import { plural } from '../lib/format.ts'
import { ErrorNotice } from '../ui/ErrorNotice.tsx'
import { ExternalLink } from '../ui/ExternalLink.tsx'
import { IconPlayerPlay } from '../ui/icons.ts'
import { Notice } from '../ui/Notice.tsx'
import { RelativeTime } from '../ui/RelativeTime.tsx'
import { toast } from '../ui/toast.ts'
import { useCan } from '../users/queries.ts'
import { usePauseIntegration } from './queries.ts'

/** While an integration is paused: why, what to do, how much waits behind it, and the way on. */
export function PausedBanner({ integration }: { integration: Integration }) {
  const { id, state, stateCode, stateSince, pausedBy, appId } = integration
  if (state !== 'paused') return null
  const why = stateCode ? deliveryCode(stateCode) : undefined
  return (
    <Notice
      banner
      tone={why ? 'bad' : 'warn'}
      title={
        why ? (
          <>
            It paused itself <RelativeTime at={stateSince} />: Slack answered <code>{why.code}</code>
          </>
        ) : (
          <>
            Paused{pausedBy && ` by ${pausedBy}`} <RelativeTime at={stateSince} />
          </>
        )
      }
      actions={<Resume integration={integration} />}
    >
      {why && (
        <p>
          {why.meaning} {why.fix}{' '}
          {why.page && <ExternalLink href={slackLink(why.page, appId)}>{slackPageLabel(why.page)}</ExternalLink>}
        </p>
      )}
      <Backlog id={id} />
    </Notice>
  )
}

function Backlog({ id }: { id: string }) {
  const { data } = useQuery(heldForQuery({ integrationId: id }))
  if (!data) return null
  if (data.total === 0) return <p>Nothing waits yet. What comes is held, not lost.</p>
  return (
    <p>
      <Link to={withQuery('/deliveries', { state: 'held', integrationId: id })}>
        {plural(data.total, 'delivery', 'deliveries')} held
      </Link>
      , and sent in order once it is resumed.
    </p>
  )
}

function Resume({ integration: { id, name } }: { integration: Integration }) {
  const canResume = useCan('operator')
  const resume = usePauseIntegration(id)
  if (!canResume) return null
  // By a promise, not callbacks: once it is resumed this button is gone.
  const onClick = () =>
    resume.mutateAsync({ act: 'resume' }).then(
      () => toast('ok', `${name} goes on: what was held is sent in order.`),
      () => undefined, // said beside the button
    )
  return (
    <>
      {resume.error && <ErrorNotice error={resume.error} what="It was not resumed" />}
      <Button size="xs" leftSection={<IconPlayerPlay />} loading={resume.isPending} onClick={onClick}>
        Resume
      </Button>
    </>
  )
}

import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { EmptyState } from '../ui/EmptyState.tsx'
import { ErrorNotice } from '../ui/ErrorNotice.tsx'
import { IconApi } from '../ui/icons.ts'
import { Columns, Section } from '../ui/Section.tsx'
import { SectionSkeleton } from '../ui/Skeletons.tsx'
import { useCan } from '../users/queries.ts'
import { AddressForm } from './AddressForm.tsx'
import { CallsSection } from './CallsSection.tsx'
import { EndpointSection } from './EndpointSection.tsx'
import classes from './platform.module.css'
import { platformQuery } from './queries.ts'
import { SecretDialog } from './SecretDialog.tsx'
import { TestSection } from './TestSection.tsx'
import { VerifySection } from './VerifySection.tsx'

/** The customer's own service: where it is, whether it answers, how it knows us, and what was said to it. */
export function PlatformTab({ integrationId }: { integrationId: string }) {
  const endpoint = useQuery(platformQuery(integrationId))
  const [secret, setSecret] = useState<string>()
  if (endpoint.error) {
    return (
      <ErrorNotice
        banner
        error={endpoint.error}
        what="The platform endpoint could not be read"
        onRetry={endpoint.refetch}
      />
    )
  }
  if (endpoint.data === undefined) return <SectionSkeleton height={320} />
  return (
    <>
      {endpoint.data === null ? (
        <NoEndpoint integrationId={integrationId} onSecret={setSecret} />
      ) : (
        <>
          <Columns>
            <EndpointSection endpoint={endpoint.data} onSecret={setSecret} />
            <TestSection endpoint={endpoint.data} />
          </Columns>
          <VerifySection />
        </>
      )}
      <CallsSection integrationId={integrationId} isSet={endpoint.data !== null} />
      {secret && <SecretDialog secret={secret} onClose={() => setSecret(undefined)} />}
    </>
  )
}

function NoEndpoint({ integrationId, onSecret }: { integrationId: string; onSecret: (secret: string) => void }) {
  const isAdmin = useCan('admin')
  if (!isAdmin) {
    return (
      <EmptyState icon={<IconApi />} title="No platform endpoint yet">
        It is the address of your own service, which answers your slash commands and is asked by schedules for what they
        send. An admin sets it here.
      </EmptyState>
    )
  }
  return (
    <Section title="Where is your platform?">
      <p className={classes.before}>
        Give the address of your own service. It answers the slash commands that you declare, and schedules ask it what
        to send, such as the deadlines of the week. Each call is signed, so that it knows who asks.
      </p>
      <AddressForm integrationId={integrationId} onSecret={onSecret} />
    </Section>
  )
}

import { useQuery } from '@tanstack/react-query'
import { CopyButton } from '../ui/CopyButton.tsx'
import { ErrorNotice } from '../ui/ErrorNotice.tsx'
import { KeyValue, KeyValues } from '../ui/KeyValues.tsx'
import { Section } from '../ui/Section.tsx'
import { StatePill } from '../ui/StatePill.tsx'
import { readinessQuery } from './queries.ts'

/** Where this server is reached, how it is, and where its API is described. */
export function ServerSection() {
  const readiness = useQuery(readinessQuery)
  const address = window.location.origin
  return (
    <Section title="This server">
      {readiness.error && <ErrorNotice error={readiness.error} what="The server's state could not be read" />}
      <KeyValues nameWidth="180px">
        <KeyValue name="State">
          {readiness.data ? (
            <StatePill tone={readiness.data.state === 'ready' ? 'ok' : 'bad'}>
              {sentence(readiness.data.state)}
            </StatePill>
          ) : (
            'Asking…'
          )}
        </KeyValue>
        <KeyValue
          name="Address"
          help="As this browser reaches it. Links in Slack use SWITCHBOARD_PUBLIC_URL, which has to be this address."
        >
          <code>{address}</code> <CopyButton value={address} label="Copy address" inline />
        </KeyValue>
        <KeyValue name="API" meta="Every route with its fields, made of the schemas the server checks with.">
          <a href="/api/docs">API documentation</a> · <a href="/api/openapi.json">openapi.json</a>
        </KeyValue>
        <KeyValue name="Prometheus" meta="Takes an API key with the scope metrics:read.">
          <code>{address}/metrics</code> <CopyButton value={`${address}/metrics`} label="Copy metrics address" inline />
        </KeyValue>
      </KeyValues>
    </Section>
  )
}

const sentence = (word: string): string => word.charAt(0).toUpperCase() + word.slice(1)

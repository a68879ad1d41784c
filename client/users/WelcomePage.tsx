import { Button } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { Link } from 'react-router'
import { CodeBlock } from '../ui/CodeBlock.tsx'
import { PageFrame } from '../ui/PageFrame.tsx'
import { Columns, Section } from '../ui/Section.tsx'
import { sessionQuery, useCan } from './queries.ts'

/** The first page after the first sign-in: two ways to go on, each with its next step. */
export function WelcomePage() {
  const session = useQuery(sessionQuery)
  const isAdmin = useCan('admin')
  const name = session.data?.user.name
  return (
    <PageFrame title={name ? `Welcome, ${name}` : 'Welcome'}>
      <Columns fill>
        <Section title="Connect Slack" note="about five minutes">
          <p>
            Create a Slack app from a generated manifest or use one you have, paste its credentials, and test the
            connection. Every step says what is right, what is wrong and where in Slack to fix it.
          </p>
          {isAdmin ? (
            <Button component={Link} to="/integrations/new" mt="md">
              Connect Slack
            </Button>
          ) : (
            <p>An admin of this server can do this.</p>
          )}
        </Section>
        <Section title="Try the sandbox" note="no Slack account needed">
          <p>
            The simulator is a Slack workspace in a process of its own: it takes the same requests, keeps the same
            limits and shows the messages. The demo starts a second Switchboard already connected to it, with traffic.
          </p>
          <div style={{ marginTop: 16 }}>
            <CodeBlock label="Command that starts the demo" code="npm run demo" />
          </div>
          <p style={{ margin: '16px 0' }}>To connect this server to a sandbox yourself, start the simulator alone:</p>
          <CodeBlock label="Command that starts the simulator" code="npx switchboard simulator" />
        </Section>
      </Columns>
    </PageFrame>
  )
}

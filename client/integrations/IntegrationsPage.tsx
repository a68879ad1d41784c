import { Button } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { Link } from 'react-router'
import type { Integration } from '../../shared/integrations.ts'
import type { IntegrationHealth } from '../../shared/metrics.ts'
import { Sparkline } from '../charts/Sparkline.tsx'
import { formatCount, formatPercent, plural } from '../lib/format.ts'
import { type Column, DataTable } from '../ui/DataTable.tsx'
import { EmptyState } from '../ui/EmptyState.tsx'
import { ErrorNotice } from '../ui/ErrorNotice.tsx'
import { IconBrandSlack } from '../ui/icons.ts'
import { PageFrame } from '../ui/PageFrame.tsx'
import { RelativeTime } from '../ui/RelativeTime.tsx'
import { Section } from '../ui/Section.tsx'
import { StatePill } from '../ui/StatePill.tsx'
import { useCan } from '../users/queries.ts'
import { IntegrationStatePill } from './IntegrationStatePill.tsx'
import classes from './integrations.module.css'
import { catalogueQuery, integrationHealthQuery, integrationsQuery } from './queries.ts'
import { outcomeOf } from './test-words.ts'

type Row = { integration: Integration; health: IntegrationHealth | undefined }

/** What is connected and how it does, and what can be connected. */
export function IntegrationsPage() {
  const integrations = useQuery(integrationsQuery)
  const health = useQuery(integrationHealthQuery)
  const isAdmin = useCan('admin')
  const rows = (integrations.data ?? []).map(
    (integration): Row => ({
      integration,
      health: health.data?.items.find(({ integrationId }) => integrationId === integration.id),
    }),
  )
  const connect = isAdmin && (
    <Button component={Link} to="/integrations/new">
      Connect Slack
    </Button>
  )
  return (
    <PageFrame title="Integrations" actions={rows.length > 0 && connect}>
      <Section
        flush
        title={
          <span className={classes.provider}>
            <IconBrandSlack /> <span>Slack</span>
          </span>
        }
        note={rows.length > 0 && `${rows.length} connected, health over the last 24 hours`}
      >
        {integrations.error ? (
          <ErrorNotice
            banner
            error={integrations.error}
            what="The integrations could not be read"
            onRetry={integrations.refetch}
          />
        ) : (
          <DataTable
            lineAbove
            label="Slack integrations"
            columns={COLUMNS}
            rows={rows}
            rowKey={({ integration }) => integration.id}
            to={({ integration }) => `/integrations/${integration.id}/connection`}
            loading={integrations.isPending}
            empty={<NothingYet action={connect} />}
          />
        )}
      </Section>
      <Catalogue />
    </PageFrame>
  )
}

function NothingYet({ action }: { action: React.ReactNode }) {
  return (
    <EmptyState
      icon={<IconBrandSlack />}
      title="Slack is not connected yet"
      actions={
        <>
          {action}
          <Button component={Link} to="/welcome" variant="default">
            Try the sandbox
          </Button>
        </>
      }
    >
      {action
        ? 'Create a Slack app from a ready manifest or use one you have. A test then says step by step what is right and what is wrong.'
        : 'An admin of this server can connect it.'}
    </EmptyState>
  )
}

/** The kinds that are not there yet, said plainly. */
function Catalogue() {
  const catalogue = useQuery(catalogueQuery)
  const others = catalogue.data?.items.filter(({ built }) => !built) ?? []
  if (others.length === 0) return null
  return (
    <Section title="Not built yet" note="named so that nobody looks for them">
      <ul className={classes.others}>
        {others.map(({ kind, name, description }) => (
          <li key={kind}>
            <span className={classes.otherName}>{name}</span>
            <span className={classes.otherText}>{description}</span>
            <StatePill tone="neutral" size="sm">
              Not built yet
            </StatePill>
          </li>
        ))}
      </ul>
    </Section>
  )
}

const COLUMNS: Column<Row>[] = [
  { key: 'name', head: 'Name', lead: true, card: 'start', cell: ({ integration }) => integration.name },
  {
    key: 'workspace',
    head: 'Workspace',
    cell: ({ integration: { workspace } }) => workspace?.name ?? <span className={classes.unknown}>Not known yet</span>,
  },
  {
    key: 'state',
    head: 'State',
    card: 'end',
    nowrap: true,
    cell: ({ integration }) => <IntegrationStatePill integration={integration} />,
  },
  { key: 'test', head: 'Last test', cell: ({ integration }) => <LastTest integration={integration} /> },
  {
    key: 'rate',
    head: 'Delivery rate',
    align: 'end',
    nowrap: true,
    cell: ({ health }) => <Rate health={health} />,
  },
  {
    key: 'hours',
    head: 'Last 24 hours',
    width: '136px',
    cell: ({ health }) => (health ? <Hours health={health} /> : ''),
  },
]

function LastTest({ integration: { lastTest } }: { integration: Integration }) {
  if (!lastTest) return <span className={classes.unknown}>Never</span>
  const state = lastTest.state === 'waiting' || lastTest.state === 'cancelled' ? lastTest.state : 'ok'
  const { words } = outcomeOf(state, lastTest)
  return (
    <span>
      {words}, <RelativeTime at={lastTest.at} />
    </span>
  )
}

function Rate({ health }: { health: IntegrationHealth | undefined }) {
  if (!health) return null
  if (health.deliveryRate === null) return <span className={classes.unknown}>Nothing sent</span>
  return <span title={countsOf(health)}>{formatPercent(health.deliveryRate)}</span>
}

function Hours({ health }: { health: IntegrationHealth }) {
  const points = health.hours.map(({ delivered, failed }) => ({ good: delivered, bad: failed }))
  return <Sparkline label={`Last 24 hours: ${countsOf(health)}`} points={points} width={96} height={20} />
}

function countsOf({ delivered, failed }: IntegrationHealth): string {
  return `${plural(delivered, 'delivery', 'deliveries')} arrived, ${formatCount(failed)} failed`
}

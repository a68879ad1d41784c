import { Button } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { Link, useSearchParams } from 'react-router'
import type { CommandUsage } from '../../shared/commands.ts'
import { integrationsQuery } from '../integrations/queries.ts'
import { AboveRowLink, type Column, DataTable } from '../ui/DataTable.tsx'
import { EmptyState } from '../ui/EmptyState.tsx'
import { ErrorNotice } from '../ui/ErrorNotice.tsx'
import { IconPlus, IconSlash } from '../ui/icons.ts'
import { RelativeTime } from '../ui/RelativeTime.tsx'
import { Section } from '../ui/Section.tsx'
import { useCan } from '../users/queries.ts'
import { CommandDialog } from './CommandDialog.tsx'
import classes from './commands.module.css'
import { DropCommand } from './DropCommand.tsx'
import { commandsQuery } from './queries.ts'

const EDIT = 'edit'

/** The commands that the platform answers: declared here or by a file. The open one is in the address. */
export function DeclaredSection() {
  const { data, error, isPending, refetch } = useQuery(commandsQuery)
  const isAdmin = useCan('admin')
  const [params, setParams] = useSearchParams()
  const rows = (data?.items ?? []).filter(({ handler }) => handler !== undefined)
  const withEdit = (command: string | undefined) => {
    const next = new URLSearchParams(params)
    if (command === undefined) next.delete(EDIT)
    else next.set(EDIT, command)
    return next
  }
  const close = () => setParams(withEdit(undefined), { preventScrollReset: true })
  const edited = rows.find(({ command }) => command === params.get(EDIT))
  const add = isAdmin && (
    <Button leftSection={<IconPlus />} onClick={() => setParams(withEdit('new'), { preventScrollReset: true })}>
      Declare command
    </Button>
  )
  return (
    <Section flush title="Answered by your platform" actions={rows.length > 0 && add}>
      {error ? (
        <ErrorNotice banner error={error} what="The commands could not be read" onRetry={refetch} />
      ) : (
        <>
          {rows.length > 0 && <ManifestNote />}
          <DataTable
            lineAbove
            label="Answered by your platform"
            columns={isAdmin ? [...columns, ACTIONS] : columns}
            rows={rows}
            rowKey={({ command }) => command}
            {...(isAdmin && { to: ({ command }: CommandUsage) => `/commands?${withEdit(command)}` })}
            loading={isPending}
            empty={<NoneDeclared action={add} />}
          />
        </>
      )}
      {isAdmin && params.get(EDIT) === 'new' && <CommandDialog onClose={close} />}
      {isAdmin && edited && <CommandDialog key={edited.command} saved={edited} onClose={close} />}
    </Section>
  )
}

/** Slack knows of commands by the manifest alone, and tells nobody which one it has. */
function ManifestNote() {
  const { data: integrations = [] } = useQuery(integrationsQuery)
  return (
    <p className={classes.manifest}>
      Slack offers what the manifest of its app names. After a change here, copy the manifest again
      {integrations.length > 0 && ': '}
      {integrations.map(({ id, name }, place) => (
        <span key={id}>
          {place > 0 && ', '}
          <Link to={`/integrations/${id}/connection`}>{name}</Link>
        </span>
      ))}
      .
    </p>
  )
}

function NoneDeclared({ action }: { action: React.ReactNode }) {
  return (
    <EmptyState icon={<IconSlash />} title="No command of your own yet" actions={action}>
      Declare one, such as <code>/compliance</code>, and copy the manifest of the Slack app again. Your platform then
      gets a signed call for each use and says what the person sees: its address stands on the tab Platform of the
      integration.
    </EmptyState>
  )
}

const columns: Column<CommandUsage>[] = [
  {
    key: 'command',
    head: 'Command',
    lead: true,
    card: 'start',
    width: '34%',
    cell: ({ command, description }) => (
      <>
        <code>{command}</code>
        <span className={classes.description}>{description}</span>
      </>
    ),
  },
  { key: 'handler', head: 'Handler', cell: ({ handler }) => <code className={classes.word}>{handler}</code> },
  {
    key: 'parameters',
    head: 'Parameters',
    cell: ({ parameters = [] }) =>
      parameters.length === 0 ? (
        'none'
      ) : (
        <span title={parameters.map(({ name, description }) => `${name}: ${description ?? ''}`).join('\n')}>
          {parameters.map(({ name }) => name).join(', ')}
        </span>
      ),
  },
  {
    key: 'changed',
    head: 'Changed',
    width: '180px',
    cell: ({ updatedAt, updatedBy }) =>
      updatedAt && (
        <>
          <RelativeTime at={updatedAt} />
          <span className={classes.description}>{updatedBy}</span>
        </>
      ),
  },
]

const ACTIONS: Column<CommandUsage> = {
  key: 'actions',
  head: 'Actions',
  width: '72px',
  align: 'end',
  card: 'end',
  cell: ({ command }) => (
    <AboveRowLink>
      <DropCommand command={command} />
    </AboveRowLink>
  ),
}

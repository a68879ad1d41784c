import { useSearchParams } from 'react-router'
import type { Integration } from '../../shared/integrations.ts'
import { Columns } from '../ui/Section.tsx'
import { useCan } from '../users/queries.ts'
import { AddressesSection } from './AddressesSection.tsx'
import { CredentialsSection } from './CredentialsSection.tsx'
import classes from './connection.module.css'
import { changeOf, type EditableField, type Edits, editableFields, labelsOf } from './edits.ts'
import { ManifestSection } from './ManifestSection.tsx'
import { RunsSection } from './RunsSection.tsx'
import { TestPanel } from './TestPanel.tsx'
import type { RunningTest } from './use-connection-test.ts'

type Props = {
  integration: Integration
  running: RunningTest
  edits: Edits
  onEdits: (edits: Edits) => void
}

/** Credentials on the left; on the right the test of what is on screen, and the runs before it. */
export function ConnectionTab({ integration, running, edits, onEdits }: Props) {
  const isAdmin = useCan('admin')
  const canTest = useCan('operator')
  const [params, setParams] = useSearchParams()
  const openRunId = params.get('run')
  const run = () => {
    if (openRunId) setParams({}, { replace: true, preventScrollReset: true })
    running.start(changeOf(edits, integration))
  }
  return (
    <Columns widths="minmax(0, 480px) minmax(0, 1fr)" fill>
      <div className={classes.rest}>
        <CredentialsSection integration={integration} edits={edits} onEdits={onEdits} canEdit={isAdmin} />
        <AddressesSection integration={integration} />
        <ManifestSection integration={integration} />
      </div>
      <div className={classes.test}>
        <TestPanel
          integration={integration}
          running={running}
          openRunId={openRunId}
          unsaved={labelsOf(edits, integration)}
          canTest={canTest}
          onRun={run}
          {...(isAdmin && { onField: (field: string) => openField(field, edits, onEdits) })}
        />
        <RunsSection integrationId={integration.id} openRunId={openRunId} />
      </div>
    </Columns>
  )
}

/** Opens the field at fault for typing; it takes the focus as it appears. */
function openField(field: string, edits: Edits, onEdits: Props['onEdits']): void {
  const known = editableFields.find((one): one is EditableField => one === field)
  if (!known) return
  if (edits[known] === undefined) onEdits({ ...edits, [known]: '' })
  else document.getElementById(`credential-${known}`)?.focus()
}

import { Button, Checkbox, Group, NativeSelect } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { type FormEvent, useRef, useState } from 'react'
import type { ConfigurationRequest } from '../../shared/configuration.ts'
import { integrationsQuery } from '../integrations/queries.ts'
import { CopyButton } from '../ui/CopyButton.tsx'
import { ErrorNotice } from '../ui/ErrorNotice.tsx'
import { Section } from '../ui/Section.tsx'
import { toast } from '../ui/toast.ts'
import classes from './configuration.module.css'
import { ExportButton } from './ExportButton.tsx'
import { FileField, type PickedFile, showLine } from './FileField.tsx'
import { PlanSection } from './PlanSection.tsx'
import { useApply, usePlan } from './queries.ts'

/** A file, then its plan, then the press that does it. What is changed in the form makes the plan an old one. */
export function ApplySection() {
  const [file, setFile] = useState<PickedFile>({ name: '', text: '' })
  const [integrationId, setIntegrationId] = useState('')
  const [prune, setPrune] = useState(false)
  const field = useRef<HTMLTextAreaElement>(null)
  const plan = usePlan()
  const apply = useApply()
  const onLine = (line: number) => showLine(field.current, line)
  const outdate = () => {
    plan.reset()
    apply.reset()
  }
  const request: ConfigurationRequest = {
    text: file.text,
    name: file.name || 'pasted',
    ...(integrationId && { integrationId }),
    ...(prune && { prune }),
  }
  const onSubmit = (event: FormEvent) => {
    event.preventDefault()
    apply.reset()
    plan.mutate(request)
  }
  const onApply = () => {
    if (!plan.data) return
    apply.mutate(
      { ...request, revision: plan.data.revision },
      {
        onSuccess: ({ changeSet }) => {
          void toast('ok', changeSet ? `Applied as ${changeSet.id}` : 'Nothing was left to do.')
          plan.reset()
        },
      },
    )
  }
  return (
    <>
      <Section
        title="Apply a file"
        note="YAML or JSON: exported here, or another system’s as it is"
        actions={
          <Group gap="xs">
            <Schema />
            <ExportButton />
          </Group>
        }
      >
        <form onSubmit={onSubmit} className={classes.form}>
          <FileField
            file={file}
            field={field}
            onChange={(picked) => {
              setFile(picked)
              outdate()
            }}
          />
          <IntegrationChoice
            value={integrationId}
            onChange={(id) => {
              setIntegrationId(id)
              outdate()
            }}
          />
          <Checkbox
            label="Delete what the file does not name"
            description="Only in the sections that the file has. The plan shows what, before anything happens."
            checked={prune}
            onChange={(event) => {
              setPrune(event.currentTarget.checked)
              outdate()
            }}
          />
          <div>
            <Button type="submit" disabled={!file.text.trim()} loading={plan.isPending}>
              Show the plan
            </Button>
          </div>
          {plan.error && <ErrorNotice error={plan.error} what="The plan could not be made" />}
        </form>
      </Section>
      {plan.data && (
        <PlanSection
          plan={plan.data}
          onLine={onLine}
          onApply={onApply}
          isApplying={apply.isPending}
          error={apply.error}
        />
      )}
    </>
  )
}

/** Editors check a file by it, and offer what may stand where. */
function Schema() {
  return (
    <CopyButton value={`${location.origin}/api/configuration/schema.json`} label="Copy schema address">
      Copy schema address
    </CopyButton>
  )
}

/** Whose channels they are, where several integrations are connected and the file does not say. */
function IntegrationChoice({ value, onChange }: { value: string; onChange: (id: string) => void }) {
  const { data } = useQuery(integrationsQuery)
  const integrations = data ?? []
  if (integrations.length < 2) return null
  return (
    <NativeSelect
      label="Integration"
      description="Whose channels they are, where the file does not say."
      value={value}
      onChange={(event) => onChange(event.currentTarget.value)}
      data={[
        { value: '', label: 'As the file says' },
        ...integrations.map(({ id, name }) => ({ value: id, label: name })),
      ]}
    />
  )
}

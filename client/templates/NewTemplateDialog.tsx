import { Button, Group, Stack, TextInput } from '@mantine/core'
import { type FormEvent, useState } from 'react'
import { useNavigate } from 'react-router'
import { TemplateName } from '../../shared/templates.ts'
import { fieldProblem } from '../lib/field-problem.ts'
import { isUnderWay } from '../lib/under-way.ts'
import { Dialog } from '../ui/Dialog.tsx'
import { ErrorNotice } from '../ui/ErrorNotice.tsx'
import { FIRST_SAMPLE, FIRST_SOURCE } from './draft.ts'
import { useChangeTemplate } from './queries.ts'

/** Names a template, which then begins with a message that works. */
export function NewTemplateDialog({ onClose }: { onClose: () => void }) {
  const navigate = useNavigate()
  const [name, setName] = useState('')
  const [description, setDescription] = useState('')
  const make = useChangeTemplate(name.trim())
  const checked = TemplateName.safeParse(name)
  const problem =
    name && !checked.success ? (checked.error.issues[0]?.message ?? null) : fieldProblem(make.error, 'name')
  const submit = (event: FormEvent) => {
    event.preventDefault()
    if (!checked.success) return
    make.mutate(
      {
        source: FIRST_SOURCE,
        sample: FIRST_SAMPLE,
        basedOn: 0,
        ...(description.trim() && { description: description.trim() }),
      },
      { onSuccess: () => navigate(`/notifications/templates/${checked.data}`) },
    )
  }
  return (
    <Dialog opened onClose={onClose} title="Add a template">
      <form onSubmit={submit}>
        <Stack gap="md">
          <TextInput
            label="Name"
            description="What notification types call it by. It stays as it is."
            placeholder="critical_alert"
            value={name}
            error={problem}
            maxLength={64}
            autoComplete="off"
            spellCheck={false}
            onChange={(event) => setName(event.currentTarget.value)}
            data-autofocus
          />
          <TextInput
            label="Description"
            placeholder="What it is for. May be left empty."
            value={description}
            maxLength={300}
            autoComplete="off"
            onChange={(event) => setDescription(event.currentTarget.value)}
          />
          {make.error && !fieldProblem(make.error, 'name') && (
            <ErrorNotice error={make.error} what="The template was not made" />
          )}
          <Group justify="flex-end" gap="xs">
            <Button variant="default" onClick={onClose}>
              Cancel
            </Button>
            <Button type="submit" loading={isUnderWay(make)} disabled={!checked.success}>
              Add template
            </Button>
          </Group>
        </Stack>
      </form>
    </Dialog>
  )
}

import { Button, Group } from '@mantine/core'
import { useState } from 'react'
import { credentialInfo } from '../../shared/credentials.ts'
import type { Integration } from '../../shared/integrations.ts'
import { ErrorNotice } from '../ui/ErrorNotice.tsx'
import { IconClipboard, IconLock } from '../ui/icons.ts'
import { KeyValues } from '../ui/KeyValues.tsx'
import { Section } from '../ui/Section.tsx'
import { toast } from '../ui/toast.ts'
import { CredentialRow } from './CredentialRow.tsx'
import classes from './connection.module.css'
import { changeOf, type Edits, editableFields, labelsOf, noticesOf } from './edits.ts'
import { PasteDialog } from './PasteDialog.tsx'
import { useChangeIntegration } from './queries.ts'

type Props = {
  integration: Integration
  edits: Edits
  onEdits: (edits: Edits) => void
  canEdit: boolean
}

/** The app's ids and secrets. What is saved stays in use until what is typed is saved; the test may use it before. */
export function CredentialsSection({ integration, edits, onEdits, canEdit }: Props) {
  const [isPasting, setPasting] = useState(false)
  const notices = noticesOf(edits, integration)
  return (
    <Section
      title="Credentials"
      note={
        <span className={classes.sealed}>
          <IconLock style={{ '--icon': '14px' }} /> Never shown again
        </span>
      }
      actions={
        canEdit && (
          <Button variant="default" leftSection={<IconClipboard />} onClick={() => setPasting(true)}>
            Paste anything
          </Button>
        )
      }
    >
      <KeyValues nameWidth="136px">
        {editableFields.map((field) => (
          <CredentialRow
            key={field}
            field={field}
            integration={integration}
            edit={edits[field]}
            notice={notices[field]}
            canEdit={canEdit}
            onEdit={(edit) => onEdits(withEdit(edits, field, edit))}
          />
        ))}
      </KeyValues>
      {Object.keys(edits).length > 0 && (
        <SaveBar
          integration={integration}
          edits={edits}
          isWrong={Object.values(notices).some(({ level }) => level === 'error')}
          onDone={() => onEdits({})}
        />
      )}
      {isPasting && (
        <PasteDialog
          onClose={() => setPasting(false)}
          onSorted={(values) => {
            const taken = editableFields.filter((field) => values[field] && isNews(field, values[field], integration))
            onEdits({ ...edits, ...Object.fromEntries(taken.map((field) => [field, values[field] ?? ''])) })
          }}
        />
      )}
    </Section>
  )
}

type SaveBarProps = { integration: Integration; edits: Edits; isWrong: boolean; onDone: () => void }

function SaveBar({ integration, edits, isWrong, onDone }: SaveBarProps) {
  const change = useChangeIntegration(integration.id)
  const labels = labelsOf(edits, integration)
  const save = () =>
    change.mutate(changeOf(edits, integration), {
      onSuccess: () => {
        toast('ok', `Saved: ${labels.join(', ').toLowerCase()}`)
        onDone()
      },
    })
  return (
    <div className={classes.saveBar}>
      {change.error && (
        <ErrorNotice error={change.error} what="Nothing was saved; what was there before stays in use" />
      )}
      <Group gap="xs" justify="flex-end">
        <span className={classes.saveNote}>
          {isWrong
            ? 'Correct what is marked first.'
            : labels.length
              ? 'Until you save, only the test uses what is new.'
              : 'Nothing new is entered yet.'}
        </span>
        <Button variant="default" onClick={onDone}>
          Discard
        </Button>
        <Button onClick={save} loading={change.isPending} disabled={labels.length === 0 || isWrong}>
          {labels.length > 1 ? `Save ${labels.length} changes` : 'Save change'}
        </Button>
      </Group>
    </div>
  )
}

function withEdit(edits: Edits, field: keyof Edits, edit: string | null | undefined): Edits {
  const { [field]: _before, ...others } = edits
  return edit === undefined ? others : { ...others, [field]: edit }
}

/** An id that is pasted again is no change; of a secret nobody here can tell. */
function isNews(field: (typeof editableFields)[number], value: string | undefined, integration: Integration): boolean {
  return credentialInfo[field].secret || value !== integration[field === 'appId' ? 'appId' : 'clientId']
}

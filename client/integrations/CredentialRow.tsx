import { ActionIcon, Button, PasswordInput, TextInput } from '@mantine/core'
import type { CredentialNotice } from '../../shared/credential-checks.ts'
import { credentialInfo } from '../../shared/credentials.ts'
import type { Integration } from '../../shared/integrations.ts'
import { formatDay, formatExact } from '../lib/format.ts'
import { CopyButton } from '../ui/CopyButton.tsx'
import { IconPencil } from '../ui/icons.ts'
import { KeyValue } from '../ui/KeyValues.tsx'
import { useNow } from '../ui/RelativeTime.tsx'
import classes from './connection.module.css'
import type { EditableField } from './edits.ts'
import { GuideButton } from './GuideButton.tsx'
import { NoticeLine } from './NoticeLine.tsx'

type Props = {
  field: EditableField
  integration: Integration
  edit: string | null | undefined
  notice: CredentialNotice | undefined
  canEdit: boolean
  onEdit: (edit: string | null | undefined) => void
}

/** One id or secret as it is saved, or the field in which a new one is typed. */
export function CredentialRow(props: Props) {
  const { field, integration, edit } = props
  const guide = <GuideButton field={field} appId={integration.appId} />
  if (edit === null) return <Removed {...props} guide={guide} />
  if (edit !== undefined) return <Editing {...props} edit={edit} guide={guide} />
  return <Saved {...props} guide={guide} />
}

type Guided = Props & { guide: React.ReactNode }

function Saved({ field, integration, canEdit, onEdit, guide }: Guided) {
  const { label, optional, use } = credentialInfo[field]
  const inWords = label.replace(/^\w/, (letter) => letter.toLowerCase())
  if (field === 'appId' || field === 'clientId') {
    const value = integration[field]
    return (
      <KeyValue
        name={label}
        guide={guide}
        action={
          canEdit && (
            <ActionIcon aria-label={`Change ${inWords}`} title={`Change ${inWords}`} onClick={() => onEdit(value)}>
              <IconPencil />
            </ActionIcon>
          )
        }
      >
        <span className={classes.address}>
          <code title={value}>{value}</code>
          <CopyButton value={value} label={`Copy ${inWords}`} inline />
        </span>
      </KeyValue>
    )
  }
  const fingerprint = integration.credentials[field]
  const word = fingerprint ? 'Replace' : 'Add'
  return (
    <KeyValue
      name={label}
      guide={guide}
      meta={fingerprint ? <SetBy {...fingerprint} /> : optional ? use : undefined}
      action={canEdit && <RowButton label={`${word} ${inWords}`} word={word} onClick={() => onEdit('')} />}
    >
      {fingerprint ? <code>{fingerprint.shown}</code> : <span className={classes.notSet}>Not set</span>}
    </KeyValue>
  )
}

function SetBy({ setAt, setBy }: { setAt: string; setBy: string }) {
  const year = formatDay(useNow()).slice(-4)
  return (
    <span title={formatExact(setAt)}>
      Set {formatDay(setAt).replace(` ${year}`, '')} by {setBy}
    </span>
  )
}

function RowButton({ label, word, onClick }: { label: string; word: string; onClick: () => void }) {
  return (
    <Button variant="subtle" color="gray" px={6} h={28} aria-label={label} onClick={onClick}>
      {word}
    </Button>
  )
}

function Removed({ field, onEdit, guide }: Guided) {
  const { label } = credentialInfo[field]
  return (
    <KeyValue
      name={label}
      guide={guide}
      action={<RowButton label={`Keep it: ${label}`} word="Keep it" onClick={() => onEdit(undefined)} />}
    >
      <span className={classes.notSet}>Removed when you save</span>
    </KeyValue>
  )
}

function Editing({ field, integration, edit, notice, onEdit, guide }: Guided & { edit: string }) {
  const { label, secret, optional, example } = credentialInfo[field]
  const isSet = (field !== 'appId' && field !== 'clientId' && integration.credentials[field]) || !secret
  const Input = secret ? PasswordInput : TextInput
  return (
    <KeyValue name={label} guide={guide}>
      <Input
        id={`credential-${field}`}
        aria-label={`New ${label}`}
        aria-invalid={notice?.level === 'error' || undefined}
        aria-describedby={`credential-${field}-notice`}
        placeholder={example}
        value={edit}
        onChange={(event) => onEdit(event.currentTarget.value)}
        autoComplete={secret ? 'new-password' : 'off'}
        spellCheck={false}
        autoFocus={edit === ''}
        styles={{ input: { fontFamily: 'var(--mono)' } }}
        {...(secret && { classNames: { innerInput: 'mono' } })}
      />
      <NoticeLine id={`credential-${field}-notice`} notice={notice} isFilled={edit.trim() !== ''} />
      <div className={classes.editActions}>
        <RowButton
          label={`${isSet ? 'Keep the old one' : 'Cancel'}: ${label}`}
          word={isSet ? 'Keep the old one' : 'Cancel'}
          onClick={() => onEdit(undefined)}
        />
        {optional && isSet && <RowButton label={`Remove ${label}`} word="Remove" onClick={() => onEdit(null)} />}
      </div>
    </KeyValue>
  )
}

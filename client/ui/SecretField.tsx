import { Button, Group, PasswordInput } from '@mantine/core'
import { type FormEvent, type ReactNode, useState } from 'react'
import { ErrorNotice } from './ErrorNotice.tsx'
import { KeyValue } from './KeyValues.tsx'

type Props = {
  label: string
  /** Kind and last four, such as `xoxb •••• WvX`; null while none is set. */
  fingerprint: string | null
  help?: ReactNode
  /** Who set it and when; or, when not set, what it would be good for. */
  meta?: ReactNode
  canEdit: boolean
  placeholder?: string
  /** Says what is wrong with what was typed so far; null when it looks right. */
  validate?: (value: string) => string | null
  /** Told of what is typed and not yet saved, so that a test can use it; undefined once it is given up or saved. */
  onDraft?: (value: string | undefined) => void
  onSave: (value: string) => Promise<unknown>
}

/** A secret that can be replaced and never read. The old one stays in use until the new one is saved. */
export function SecretField(props: Props) {
  const { label, fingerprint, help, meta, canEdit } = props
  const [replacing, setReplacing] = useState(false)
  if (replacing) return <Replacement {...props} onDone={() => setReplacing(false)} />
  const button = canEdit && (
    <Button
      variant="subtle"
      color="gray"
      px={6}
      h={28}
      onClick={() => setReplacing(true)}
      aria-label={actionName(props)}
    >
      {fingerprint ? 'Replace' : 'Add'}
    </Button>
  )
  return (
    <KeyValue name={label} meta={meta} action={button} {...(help && { help })}>
      {fingerprint ? <code>{fingerprint}</code> : <span style={{ color: 'var(--text-2)' }}>Not set</span>}
    </KeyValue>
  )
}

function Replacement({
  label,
  help,
  fingerprint,
  placeholder,
  validate,
  onDraft,
  onSave,
  onDone,
}: Props & { onDone: () => void }) {
  const [value, setValue] = useState('')
  const [saving, setSaving] = useState(false)
  const [failure, setFailure] = useState<unknown>()
  const problem = value ? (validate?.(value.trim()) ?? null) : null
  const type = (next: string) => {
    setValue(next)
    onDraft?.(next.trim() || undefined)
  }
  const leave = () => {
    onDraft?.(undefined)
    onDone()
  }
  const save = async (event: FormEvent) => {
    event.preventDefault()
    setSaving(true)
    try {
      await onSave(value.trim())
      leave()
    } catch (error) {
      setFailure(error)
      setSaving(false)
    }
  }
  return (
    <KeyValue name={label} {...(help && { help })}>
      <form onSubmit={save}>
        <PasswordInput
          aria-label={`New ${label.toLowerCase()}`}
          placeholder={placeholder}
          value={value}
          onChange={(event) => type(event.currentTarget.value)}
          error={problem}
          autoComplete="off"
          autoFocus
          styles={{ innerInput: { fontFamily: 'var(--mono)' } }}
        />
        {failure ? <ErrorNotice error={failure} what="The new one was not saved; the old one stays in use" /> : null}
        <Group gap="xs" mt="xs">
          <Button type="submit" size="xs" loading={saving} disabled={!value.trim() || problem !== null}>
            Save
          </Button>
          <Button variant="default" size="xs" onClick={leave}>
            {fingerprint ? 'Keep the old one' : 'Cancel'}
          </Button>
        </Group>
      </form>
    </KeyValue>
  )
}

function actionName({ fingerprint, label }: Props): string {
  return `${fingerprint ? 'Replace' : 'Add'} ${label.toLowerCase()}`
}

import { Button, Group, PasswordInput, Radio, Stack, Switch, TextInput } from '@mantine/core'
import { type FormEvent, useState } from 'react'
import { type Role, roles, type User } from '../../shared/users.ts'
import { ApiError } from '../lib/api.ts'
import { fieldProblem } from '../lib/field-problem.ts'
import { Dialog } from '../ui/Dialog.tsx'
import { ErrorNotice } from '../ui/ErrorNotice.tsx'
import { toast } from '../ui/toast.ts'
import { useAddPerson, useChangePerson } from './queries.ts'
import { roleWords } from './role-words.ts'

/** Makes an account with a first password, which its owner can change. */
export function AddPersonDialog({ opened, onClose }: { opened: boolean; onClose: () => void }) {
  return (
    <Dialog opened={opened} onClose={onClose} title="Add person">
      <AddPersonForm onClose={onClose} />
    </Dialog>
  )
}

function AddPersonForm({ onClose }: { onClose: () => void }) {
  const add = useAddPerson()
  const [name, setName] = useState('')
  const [email, setEmail] = useState('')
  const [role, setRole] = useState<Role>('viewer')
  const [password, setPassword] = useState('')
  const submit = (event: FormEvent) => {
    event.preventDefault()
    const body = { name: name.trim(), email: email.trim(), role, password }
    add.mutate(body, {
      onSuccess: (person) => {
        toast('ok', `${person.name} can sign in now.`)
        onClose()
      },
    })
  }
  return (
    <form onSubmit={submit}>
      <Stack gap="md">
        <TextInput
          label="Name"
          required
          withAsterisk={false}
          data-autofocus
          value={name}
          onChange={(event) => setName(event.currentTarget.value)}
          error={fieldProblem(add.error, 'name')}
        />
        <TextInput
          label="E-mail"
          type="email"
          required
          withAsterisk={false}
          autoComplete="off"
          value={email}
          onChange={(event) => setEmail(event.currentTarget.value)}
          error={fieldProblem(add.error, 'email')}
        />
        <RoleChoice value={role} onChange={setRole} />
        <PasswordInput
          label="First password"
          description="At least 12 characters. Hand it over yourself; they can change it in their profile."
          required
          withAsterisk={false}
          autoComplete="new-password"
          value={password}
          onChange={(event) => setPassword(event.currentTarget.value)}
          error={fieldProblem(add.error, 'password')}
        />
        <Elsewhere error={add.error} fields={['name', 'email', 'password']} what="The person was not added" />
        <Foot onClose={onClose} busy={add.isPending} action="Add person" />
      </Stack>
    </form>
  )
}

type ChangeProps = { person: User; isSelf: boolean; onClose: () => void }

/** Changes what someone may do, gives them a new password, or keeps them out. */
export function ChangePersonDialog({ person, isSelf, onClose }: ChangeProps) {
  const change = useChangePerson(person.id)
  const [name, setName] = useState(person.name)
  const [role, setRole] = useState(person.role)
  const [disabled, setDisabled] = useState(person.disabledAt !== undefined)
  const [password, setPassword] = useState('')
  const submit = (event: FormEvent) => {
    event.preventDefault()
    const body = {
      ...(name.trim() !== person.name && { name: name.trim() }),
      ...(role !== person.role && { role }),
      ...(disabled !== (person.disabledAt !== undefined) && { disabled }),
      ...(password && { password }),
    }
    if (Object.keys(body).length === 0) return onClose()
    change.mutate(body, {
      onSuccess: (changed) => {
        toast('ok', `${changed.name} was changed.`)
        onClose()
      },
    })
  }
  return (
    <Dialog opened onClose={onClose} title={person.email}>
      <form onSubmit={submit}>
        <Stack gap="md">
          <TextInput
            label="Name"
            required
            withAsterisk={false}
            value={name}
            onChange={(event) => setName(event.currentTarget.value)}
            error={fieldProblem(change.error, 'name')}
          />
          <RoleChoice value={role} onChange={setRole} error={fieldProblem(change.error, 'role')} />
          {!isSelf && (
            <>
              <PasswordInput
                label="New password"
                description="Leave empty to keep the one they have. A new one signs them out everywhere."
                autoComplete="new-password"
                value={password}
                onChange={(event) => setPassword(event.currentTarget.value)}
                error={fieldProblem(change.error, 'password')}
              />
              <Switch
                label="Disabled"
                description="Signed out everywhere at once, and kept out until enabled again."
                checked={disabled}
                onChange={(event) => setDisabled(event.currentTarget.checked)}
              />
            </>
          )}
          <Elsewhere error={change.error} fields={['name', 'role', 'password']} what="Nothing was changed" />
          <Foot onClose={onClose} busy={change.isPending} action="Save changes" />
        </Stack>
      </form>
    </Dialog>
  )
}

type RoleProps = { value: Role; onChange: (role: Role) => void; error?: string | null }

function RoleChoice({ value, onChange, error }: RoleProps) {
  return (
    <Radio.Group label="Role" value={value} onChange={(role) => onChange(role as Role)} error={error}>
      <Stack gap="xs" mt={6}>
        {roles.map((role) => (
          <Radio key={role} value={role} label={roleWords[role].name} description={roleWords[role].can} />
        ))}
      </Stack>
    </Radio.Group>
  )
}

function Foot({ onClose, busy, action }: { onClose: () => void; busy: boolean; action: string }) {
  return (
    <Group justify="flex-end" gap="xs">
      <Button variant="default" onClick={onClose}>
        Cancel
      </Button>
      <Button type="submit" loading={busy}>
        {action}
      </Button>
    </Group>
  )
}

/** What went wrong, unless a field above says it already. */
function Elsewhere({ error, fields, what }: { error: Error | null; fields: string[]; what: string }) {
  if (!error || (error instanceof ApiError && error.field && fields.includes(error.field))) return null
  return <ErrorNotice error={error} what={what} />
}

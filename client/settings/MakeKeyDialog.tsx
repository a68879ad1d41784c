import { Button, Checkbox, Group, Select, Stack, TextInput } from '@mantine/core'
import { type FormEvent, useState } from 'react'
import { type Scope, scopes } from '../../shared/users.ts'
import { fieldProblem } from '../lib/field-problem.ts'
import { CodeBlock } from '../ui/CodeBlock.tsx'
import { Dialog } from '../ui/Dialog.tsx'
import { ErrorNotice } from '../ui/ErrorNotice.tsx'
import { Notice } from '../ui/Notice.tsx'
import { useNow } from '../ui/RelativeTime.tsx'
import { useMakeKey } from './queries.ts'
import { scopeWords } from './scope-words.ts'

const DAY_MS = 24 * 60 * 60 * 1000
const LIVES = [
  { value: '30', label: 'In 30 days' },
  { value: '90', label: 'In 90 days' },
  { value: '365', label: 'In a year' },
  { value: '', label: 'Never' },
]

/** Makes a key and shows it this once. */
export function MakeKeyDialog({ onClose }: { onClose: () => void }) {
  const make = useMakeKey()
  const made = make.data
  return (
    <Dialog
      opened
      // Nobody can read a key that is made once its dialog is gone.
      onClose={() => make.isPending || onClose()}
      title={made ? `API key “${made.name}”` : 'Make API key'}
      closeOnClickOutside={!made}
      closeOnEscape={!made}
    >
      {made ? <MadeKey value={made.key} onClose={onClose} /> : <KeyForm make={make} onClose={onClose} />}
    </Dialog>
  )
}

function KeyForm({ make, onClose }: { make: ReturnType<typeof useMakeKey>; onClose: () => void }) {
  const now = useNow()
  const [name, setName] = useState('')
  const [chosen, setChosen] = useState<Scope[]>([])
  const [days, setDays] = useState('90')
  const submit = (event: FormEvent) => {
    event.preventDefault()
    const expiresAt = days ? new Date(now + Number(days) * DAY_MS).toISOString() : undefined
    make.mutate({ name: name.trim(), scopes: chosen, ...(expiresAt && { expiresAt }) })
  }
  const at = (field: string) => fieldProblem(make.error, field)
  return (
    <form onSubmit={submit}>
      <Stack gap="md">
        <TextInput
          label="Name"
          description="What will use it, so that you know later what revoking it stops."
          placeholder="Billing service"
          required
          withAsterisk={false}
          data-autofocus
          value={name}
          onChange={(event) => setName(event.currentTarget.value)}
          error={at('name')}
        />
        <Checkbox.Group
          label="Scopes"
          description="Only what it needs."
          value={chosen}
          onChange={(values) => setChosen(scopes.filter((scope) => values.includes(scope)))}
          error={at('scopes')}
        >
          <Stack gap={10} mt={8}>
            {scopes.map((scope) => (
              <Checkbox key={scope} value={scope} label={<code>{scope}</code>} description={scopeWords[scope]} />
            ))}
          </Stack>
        </Checkbox.Group>
        <Select
          label="Expires"
          data={LIVES}
          value={days}
          allowDeselect={false}
          onChange={(value) => setDays(value ?? '')}
          error={at('expiresAt')}
        />
        {make.error && !['name', 'scopes', 'expiresAt'].some(at) && (
          <ErrorNotice error={make.error} what="The key was not made" />
        )}
        <Group justify="flex-end" gap="xs">
          <Button variant="default" disabled={make.isPending} onClick={onClose}>
            Cancel
          </Button>
          <Button type="submit" loading={make.isPending} disabled={chosen.length === 0}>
            Make API key
          </Button>
        </Group>
      </Stack>
    </form>
  )
}

function MadeKey({ value, onClose }: { value: string; onClose: () => void }) {
  return (
    <Stack gap="md">
      <Notice tone="warn" title="Copy it now">
        <p>The key is shown this once. What is kept here is a hash, from which nobody can get it back.</p>
      </Notice>
      <CodeBlock label="API key" code={value} />
      <p>Send it with each request:</p>
      <CodeBlock label="Header" code={`Authorization: Bearer ${value}`} />
      <Group justify="flex-end">
        <Button onClick={onClose}>I have copied it</Button>
      </Group>
    </Stack>
  )
}

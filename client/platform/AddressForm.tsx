import { Button, Group, TextInput } from '@mantine/core'
import { type FormEvent, useState } from 'react'
import type { PlatformEndpoint } from '../../shared/platform.ts'
import { fieldProblem } from '../lib/field-problem.ts'
import { ErrorNotice } from '../ui/ErrorNotice.tsx'
import { toast } from '../ui/toast.ts'
import classes from './platform.module.css'
import { usePutPlatform } from './queries.ts'

type Props = {
  integrationId: string
  endpoint?: PlatformEndpoint
  onSecret: (secret: string) => void
  onDone?: () => void
}

/** The address of the platform. The first time, saving it brings the secret. */
export function AddressForm({ integrationId, endpoint, onSecret, onDone }: Props) {
  const put = usePutPlatform(integrationId)
  const [url, setUrl] = useState(endpoint?.url ?? '')
  const problem = fieldProblem(put.error, 'url')
  const save = (event: FormEvent) => {
    event.preventDefault()
    put.mutate(
      { url: url.trim() },
      {
        onSuccess: ({ newSecret }) => {
          if (newSecret) onSecret(newSecret)
          else toast('ok', 'Address saved')
          onDone?.()
        },
      },
    )
  }
  return (
    <form className={classes.form} onSubmit={save}>
      <TextInput
        type="url"
        label="Address"
        description="Takes a POST with JSON. https, and reachable from this server."
        placeholder="https://platform.example.com/switchboard"
        value={url}
        required
        withAsterisk={false}
        autoComplete="off"
        spellCheck={false}
        maxLength={2_000}
        autoFocus={endpoint !== undefined}
        error={problem}
        onChange={(event) => setUrl(event.currentTarget.value)}
      />
      {put.error && !problem && <ErrorNotice error={put.error} what="The address was not saved" />}
      <Group gap="xs">
        <Button type="submit" loading={put.isPending} disabled={url.trim() === '' || url.trim() === endpoint?.url}>
          {endpoint ? 'Save address' : 'Save address and make secret'}
        </Button>
        {onDone && (
          <Button variant="default" onClick={onDone}>
            Cancel
          </Button>
        )}
      </Group>
    </form>
  )
}

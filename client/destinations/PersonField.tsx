import { TextInput } from '@mantine/core'
import { useDebouncedValue } from '@mantine/hooks'
import { useQuery } from '@tanstack/react-query'
import { ApiError } from '../lib/api.ts'
import { StatePill } from '../ui/StatePill.tsx'
import { personQuery } from './queries.ts'

type Props = { integrationId: string; value: string; onChange: (value: string) => void }

const EMAIL = /^[^\s@]+@[^\s@]+\.[^\s@]{2,}$/

/** A person by e-mail address, looked up in Slack as it is typed; a member ID is taken as it is. */
export function PersonField({ integrationId, value, onChange }: Props) {
  const [settled] = useDebouncedValue(value.trim(), 400)
  const isEmail = EMAIL.test(settled)
  const person = useQuery({ ...personQuery(integrationId, settled), enabled: isEmail })
  return (
    <div>
      <TextInput
        label="E-mail address or member ID"
        description="The address they use in Slack. Messages go to their direct messages with the bot."
        placeholder="kim@acme.example"
        value={value}
        autoComplete="off"
        onChange={(event) => onChange(event.currentTarget.value)}
        data-autofocus
      />
      <p role="status" style={{ marginTop: 6, minHeight: 16 }}>
        {isEmail && person.isFetching && (
          <StatePill tone="info" shape="running" size="sm">
            Looking in Slack…
          </StatePill>
        )}
        {isEmail && person.data && !person.isFetching && (
          <StatePill tone={person.data.disabled ? 'warn' : 'ok'} size="sm">
            {person.data.name}
            {person.data.disabled && ', whose account is deactivated'}
          </StatePill>
        )}
        {isEmail && person.error && !person.isFetching && (
          <StatePill tone="warn" size="sm">
            {person.error instanceof ApiError
              ? [person.error.message, person.error.fix].filter(Boolean).join(' ')
              : 'Slack could not be asked.'}
          </StatePill>
        )}
      </p>
    </div>
  )
}

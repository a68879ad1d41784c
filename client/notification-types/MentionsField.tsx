import { TagsInput } from '@mantine/core'
import { useDebouncedValue } from '@mantine/hooks'
import { useQueries, useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import type { Integration } from '../../shared/integrations.ts'
import { fieldProblem } from '../lib/field-problem.ts'
import { IconUser, IconUsers } from '../ui/icons.ts'
import { PickerOption } from '../ui/Picker.tsx'
import { useCan } from '../users/queries.ts'
import { MentionResults } from './MentionResults.tsx'
import { mentionablesQuery, resolveMentionsQuery } from './queries.ts'

type Props = {
  words: string[]
  onChange: (words: string[]) => void
  /** Those that messages of the type go out through. */
  integrations: Integration[]
  error: unknown
  disabled: boolean
}

const TYPE_AHEAD_MS = 150
const ALWAYS = ['@here', '@channel']

/** Who is called in each message, found as one types, and for each word who that is in the workspace. */
export function MentionsField({ words, onChange, integrations, error, disabled }: Props) {
  const [typed, setTyped] = useState('')
  const [settled] = useDebouncedValue(typed.trim(), TYPE_AHEAD_MS)
  const mayResolve = useCan('operator')
  const [first] = integrations
  const found = useQuery({ ...mentionablesQuery(first?.id ?? '', settled), enabled: first !== undefined && !disabled })
  const people = new Map((found.data?.items ?? []).map((item) => [item.word, item]))
  const results = useQueries({
    queries: integrations.map(({ id }) => ({
      ...resolveMentionsQuery(id, words),
      enabled: mayResolve && words.length > 0,
    })),
  })
  return (
    <div>
      <TagsInput
        label="Mentions"
        description="Everybody named here is called in each message: @name, @group, an e-mail address, a Slack ID, @here or @channel."
        placeholder={words.length === 0 ? '@name or @group' : ''}
        value={words}
        readOnly={disabled}
        maxTags={20}
        splitChars={[',']}
        data={[...people.keys(), ...ALWAYS.filter((word) => word.includes(settled))]}
        filter={({ options }) => options}
        searchValue={typed}
        onSearchChange={setTyped}
        renderOption={({ option }) => {
          const item = people.get(option.value)
          if (!item) return <PickerOption icon={<IconUsers />} name={option.value} note="everybody there" />
          const Icon = item.kind === 'group' ? IconUsers : IconUser
          return (
            <PickerOption
              icon={<Icon />}
              name={item.name}
              note={item.kind === 'group' ? `${item.word}, a group` : item.word}
            />
          )
        }}
        error={fieldProblem(error, 'mentions')}
        onChange={onChange}
      />
      {words.length > 0 &&
        mayResolve &&
        integrations.map((integration, place) => (
          <MentionResults
            key={integration.id}
            words={words}
            asked={results[place]}
            workspace={integrations.length > 1 ? integration.name : undefined}
          />
        ))}
    </div>
  )
}

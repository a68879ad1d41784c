import { Button, Group, Select, Stack, Textarea } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { type FormEvent, useState } from 'react'
import { Link, useSearchParams } from 'react-router'
import type { TryEvent } from '../../shared/routing-trials.ts'
import { recentEventsQuery } from '../events/queries.ts'
import { formatDayTime } from '../lib/format.ts'
import { ErrorNotice } from '../ui/ErrorNotice.tsx'
import { readEvent } from './read-event.ts'
import classes from './trials.module.css'

type Props = {
  /** The event that was chosen, as it came. */
  first: Record<string, unknown> | undefined
  error: unknown
  isTrying: boolean
  onTry: (event: TryEvent) => void
}

const SAMPLE = {
  type: 'compliance.violation',
  category: 'security',
  severity: 'critical',
  title: 'Access key found in a public repository',
  text: 'The key was switched off. Please look at what it was used for.',
  url: 'https://platform.example/issues/4711',
  data: { days_remaining: 2, owner: { team: 'security' }, tags: ['gdpr'] },
}

/** An event as JSON: written, pasted, or one that came. */
export function TryForm({ first, error, isTrying, onTry }: Props) {
  const [, setParams] = useSearchParams()
  const [text, setText] = useState(() => JSON.stringify(first ?? SAMPLE, null, 2))
  const [problem, setProblem] = useState<string>()
  const { data: recent = [] } = useQuery(recentEventsQuery)
  const submit = (event: FormEvent) => {
    event.preventDefault()
    const read = readEvent(text)
    setProblem(read.kind === 'refused' ? read.message : undefined)
    if (read.kind === 'read') onTry({ event: read.event })
  }
  return (
    <form onSubmit={submit}>
      <Stack gap="md">
        {recent.length > 0 && (
          <Select
            label="Take one that came"
            description={
              <>
                Of the latest. Older ones stand in the <Link to="/events">list of events</Link>.
              </>
            }
            placeholder="Choose an event"
            searchable
            data={recent.map(({ id, title, type, acceptedAt }) => ({
              value: id,
              label: `${title} · ${type} · ${formatDayTime(acceptedAt)}`,
            }))}
            value={null}
            onChange={(id) => id && setParams({ event: id })}
          />
        )}
        <Textarea
          label="Event as JSON"
          description="As a platform would send it to POST /api/events."
          className={classes.area ?? ''}
          autosize
          minRows={12}
          maxRows={30}
          spellCheck={false}
          value={text}
          error={problem}
          onChange={(event) => setText(event.currentTarget.value)}
        />
        {error ? <ErrorNotice error={error} what="This event would not be taken" /> : null}
        <Group gap="xs">
          <Button type="submit" loading={isTrying}>
            Try event
          </Button>
        </Group>
      </Stack>
    </form>
  )
}

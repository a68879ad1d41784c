import { Button, Group, PasswordInput, Stack, TextInput } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { type FormEvent, useState } from 'react'
import type { User } from '../../shared/users.ts'
import { fieldProblem } from '../lib/field-problem.ts'
import { ErrorNotice } from '../ui/ErrorNotice.tsx'
import { PageFrame } from '../ui/PageFrame.tsx'
import { Columns, Section } from '../ui/Section.tsx'
import { SectionSkeleton } from '../ui/Skeletons.tsx'
import { toast } from '../ui/toast.ts'
import { profileQuery, useChangeProfile } from './queries.ts'
import { roleWords } from './role-words.ts'

/** One's own name and password. */
export function ProfilePage() {
  const profile = useQuery(profileQuery)
  return (
    <PageFrame title="Profile">
      {profile.isPending && <SectionSkeleton />}
      {profile.error && (
        <ErrorNotice error={profile.error} what="Your profile could not be read" onRetry={profile.refetch} banner />
      )}
      {profile.data && (
        <Columns fill>
          <NameSection user={profile.data} />
          <PasswordSection />
        </Columns>
      )}
    </PageFrame>
  )
}

function NameSection({ user }: { user: User }) {
  const change = useChangeProfile()
  const [name, setName] = useState(user.name)
  const submit = (event: FormEvent) => {
    event.preventDefault()
    change.mutate({ name: name.trim() }, { onSuccess: () => toast('ok', 'Your name was saved.') })
  }
  return (
    <Section title="You" note={`${user.email}, ${roleWords[user.role].name.toLowerCase()}`}>
      <form onSubmit={submit}>
        <Stack gap="md" maw={420}>
          <TextInput
            label="Name"
            description="Stands in the audit trail beside what you change."
            required
            withAsterisk={false}
            autoComplete="name"
            value={name}
            onChange={(event) => setName(event.currentTarget.value)}
          />
          {change.error && <ErrorNotice error={change.error} what="Your name was not saved" />}
          <Group>
            <Button type="submit" variant="default" loading={change.isPending} disabled={name.trim() === user.name}>
              Save name
            </Button>
          </Group>
        </Stack>
      </form>
    </Section>
  )
}

function PasswordSection() {
  const change = useChangeProfile()
  const [currentPassword, setCurrent] = useState('')
  const [password, setPassword] = useState('')
  const submit = (event: FormEvent) => {
    event.preventDefault()
    change.mutate(
      { password, currentPassword },
      {
        onSuccess: () => {
          setCurrent('')
          setPassword('')
          toast('ok', 'Your password was changed. Other sessions of yours are signed out.')
        },
      },
    )
  }
  const at = (field: string) => fieldProblem(change.error, field)
  return (
    <Section title="Password" note="a new one signs you out everywhere else">
      <form onSubmit={submit}>
        <Stack gap="md" maw={420}>
          <PasswordInput
            label="Current password"
            required
            withAsterisk={false}
            autoComplete="current-password"
            value={currentPassword}
            onChange={(event) => setCurrent(event.currentTarget.value)}
            error={at('currentPassword')}
          />
          <PasswordInput
            label="New password"
            description="At least 12 characters: three unrelated words do."
            required
            withAsterisk={false}
            autoComplete="new-password"
            value={password}
            onChange={(event) => setPassword(event.currentTarget.value)}
            error={at('password')}
          />
          {change.error && !at('currentPassword') && !at('password') && (
            <ErrorNotice error={change.error} what="Your password was not changed" />
          )}
          <Group>
            <Button type="submit" variant="default" loading={change.isPending}>
              Change password
            </Button>
          </Group>
        </Stack>
      </form>
    </Section>
  )
}

import { Button, PasswordInput, Stack, TextInput } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { type FormEvent, useEffect, useState } from 'react'
import { Link, useLocation, useNavigate } from 'react-router'
import { fieldProblem } from '../lib/field-problem.ts'
import { CentredPage } from '../ui/CentredPage.tsx'
import { ErrorNotice } from '../ui/ErrorNotice.tsx'
import { Notice } from '../ui/Notice.tsx'
import { setupQuery, useSetUp } from './queries.ts'

const LEAST_PASSWORD_LENGTH = 12

/** Makes the first admin with the token of the link that the server printed. */
export function SetupPage() {
  const token = useTokenOnce()
  const setup = useQuery(setupQuery)
  if (setup.data && !setup.data.needed) {
    return (
      <CentredPage title="This server is set up" lead="The setup link has done its work and is closed.">
        <Button component={Link} to="/sign-in">
          Sign in
        </Button>
      </CentredPage>
    )
  }
  return (
    <CentredPage title="Make the first admin" lead="You will add people and connect Slack with this account.">
      {setup.error && <ErrorNotice error={setup.error} what="The setup could not be read" />}
      {token ? <SetupForm token={token} /> : <TokenMissing />}
    </CentredPage>
  )
}

function SetupForm({ token }: { token: string }) {
  const navigate = useNavigate()
  const setUp = useSetUp()
  const [name, setName] = useState('')
  const [email, setEmail] = useState('')
  const [password, setPassword] = useState('')
  const [asked, setAsked] = useState(false)
  const short = password.length < LEAST_PASSWORD_LENGTH
  const submit = (event: FormEvent) => {
    event.preventDefault()
    setAsked(true)
    if (short) return
    const body = { token, name: name.trim(), email: email.trim(), password }
    setUp.mutate(body, { onSuccess: ({ isSignedIn }) => isSignedIn && navigate('/welcome', { replace: true }) })
  }
  const at = (field: string) => fieldProblem(setUp.error, field)
  const elsewhere = setUp.error && !at('name') && !at('email') && !at('password')
  return (
    <form onSubmit={submit} noValidate={false}>
      <Stack gap="md">
        {elsewhere && <ErrorNotice error={setUp.error} what="The account was not made" />}
        <TextInput
          label="Name"
          name="name"
          autoComplete="name"
          required
          withAsterisk={false}
          autoFocus
          value={name}
          onChange={(event) => setName(event.currentTarget.value)}
          error={at('name')}
        />
        <TextInput
          label="E-mail"
          type="email"
          name="email"
          autoComplete="username"
          required
          withAsterisk={false}
          value={email}
          onChange={(event) => setEmail(event.currentTarget.value)}
          error={at('email')}
        />
        <PasswordInput
          label="Password"
          description="At least 12 characters: three unrelated words do."
          name="password"
          autoComplete="new-password"
          required
          withAsterisk={false}
          value={password}
          onChange={(event) => setPassword(event.currentTarget.value)}
          error={at('password') ?? (asked && short ? `${password.length} of 12 characters.` : null)}
        />
        <Button type="submit" fullWidth loading={setUp.isPending}>
          Make admin account
        </Button>
      </Stack>
    </form>
  )
}

function TokenMissing() {
  return (
    <Notice tone="warn" title="Open the whole setup link">
      <p>
        It carries a token after <code>#token=</code>, which this page takes out of the address at once and a reload
        forgets. Copy the whole line that the server printed when it started.
      </p>
    </Notice>
  )
}

/** Reads the token from the address and takes it out of there, so that history and screen shares do not keep it. */
function useTokenOnce(): string | null {
  const { search, hash } = useLocation()
  const navigate = useNavigate()
  const [token] = useState(
    () => new URLSearchParams(hash.slice(1)).get('token') ?? new URLSearchParams(search).get('token'),
  )
  useEffect(() => {
    if (search || hash) navigate('/setup', { replace: true })
  }, [search, hash, navigate])
  return token
}

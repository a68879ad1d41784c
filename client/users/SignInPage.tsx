import { Button, PasswordInput, Stack, TextInput } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { type FormEvent, useState } from 'react'
import { Navigate, useSearchParams } from 'react-router'
import { ApiError } from '../lib/api.ts'
import { localPath } from '../lib/local-path.ts'
import { useWait } from '../lib/use-wait.ts'
import { CentredPage } from '../ui/CentredPage.tsx'
import { ErrorNotice } from '../ui/ErrorNotice.tsx'
import { Notice } from '../ui/Notice.tsx'
import { sessionQuery, setupQuery, useSignIn } from './queries.ts'

/** E-mail and password; leads back to the page that was asked for. */
export function SignInPage() {
  const [params] = useSearchParams()
  const session = useQuery(sessionQuery)
  const setup = useQuery(setupQuery)
  if (session.data) return <Navigate to={localPath(params.get('to'))} replace />
  if (setup.data?.needed) return <SetupNeeded />
  return (
    <CentredPage title="Sign in" lead="With your account on this server.">
      <SignInForm />
    </CentredPage>
  )
}

/** Escape closes no dialog that lies below, half filled in. */
const ESCAPES_NOTHING = { 'data-mantine-stop-propagation': true }

/** E-mail and password, the first filled in where it is known. */
export function SignInForm({ known = '' }: { known?: string }) {
  const signIn = useSignIn()
  const waitSeconds = useWait(signIn.error, 10)
  const [email, setEmail] = useState(known)
  const [password, setPassword] = useState('')
  const submit = (event: FormEvent) => {
    event.preventDefault()
    signIn.mutate({ email: email.trim(), password })
  }
  return (
    <form onSubmit={submit}>
      <Stack gap="md">
        {signIn.error && <SignInFailure error={signIn.error} waitSeconds={waitSeconds} />}
        <TextInput
          {...ESCAPES_NOTHING}
          label="E-mail"
          type="email"
          name="email"
          autoComplete="username"
          required
          withAsterisk={false}
          autoFocus
          value={email}
          onChange={(event) => setEmail(event.currentTarget.value)}
        />
        <PasswordInput
          {...ESCAPES_NOTHING}
          label="Password"
          name="password"
          autoComplete="current-password"
          required
          withAsterisk={false}
          value={password}
          onChange={(event) => setPassword(event.currentTarget.value)}
        />
        <Button {...ESCAPES_NOTHING} type="submit" fullWidth loading={signIn.isPending} disabled={waitSeconds > 0}>
          {waitSeconds > 0 ? `Sign in again in ${waitSeconds} s` : 'Sign in'}
        </Button>
      </Stack>
    </form>
  )
}

function SignInFailure({ error, waitSeconds }: { error: unknown; waitSeconds: number }) {
  const status = error instanceof ApiError ? error.status : undefined
  if (status === 401) {
    return (
      <Notice tone="bad" title="E-mail and password do not belong together">
        <p>Check both. An admin can set a new password under People.</p>
      </Notice>
    )
  }
  if (status === 429) {
    return (
      <Notice tone="warn" title="Too many attempts">
        <p>
          To keep guessers out, this account and address must wait
          {waitSeconds > 0 ? ` ${waitSeconds} s` : ' a little'}. A correct password works after that.
        </p>
      </Notice>
    )
  }
  return <ErrorNotice error={error} what="You are not signed in" />
}

/** Nobody can sign in before the first admin exists, and only the server's own log has the way to make one. */
function SetupNeeded() {
  return (
    <CentredPage title="Set up this server" lead="Nobody has an account here yet." width={440}>
      <Notice tone="info" title="Open the setup link">
        <p>
          When the server started it printed a link that ends in <code>/setup#token=…</code>. It works once and makes
          you the first admin. Look in the terminal or the log where the server runs; starting it again prints a new
          link.
        </p>
      </Notice>
    </CentredPage>
  )
}

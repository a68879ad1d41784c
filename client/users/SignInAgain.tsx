import { useEffect, useRef } from 'react'
import { CentredPage } from '../ui/CentredPage.tsx'
import { SignInForm } from './SignInPage.tsx'
import classes from './sign-in-again.module.css'

/** Covers the page of somebody whose session ended, dialogs and all; once they are signed in it is as they left it. */
export function SignInAgain({ email }: { email: string }) {
  const cover = useRef<HTMLDialogElement>(null)
  useEffect(() => {
    cover.current?.showModal()
    cover.current?.querySelector<HTMLInputElement>('input[name=password]')?.focus()
  }, [])
  return (
    <dialog
      ref={cover}
      className={classes.cover}
      aria-label="Sign in again"
      onCancel={(event) => event.preventDefault()}
      // What lies below has keys of its own.
      onKeyDown={(event) => event.stopPropagation()}
    >
      <CentredPage title="Sign in again" lead="Your session has ended. What you had not saved is still there.">
        <SignInForm known={email} />
      </CentredPage>
    </dialog>
  )
}

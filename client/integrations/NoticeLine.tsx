import type { CredentialNotice } from '../../shared/credential-checks.ts'
import { StateIcon } from '../ui/StatePill.tsx'
import classes from './connection.module.css'

type Props = {
  id: string
  notice: CredentialNotice | undefined
  isFilled: boolean
  /** Says nothing while all is well, where that is said in the field itself. */
  quiet?: boolean
}

/** What the form of a value says, under its field, as it is typed. */
export function NoticeLine({ id, notice, isFilled, quiet }: Props) {
  const tone = notice ? (notice.level === 'error' ? 'bad' : 'warn') : 'ok'
  const message = notice?.message ?? (isFilled && !quiet ? 'Looks right' : '')
  return (
    <p id={id} className={classes.notice} data-tone={tone} role="status">
      {message && <StateIcon tone={tone} />}
      {message}
    </p>
  )
}

import { Button, TextInput } from '@mantine/core'
import { type FormEvent, useState } from 'react'
import { MOST_CASES, type TemplateCase } from '../../shared/templates.ts'
import type { ReadSample } from './draft.ts'
import classes from './templates.module.css'

type Props = { cases: readonly TemplateCase[]; sample: ReadSample; onAdd: (one: TemplateCase) => void }

/** Makes a case of the sample: what comes of it now is what must come of it from then on. */
export function AddCase({ cases, sample, onAdd }: Props) {
  const [typed, setTyped] = useState('')
  const name = typed.trim()
  const isTaken = cases.some((one) => one.name === name)
  const submit = (event: FormEvent) => {
    event.preventDefault()
    if (name === '' || isTaken || sample.kind === 'wrong') return
    onAdd({ name, event: sample.sample })
    setTyped('')
  }
  if (cases.length >= MOST_CASES) return <p className={classes.hint}>{MOST_CASES} cases are the most there can be.</p>
  return (
    <form className={classes.addCase} onSubmit={submit}>
      <TextInput
        label="New case from the sample"
        placeholder="For example: without an owner"
        value={typed}
        maxLength={80}
        error={isTaken && 'There is a case of this name.'}
        onChange={(event) => setTyped(event.currentTarget.value)}
      />
      <Button type="submit" variant="default" disabled={name === '' || isTaken || sample.kind === 'wrong'}>
        Add case
      </Button>
    </form>
  )
}

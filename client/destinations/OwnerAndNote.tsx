import { TextInput } from '@mantine/core'
import classes from './destinations.module.css'

type About = { owner: string; note: string }
type Props = { value: About; onChange: (value: About) => void }

/** Whom to ask about a destination, and why it is there. */
export function OwnerAndNote({ value, onChange }: Props) {
  return (
    <div className={classes.pair}>
      <TextInput
        label="Owner"
        placeholder="Whom to ask about it"
        maxLength={120}
        value={value.owner}
        onChange={(event) => onChange({ ...value, owner: event.currentTarget.value })}
      />
      <TextInput
        label="Note"
        placeholder="What it is for"
        maxLength={500}
        value={value.note}
        onChange={(event) => onChange({ ...value, note: event.currentTarget.value })}
      />
    </div>
  )
}

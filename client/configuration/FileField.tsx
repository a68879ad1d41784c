import { Button, FileButton, Textarea } from '@mantine/core'
import { type DragEvent, type RefObject, useState } from 'react'
import { LONGEST_CONFIGURATION } from '../../shared/configuration.ts'
import { IconFileText } from '../ui/icons.ts'
import classes from './configuration.module.css'

export type PickedFile = { name: string; text: string }

type Props = {
  file: PickedFile
  onChange: (file: PickedFile) => void
  field: RefObject<HTMLTextAreaElement | null>
}

/** A configuration file: pasted, dropped on the field, or chosen. */
export function FileField({ file, onChange, field }: Props) {
  const [isOver, setOver] = useState(false)
  const [problem, setProblem] = useState<string>()
  const take = async (picked: File | null | undefined) => {
    if (!picked) return
    const isTooLong = picked.size > LONGEST_CONFIGURATION * 4
    setProblem(isTooLong ? `${picked.name} is too large to be a configuration.` : undefined)
    if (!isTooLong) onChange({ name: picked.name, text: await picked.text() })
  }
  const onDrop = (event: DragEvent) => {
    event.preventDefault()
    setOver(false)
    void take(event.dataTransfer.files[0])
  }
  return (
    <div>
      <Textarea
        ref={field}
        label="File"
        description="Paste it here, drop it on the field, or choose it. Secrets stay out of everything that is shown."
        placeholder={'switchboard: 1\ntypes:\n  compliance.violation:\n    destinations: ["#compliance"]'}
        value={file.text}
        error={problem}
        maxLength={LONGEST_CONFIGURATION}
        rows={14}
        spellCheck={false}
        autoComplete="off"
        wrap="off"
        data-over={isOver || undefined}
        classNames={{ input: classes.text ?? '' }}
        onChange={(event) => onChange({ ...file, text: event.currentTarget.value })}
        onDragOver={(event) => {
          event.preventDefault()
          setOver(true)
        }}
        onDragLeave={() => setOver(false)}
        onDrop={onDrop}
      />
      <div className={classes.picked}>
        <FileButton onChange={take} accept=".yaml,.yml,.json,application/json,text/yaml">
          {(props) => (
            <Button {...props} variant="default" size="xs" leftSection={<IconFileText />}>
              Choose a file
            </Button>
          )}
        </FileButton>
        {file.name && <span className={classes.meta}>{file.name}</span>}
      </div>
    </div>
  )
}

/** Shows a line of the file: selected, and in sight. */
export function showLine(field: HTMLTextAreaElement | null, line: number): void {
  if (!field) return
  const lines = field.value.split('\n')
  const start = lines.slice(0, line - 1).reduce((sum, each) => sum + each.length + 1, 0)
  field.focus()
  field.setSelectionRange(start, start + (lines[line - 1]?.length ?? 0))
  field.scrollTop = Math.max(0, (field.scrollHeight / lines.length) * (line - 4))
}

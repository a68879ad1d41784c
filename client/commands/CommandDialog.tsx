import { Button, Group, Stack, TextInput } from '@mantine/core'
import { type FormEvent, useState } from 'react'
import type { CommandUsage } from '../../shared/commands.ts'
import { fieldProblem } from '../lib/field-problem.ts'
import { Dialog } from '../ui/Dialog.tsx'
import { ErrorNotice } from '../ui/ErrorNotice.tsx'
import { toast } from '../ui/toast.ts'
import classes from './commands.module.css'
import { type CommandDraft, commandDraft, nameOf, shownAs, toDeclared } from './draft.ts'
import { ParameterFields } from './ParameterFields.tsx'
import { useDeclareCommand } from './queries.ts'

type Props = { saved?: CommandUsage | undefined; onClose: () => void }

/** A new command of the platform, or one that is declared. */
export function CommandDialog({ saved, onClose }: Props) {
  const declare = useDeclareCommand()
  const [draft, setDraft] = useState(() => commandDraft(saved))
  const set = (part: Partial<CommandDraft>) => setDraft((before) => ({ ...before, ...part }))
  const declared = toDeclared(draft)
  const submit = (event: FormEvent) => {
    event.preventDefault()
    if (!declared) return
    declare.mutate(
      { command: nameOf(draft.command), declared },
      {
        onSuccess: () => {
          void toast('ok', `${nameOf(draft.command)} is declared`)
          onClose()
        },
      },
    )
  }
  return (
    <Dialog opened onClose={onClose} title={saved ? `Change ${saved.command}` : 'Declare a command'} size={640}>
      <form onSubmit={submit}>
        <Stack gap="lg">
          <TextInput
            label="Command"
            description={saved ? 'To rename it, declare another one and drop this.' : 'What people type in Slack.'}
            value={draft.command}
            disabled={saved !== undefined}
            required
            maxLength={32}
            data-autofocus={saved ? undefined : true}
            error={fieldProblem(declare.error, 'command')}
            onChange={(event) => set({ command: event.currentTarget.value })}
          />
          <TextInput
            label="Description"
            description="Slack shows it while somebody types the command."
            value={draft.description}
            required
            maxLength={2_000}
            error={fieldProblem(declare.error, 'description')}
            onChange={(event) => set({ description: event.currentTarget.value })}
          />
          <TextInput
            label="Handler"
            description="What your platform knows it by; each call carries it."
            value={draft.handler}
            required
            maxLength={200}
            error={fieldProblem(declare.error, 'handler')}
            onChange={(event) => set({ handler: event.currentTarget.value })}
          />
          <ParameterFields draft={draft} set={set} error={declare.error} />
          <p className={classes.shownAs}>
            Slack shows <code>{shownAs(draft)}</code>
          </p>
          {declare.error && <ErrorNotice error={declare.error} what="Nothing was changed" />}
          <Group justify="flex-end" gap="xs">
            <Button variant="default" onClick={onClose}>
              Cancel
            </Button>
            <Button type="submit" loading={declare.isPending} disabled={!declared}>
              {saved ? 'Save changes' : 'Declare command'}
            </Button>
          </Group>
        </Stack>
      </form>
    </Dialog>
  )
}

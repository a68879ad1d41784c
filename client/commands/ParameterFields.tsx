import { ActionIcon, Button, TextInput } from '@mantine/core'
import { fieldProblem } from '../lib/field-problem.ts'
import { IconPlus, IconX } from '../ui/icons.ts'
import classes from './commands.module.css'
import { type CommandDraft, withParameter } from './draft.ts'

type Props = { draft: CommandDraft; set: (part: Partial<CommandDraft>) => void; error: unknown }

const MOST_PARAMETERS = 20
const PARTS = [
  { field: 'name', label: 'Name', most: 60, placeholder: 'framework' },
  { field: 'type', label: 'Type', most: 30, placeholder: 'string' },
  { field: 'description', label: 'What it is', most: 300, placeholder: '' },
] as const

/** What may be typed after the command, in order. */
export function ParameterFields({ draft, set, error }: Props) {
  const { parameters } = draft
  const problem = fieldProblem(error, 'parameters')
  const change = (key: number, part: Partial<CommandDraft['parameters'][number]>) =>
    set({ parameters: parameters.map((each) => (each.key === key ? { ...each, ...part } : each)) })
  return (
    <fieldset className={classes.parameters}>
      <legend>Parameters</legend>
      <p className={classes.meta}>
        In the order they are typed. The last one takes all that is left; “several words” count as one.
      </p>
      {parameters.map((parameter, place) => (
        <div key={parameter.key} className={classes.parameter}>
          {PARTS.map(({ field, label, most, placeholder }) => (
            <TextInput
              key={field}
              label={label}
              aria-label={`${label} of parameter ${place + 1}`}
              value={parameter[field]}
              maxLength={most}
              placeholder={placeholder}
              onChange={(event) => change(parameter.key, { [field]: event.currentTarget.value })}
            />
          ))}
          <ActionIcon
            aria-label={`Remove parameter ${place + 1}`}
            onClick={() => set({ parameters: parameters.filter(({ key }) => key !== parameter.key) })}
          >
            <IconX />
          </ActionIcon>
        </div>
      ))}
      {problem && (
        <p className={classes.problem} role="alert">
          {problem}
        </p>
      )}
      <Button
        variant="default"
        size="xs"
        leftSection={<IconPlus />}
        disabled={parameters.length >= MOST_PARAMETERS}
        onClick={() => set({ parameters: withParameter(draft) })}
      >
        Add parameter
      </Button>
    </fieldset>
  )
}

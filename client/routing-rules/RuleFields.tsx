import { Checkbox, Select, Stack, Switch, TagsInput, TextInput } from '@mantine/core'
import { Priority } from '../../shared/deliveries.ts'
import { fieldProblem } from '../lib/field-problem.ts'
import { TargetsField } from '../targets/TargetsField.tsx'
import { ConditionField } from './ConditionField.tsx'
import { ConditionHelp } from './ConditionHelp.tsx'
import type { SeenField } from './completions.ts'
import type { RuleDraft } from './draft.ts'
import { priorityWords } from './priority-words.ts'

type Props = {
  draft: RuleDraft
  set: (part: Partial<RuleDraft>) => void
  seen: readonly SeenField[]
  error: unknown
}

/** What a rule is called, which events it is for, and what it adds to them. */
export function RuleFields({ draft, set, seen, error }: Props) {
  return (
    <Stack gap="lg">
      <TextInput
        label="Name"
        placeholder="Security incidents"
        required
        withAsterisk={false}
        maxLength={100}
        value={draft.name}
        error={fieldProblem(error, 'name')}
        onChange={(event) => set({ name: event.currentTarget.value })}
      />
      <div>
        <ConditionField
          value={draft.condition}
          onChange={(condition) => set({ condition })}
          seen={seen}
          error={fieldProblem(error, 'condition')}
        />
        <ConditionHelp />
      </div>
      <TargetsField
        label="Also send to"
        chosen={draft.destinations}
        onChange={(destinations) => set({ destinations })}
        error={error}
      />
      <TagsInput
        label="Also mention"
        description="@name, @group, an e-mail address, a Slack ID, @here or @channel. Enter after each."
        placeholder={draft.mentions.length === 0 ? '@security-team' : ''}
        maxTags={20}
        value={draft.mentions}
        error={fieldProblem(error, 'mentions')}
        onChange={(mentions) => set({ mentions })}
      />
      <Select
        label="Priority"
        description="The highest of the type and all rules that match counts."
        data={[
          { value: '', label: 'As it is' },
          ...Priority.options.map((value) => ({ value, label: priorityWords[value] })),
        ]}
        value={draft.priority ?? ''}
        allowDeselect={false}
        onChange={(value) => set({ priority: Priority.options.find((each) => each === value) ?? null })}
      />
      <Checkbox
        label="Stop here when it matches"
        description="Rules further down are not tried for the event."
        checked={draft.stop}
        onChange={(event) => set({ stop: event.currentTarget.checked })}
      />
      <Switch
        label="In use"
        description="A rule that is off is kept and not tried."
        checked={draft.enabled}
        onChange={(event) => set({ enabled: event.currentTarget.checked })}
      />
    </Stack>
  )
}

import { NativeSelect, TextInput } from '@mantine/core'
import { QuietScope } from '../../shared/quiet-hours.ts'
import { fieldProblem } from '../lib/field-problem.ts'
import { DestinationField } from '../targets/DestinationField.tsx'
import type { ScopeDraft } from './draft.ts'
import classes from './quiet-hours.module.css'
import { scopeKinds } from './words.ts'

type Props = { draft: ScopeDraft; set: (part: Partial<ScopeDraft>) => void; error: unknown; disabled?: boolean }

const KINDS = Object.keys(scopeKinds) as ScopeDraft['kind'][]

/** What is to be quiet: everything, or one destination, type or person. */
export function ScopeFields({ draft, set, error, disabled = false }: Props) {
  return (
    <div className={classes.pair}>
      <NativeSelect
        label="What is quiet"
        value={draft.kind}
        disabled={disabled}
        data={KINDS.map((kind) => ({ value: kind, label: scopeKinds[kind] }))}
        onChange={(event) => set({ kind: kindOf(event.currentTarget.value) })}
      />
      {draft.kind === 'destination' && (
        <DestinationField
          chosen={draft.destinationId}
          onChoose={(chosen) => set({ destinationId: chosen?.id ?? null })}
          error={fieldProblem(error, 'scope.id')}
          disabled={disabled}
        />
      )}
      {draft.kind === 'type' && (
        <TextInput
          label="Type"
          placeholder="compliance.violation"
          value={draft.type}
          maxLength={100}
          disabled={disabled}
          autoComplete="off"
          spellCheck={false}
          error={fieldProblem(error, 'scope.type')}
          onChange={(event) => set({ type: event.currentTarget.value })}
        />
      )}
      {draft.kind === 'person' && (
        <TextInput
          label="Person"
          description="As events name their recipient. Holds their direct messages, and what is about them in channels."
          placeholder="kim@example.com"
          value={draft.recipient}
          maxLength={254}
          disabled={disabled}
          autoComplete="off"
          spellCheck={false}
          error={fieldProblem(error, 'scope.recipient')}
          onChange={(event) => set({ recipient: event.currentTarget.value })}
        />
      )}
    </div>
  )
}

const kindOf = (value: string): ScopeDraft['kind'] => {
  const kind = KINDS.find((each) => each === value)
  return kind ?? QuietScope.options[0].shape.kind.value
}

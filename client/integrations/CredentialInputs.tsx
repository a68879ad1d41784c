import { ActionIcon, TextInput } from '@mantine/core'
import { useState } from 'react'
import type { CredentialNotice } from '../../shared/credential-checks.ts'
import { credentialInfo } from '../../shared/credentials.ts'
import { IconEye, IconEyeOff, IconHelpCircle } from '../ui/icons.ts'
import { StateIcon } from '../ui/StatePill.tsx'
import { type CredentialInput, credentialInputs, type Draft, inSentence } from './draft.ts'
import { FieldGuide } from './FieldGuide.tsx'
import { FormRow } from './FormRow.tsx'
import { NoticeLine } from './NoticeLine.tsx'
import classes from './new.module.css'

type Props = {
  draft: Draft
  problems: Partial<Record<CredentialInput, CredentialNotice>>
  onChange: (change: Partial<Draft>) => void
  /** The guide beside the form follows the field one is in. */
  onFocus: (field: CredentialInput) => void
}

/** The ids and secrets of a Slack app, each checked for its form as it is typed. */
export function CredentialInputs({ draft, problems, onChange, onFocus }: Props) {
  const [explained, setExplained] = useState<CredentialInput>()
  return credentialInputs.map((field) => (
    <FormRow
      key={field}
      label={credentialInfo[field].label}
      htmlFor={`new-${field}`}
      optional={credentialInfo[field].optional}
      aside={
        <ActionIcon
          size={20}
          className={classes.help}
          aria-label={`Where is the ${inSentence(field)}?`}
          aria-expanded={explained === field}
          onClick={() => {
            onFocus(field)
            setExplained(explained === field ? undefined : field)
          }}
        >
          <IconHelpCircle />
        </ActionIcon>
      }
    >
      <CredentialField
        field={field}
        value={draft[field]}
        problem={problems[field]}
        onChange={(value) => onChange({ [field]: value })}
        onFocus={() => onFocus(field)}
      />
      {explained === field && (
        <div className={classes.inlineGuide}>
          <FieldGuide field={field} appId={draft.appId} shown={{ appId: draft.appId, clientId: draft.clientId }} />
        </div>
      )}
    </FormRow>
  ))
}

const PLACEHOLDERS: Partial<Record<CredentialInput, string>> = {
  botToken: 'xoxb-… once the app is installed',
  appToken: 'xapp-… only for Socket Mode',
}

type FieldProps = {
  field: CredentialInput
  value: string
  problem: CredentialNotice | undefined
  onChange: (value: string) => void
  onFocus: () => void
}

function CredentialField({ field, value, problem, onChange, onFocus }: FieldProps) {
  const [isShown, setShown] = useState(false)
  const { secret, label } = credentialInfo[field]
  const looksRight = value.trim() !== '' && !problem
  return (
    <>
      <TextInput
        id={`new-${field}`}
        type={secret && !isShown ? 'password' : 'text'}
        value={value}
        placeholder={PLACEHOLDERS[field] ?? ''}
        autoComplete={secret ? 'new-password' : 'off'}
        autoCapitalize="off"
        spellCheck={false}
        aria-invalid={problem?.level === 'error' || undefined}
        aria-describedby={`new-${field}-notice`}
        error={problem?.level === 'error'}
        onChange={(event) => onChange(event.currentTarget.value)}
        onFocus={onFocus}
        rightSectionWidth={secret && value ? (looksRight ? 132 : 36) : looksRight ? 100 : 0}
        rightSectionPointerEvents="all"
        rightSection={
          <span className={classes.inside}>
            {looksRight && (
              <span className={classes.right}>
                <StateIcon tone="ok" /> Looks right
              </span>
            )}
            {secret && value && (
              <ActionIcon
                size={24}
                aria-label={`${isShown ? 'Hide' : 'Show'} ${label}`}
                onClick={() => setShown(!isShown)}
              >
                {isShown ? <IconEyeOff /> : <IconEye />}
              </ActionIcon>
            )}
          </span>
        }
        classNames={{ input: classes.mono ?? '' }}
      />
      <NoticeLine id={`new-${field}-notice`} notice={problem} isFilled={value.trim() !== ''} quiet />
    </>
  )
}

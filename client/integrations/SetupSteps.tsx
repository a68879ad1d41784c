import { VisuallyHidden } from '@mantine/core'
import { stepNames } from '../../shared/connection-tests.ts'
import { IconCheck } from '../ui/icons.ts'
import { credentialInputs, type Draft } from './draft.ts'
import classes from './new.module.css'

type Props = { draft: Draft; hasManifest: boolean; looksRight: boolean }

/** The way from nothing to the first message, and where on it one stands. */
export function SetupSteps({ draft, hasManifest, looksRight }: Props) {
  const isFilled = (['appId', 'clientId', 'clientSecret', 'signingSecret'] as const).every((key) => draft[key].trim())
  const hasBegun = credentialInputs.some((field) => draft[field].trim() !== '')
  const done = [
    draft.source === 'existing' || hasManifest || hasBegun,
    isFilled && looksRight && draft.name.trim() !== '',
  ]
  const current = done.indexOf(false) < 0 ? 2 : done.indexOf(false)
  const steps = [
    { title: 'Slack app', note: draft.source === 'manifest' ? 'From a manifest' : 'One that exists' },
    { title: 'Credentials', note: 'Secrets from Slack' },
    { title: 'Test connection', note: `${stepNames.length} checks` },
    { title: 'Channels', note: 'Where messages go' },
    { title: 'First message', note: 'See it arrive in Slack' },
  ]
  return (
    <nav className={classes.steps} aria-label="Steps">
      <p className={classes.stepNow}>
        Step {current + 1} of {steps.length}: {steps[current]?.title}
      </p>
      <ol>
        {steps.map(({ title, note }, index) => (
          <li
            key={title}
            className={classes.step}
            aria-current={index === current ? 'step' : undefined}
            data-done={done[index] || undefined}
          >
            <span className={classes.stepMark} aria-hidden="true">
              {done[index] ? <IconCheck style={{ '--icon': '12px', strokeWidth: 3 }} /> : index + 1}
            </span>
            <span>
              <span className={classes.stepTitle}>
                {title}
                {done[index] && <VisuallyHidden> (done)</VisuallyHidden>}
              </span>
              <span className={classes.stepNote}>{note}</span>
            </span>
          </li>
        ))}
      </ol>
    </nav>
  )
}

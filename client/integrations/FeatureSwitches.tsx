import { Switch } from '@mantine/core'
import { type SlackFeatureKey, slackFeatures } from '../../shared/slack-scopes.ts'
import classes from './features.module.css'

type Props = { value: readonly string[]; onChange: (features: string[]) => void; disabled?: boolean }

/** What the app may be used for; each says which scopes it costs. */
export function FeatureSwitches({ value, onChange, disabled = false }: Props) {
  const toggle = (key: SlackFeatureKey, on: boolean) =>
    onChange(on ? [...value, key] : value.filter((feature) => feature !== key))
  return (
    <ul className={classes.features}>
      {slackFeatures.map(({ key, label, description, scopes }) => (
        <li key={key} className={classes.feature}>
          <Switch
            id={`feature-${key}`}
            checked={value.includes(key)}
            disabled={disabled}
            onChange={(event) => toggle(key, event.currentTarget.checked)}
            aria-describedby={`feature-${key}-about`}
            aria-labelledby={`feature-${key}-label`}
            size="sm"
          />
          <div>
            <label htmlFor={`feature-${key}`} id={`feature-${key}-label`} className={classes.label}>
              {label}
            </label>
            <p id={`feature-${key}-about`} className={classes.about}>
              {description} <span className={classes.scopes}>{scopes.join(' ')}</span>
            </p>
          </div>
        </li>
      ))}
    </ul>
  )
}

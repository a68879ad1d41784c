import { ActionIcon, Switch } from '@mantine/core'
import { useState } from 'react'
import { Link } from 'react-router'
import type { RoutingRule } from '../../shared/routing-rules.ts'
import { ErrorNotice } from '../ui/ErrorNotice.tsx'
import { IconArrowDown, IconArrowUp } from '../ui/icons.ts'
import { StatePill } from '../ui/StatePill.tsx'
import { useCan } from '../users/queries.ts'
import { ConditionText } from './ConditionText.tsx'
import { useChangeRule } from './queries.ts'
import { RuleAdds } from './RuleAdds.tsx'
import classes from './routing-rules.module.css'

/** Rules in their order. An admin moves and switches them here; the name leads to the whole rule. */
export function RulesList({ rules }: { rules: RoutingRule[] }) {
  const isAdmin = useCan('admin')
  const change = useChangeRule()
  const [told, setTold] = useState('')
  const move = (rule: RoutingRule, by: 1 | -1) => {
    const position = rule.position + by
    change.mutate(
      { id: rule.id, change: { position } },
      {
        onSuccess: () => {
          setTold(`${rule.name} is now number ${position + 1}.`)
          keepFocus(rule.id, by)
        },
      },
    )
  }
  return (
    <>
      {change.error && <ErrorNotice banner error={change.error} what="The rule was not changed" />}
      <p className={classes.unseen} role="status">
        {told}
      </p>
      <ol className={classes.rules} aria-label="Routing rules">
        {rules.map((rule, at) => (
          <li key={rule.id} className={classes.rule} data-off={!rule.enabled || undefined}>
            <span className={classes.number}>{rule.position + 1}</span>
            <div className={classes.ruleText}>
              <div className={classes.ruleName}>
                <Link to={`/notifications/rules/${rule.id}`}>{rule.name}</Link>
                {!rule.enabled && (
                  <StatePill tone="neutral" shape="pause" size="sm">
                    Off
                  </StatePill>
                )}
              </div>
              <ConditionText>{rule.condition}</ConditionText>
            </div>
            <div className={classes.ruleAdds}>
              <RuleAdds rule={rule} />
            </div>
            <div className={classes.ruleActions}>
              <Switch
                aria-label={`Use ${rule.name}`}
                checked={rule.enabled}
                disabled={!isAdmin || change.isPending}
                onChange={(event) => change.mutate({ id: rule.id, change: { enabled: event.currentTarget.checked } })}
              />
              {isAdmin && (
                <>
                  <ActionIcon
                    id={moverId(rule.id, -1)}
                    aria-label={`Move ${rule.name} up`}
                    disabled={at === 0}
                    onClick={() => !change.isPending && move(rule, -1)}
                  >
                    <IconArrowUp />
                  </ActionIcon>
                  <ActionIcon
                    id={moverId(rule.id, 1)}
                    aria-label={`Move ${rule.name} down`}
                    disabled={at === rules.length - 1}
                    onClick={() => !change.isPending && move(rule, 1)}
                  >
                    <IconArrowDown />
                  </ActionIcon>
                </>
              )}
            </div>
          </li>
        ))}
      </ol>
    </>
  )
}

/** The button goes with its row, and at the end of the list it is off: then the other one takes over. */
function keepFocus(id: string, by: 1 | -1): void {
  requestAnimationFrame(() => {
    const button = document.getElementById(moverId(id, by))
    const other = document.getElementById(moverId(id, by === 1 ? -1 : 1))
    if (button?.hasAttribute('disabled')) other?.focus()
    else button?.focus()
  })
}

const moverId = (id: string, by: 1 | -1) => `move-${id}-${by === 1 ? 'down' : 'up'}`

import { ActionIcon, Switch } from '@mantine/core'
import { Link } from 'react-router'
import type { RoutingRule } from '../../shared/routing-rules.ts'
import { IconArrowDown, IconArrowUp, IconGripVertical } from '../ui/icons.ts'
import { StatePill } from '../ui/StatePill.tsx'
import type { useDragOrder } from '../ui/use-drag-order.ts'
import { ConditionText } from './ConditionText.tsx'
import { RuleAdds } from './RuleAdds.tsx'
import classes from './routing-rules.module.css'

type Drag = ReturnType<typeof useDragOrder>

type Props = {
  rule: RoutingRule
  isFirst: boolean
  isLast: boolean
  isPending: boolean
  /** Left out for those who may only look. */
  drag: { handle: ReturnType<Drag['handle']>; row: ReturnType<Drag['row']> } | undefined
  onSwitch: (enabled: boolean) => void
  onMove: (by: 1 | -1) => void
}

/** One rule of the list: what it is for, what it adds, and for an admin the switch and the ways to move it. */
export function RuleRow({ rule, isFirst, isLast, isPending, drag, onSwitch, onMove }: Props) {
  const mover = (by: 1 | -1, word: string, isEnd: boolean) => (
    <ActionIcon
      id={moverId(rule.id, by)}
      aria-label={`Move ${rule.name} ${word}`}
      disabled={isEnd}
      onClick={() => onMove(by)}
    >
      {by === 1 ? <IconArrowDown /> : <IconArrowUp />}
    </ActionIcon>
  )
  return (
    <li className={classes.rule} data-off={!rule.enabled || undefined} {...drag?.row}>
      <span className={classes.number}>
        {drag && (
          <span className={classes.grip} title="Drag to another place" aria-hidden="true" {...drag.handle}>
            <IconGripVertical />
          </span>
        )}
        {rule.position + 1}
      </span>
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
          disabled={!drag || isPending}
          onChange={(event) => onSwitch(event.currentTarget.checked)}
        />
        {drag && (
          <>
            {mover(-1, 'up', isFirst)}
            {mover(1, 'down', isLast)}
          </>
        )}
      </div>
    </li>
  )
}

export const moverId = (id: string, by: 1 | -1) => `move-${id}-${by === 1 ? 'down' : 'up'}`

import type { RoutingRule } from '../../shared/routing-rules.ts'
import { TargetList } from '../targets/TargetLabel.tsx'
import { StatePill } from '../ui/StatePill.tsx'
import { priorityWords } from './priority-words.ts'
import classes from './routing-rules.module.css'

type Props = { rule: Pick<RoutingRule, 'name' | 'destinations' | 'mentions' | 'priority' | 'stop'> }

/** What a rule adds to an event that it matches. */
export function RuleAdds({ rule: { name, destinations, mentions, priority, stop } }: Props) {
  const isNothing = destinations.length === 0 && mentions.length === 0 && priority === null && !stop
  return (
    <div className={classes.adds}>
      {isNothing && <span className={classes.meta}>Adds nothing</span>}
      {destinations.length > 0 && <TargetList destinations={destinations} label={`Destinations of ${name}`} />}
      {mentions.length > 0 && <span className={classes.meta}>Mentions {mentions.join(', ')}</span>}
      {(priority || stop) && (
        <span className={classes.marks}>
          {priority && (
            <StatePill tone={priority === 'urgent' ? 'warn' : 'neutral'} size="sm">
              {priorityWords[priority]}
            </StatePill>
          )}
          {stop && (
            <StatePill tone="neutral" shape="ban" size="sm">
              Stops here
            </StatePill>
          )}
        </span>
      )}
    </div>
  )
}

import type { RoutingRule } from '../../shared/routing-rules.ts'
import { TargetList } from '../targets/TargetLabel.tsx'
import { KeyValue, KeyValues } from '../ui/KeyValues.tsx'
import { Section } from '../ui/Section.tsx'
import { ConditionText } from './ConditionText.tsx'
import { priorityWords } from './priority-words.ts'

/** A rule for those who may read it and not change it. */
export function RuleFacts({ rule }: { rule: RoutingRule }) {
  const { condition, destinations, mentions, priority, stop, enabled } = rule
  return (
    <Section title="The rule">
      <KeyValues>
        <KeyValue name="Condition">
          <ConditionText>{condition}</ConditionText>
        </KeyValue>
        <KeyValue name="Also sends to">
          {destinations.length > 0 ? <TargetList destinations={destinations} label="Destinations" /> : 'Nowhere else'}
        </KeyValue>
        <KeyValue name="Also mentions">{mentions.length > 0 ? mentions.join(', ') : 'Nobody'}</KeyValue>
        <KeyValue name="Priority">{priority ? priorityWords[priority] : 'As it is'}</KeyValue>
        <KeyValue name="When it matches">
          {stop ? 'Rules after it are not tried' : 'Rules after it are tried too'}
        </KeyValue>
        <KeyValue name="In use">{enabled ? 'Yes' : 'No, it is off'}</KeyValue>
      </KeyValues>
    </Section>
  )
}

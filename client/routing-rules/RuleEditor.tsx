import { Button } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import type { FormEvent } from 'react'
import { useNavigate } from 'react-router'
import type { RoutingRule } from '../../shared/routing-rules.ts'
import { seenFieldsQuery } from '../events/queries.ts'
import { isUnderWay } from '../lib/under-way.ts'
import { useEdits } from '../lib/use-edits.ts'
import { ErrorNotice } from '../ui/ErrorNotice.tsx'
import { DONE, LeaveGuard } from '../ui/LeaveGuard.tsx'
import { Columns, Dock, Section } from '../ui/Section.tsx'
import { toast } from '../ui/toast.ts'
import { checkDraft } from './check-draft.ts'
import { changeOf, draftOf, FRESH, type RuleDraft, ruleOf } from './draft.ts'
import { useChangeRule, useCreateRule } from './queries.ts'
import { RuleFields } from './RuleFields.tsx'
import { WhatIfSection } from './WhatIfSection.tsx'

const LIST = '/notifications/rules'

/** The form of a rule beside what it would change. Without a rule, it makes one. */
export function RuleEditor({ rule }: { rule?: RoutingRule }) {
  const navigate = useNavigate()
  const { draft, changes, isChanged, set } = useEdits<RuleDraft>(rule ? draftOf(rule) : FRESH)
  const { data: seen = [] } = useQuery(seenFieldsQuery)
  const create = useCreateRule()
  const change = useChangeRule()
  const saving = rule ? change : create
  const { error } = saving
  const isSound = draft.condition.trim() !== '' && checkDraft(draft.condition, []).problems.length === 0
  const saved = {
    onSuccess: () => {
      void toast('ok', rule ? 'Rule saved' : 'Rule added: events are decided by it from now on')
      navigate(LIST, { state: DONE })
    },
  }
  const save = (event: FormEvent) => {
    event.preventDefault()
    if (rule) change.mutate({ id: rule.id, change: changeOf(changes) }, saved)
    else create.mutate(ruleOf(draft), saved)
  }
  return (
    <form onSubmit={save} style={{ display: 'contents' }}>
      <LeaveGuard when={isChanged} what="rule" />
      <Columns fill>
        <Section label="The rule">
          <RuleFields draft={draft} set={set} seen={seen} error={error} />
        </Section>
        <WhatIfSection
          draft={isSound ? { rule: draftedRule(draft, rule) } : undefined}
          waiting="Once the condition is complete, the latest events are decided with it, and you see which of them would have gone elsewhere. Nothing is sent."
        />
      </Columns>
      <Dock note={error && <ErrorNotice error={error} what="Nothing was saved" />}>
        <Button variant="default" onClick={() => navigate(LIST, { state: DONE })}>
          Cancel
        </Button>
        <Button
          type="submit"
          loading={isUnderWay(saving)}
          disabled={!isChanged || !isSound || draft.name.trim() === ''}
        >
          {rule ? 'Save rule' : 'Add rule'}
        </Button>
      </Dock>
    </form>
  )
}

/** As it is tried: a rule has to have a name, which may come last. */
function draftedRule(draft: RuleDraft, rule: RoutingRule | undefined) {
  return { ...ruleOf(draft), name: draft.name.trim() || 'New rule', ...(rule && { id: rule.id }) }
}

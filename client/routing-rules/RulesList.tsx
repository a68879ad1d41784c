import { useLayoutEffect, useRef, useState } from 'react'
import type { RoutingRule } from '../../shared/routing-rules.ts'
import { ErrorNotice } from '../ui/ErrorNotice.tsx'
import { useDragOrder } from '../ui/use-drag-order.ts'
import { useCan } from '../users/queries.ts'
import { useChangeRule } from './queries.ts'
import { moverId, RuleRow } from './RuleRow.tsx'
import classes from './routing-rules.module.css'

/** Rules in their order. An admin moves and switches them here; the name leads to the whole rule. */
export function RulesList({ rules }: { rules: RoutingRule[] }) {
  const isAdmin = useCan('admin')
  const change = useChangeRule()
  const [told, setTold] = useState('')
  const stepped = useRef<Step>(undefined)
  const move = (rule: RoutingRule, position: number, by?: 1 | -1) => {
    if (change.isPending) return
    stepped.current = by && { id: rule.id, by, position }
    change.mutate(
      { id: rule.id, change: { position } },
      {
        onSuccess: () => setTold(`${rule.name} is now number ${position + 1}.`),
        onError: () => {
          stepped.current = undefined
        },
      },
    )
  }
  useLayoutEffect(() => {
    const { current: step } = stepped
    if (!step || rules.find(({ id }) => id === step.id)?.position !== step.position) return
    stepped.current = undefined
    keepFocus(step)
  }, [rules])
  const drag = useDragOrder((from, to) => {
    const [rule, goal] = [rules[from], rules[to]]
    if (rule && goal) move(rule, goal.position)
  })
  return (
    <>
      {change.error && <ErrorNotice banner error={change.error} what="The rule was not changed" />}
      <p className={classes.unseen} role="status">
        {told}
      </p>
      <ol className={classes.rules} aria-label="Routing rules">
        {rules.map((rule, at) => (
          <RuleRow
            key={rule.id}
            rule={rule}
            isFirst={at === 0}
            isLast={at === rules.length - 1}
            isPending={change.isPending}
            drag={isAdmin ? { handle: drag.handle(at), row: drag.row(at) } : undefined}
            onSwitch={(enabled) => change.mutate({ id: rule.id, change: { enabled } })}
            onMove={(by) => move(rule, rule.position + by, by)}
          />
        ))}
      </ol>
    </>
  )
}

type Step = { id: string; by: 1 | -1; position: number }

/** The button goes with its row, and at the end of the list it is off: then the other one takes over. */
function keepFocus({ id, by }: Step): void {
  const button = document.getElementById(moverId(id, by))
  const other = document.getElementById(moverId(id, by === 1 ? -1 : 1))
  if (button?.hasAttribute('disabled')) other?.focus()
  else button?.focus()
}

import { Button } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { formatClock, formatDuration } from '../lib/format.ts'
import { CodeBlock } from '../ui/CodeBlock.tsx'
import { StateIcon } from '../ui/StatePill.tsx'
import type { Call } from './control.ts'
import { PanelSection } from './PanelSection.tsx'
import { CALLS_SHOWN, callsQuery, useChange } from './queries.ts'
import classes from './simulator.module.css'

/** What reached the simulator and what it sent, newest first. Secrets were taken out before it was kept. */
export function CallsPanel() {
  const { data: calls = [] } = useQuery(callsQuery)
  const change = useChange()
  const clear = (
    <Button
      variant="subtle"
      color="gray"
      size="xs"
      disabled={calls.length === 0}
      onClick={() => change.mutate({ method: 'DELETE', path: '/calls' })}
    >
      Clear
    </Button>
  )
  return (
    <PanelSection title="Calls" note={`the newest ${CALLS_SHOWN}, secrets removed`} actions={clear}>
      {calls.length === 0 && <p className={classes.meta}>None yet. Press Test connection in Switchboard.</p>}
      <ol className={classes.rows}>
        {calls.toReversed().map((call) => (
          <CallRow key={call.id} call={call} />
        ))}
      </ol>
    </PanelSection>
  )
}

function CallRow({ call }: { call: Call }) {
  const isWell = call.ok === true && call.fault === undefined
  const word = call.error ?? (call.status === null ? 'no answer' : call.ok === false ? 'failed' : 'ok')
  return (
    <li>
      <details className={classes.call}>
        <summary>
          <StateIcon tone={isWell ? 'ok' : call.ok ? 'warn' : 'bad'} />
          <span className={classes.callName}>
            {call.direction === 'out' ? '→ ' : ''}
            {call.method}
          </span>
          <span className={classes.meta}>
            {word} {call.fault && `(${call.fault})`}
          </span>
        </summary>
        <p className={classes.meta}>
          {formatClock(call.at)}, {call.status === null ? 'no answer' : `HTTP ${call.status}`}
          {call.tookMs !== undefined && `, ${formatDuration(call.tookMs)}`}
        </p>
        <CodeBlock code={JSON.stringify(call.args, null, 2)} label={`Arguments of call ${call.id}`} />
      </details>
    </li>
  )
}

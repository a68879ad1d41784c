import { Stack } from '@mantine/core'
import type { PlatformCall } from '../../shared/platform.ts'
import { formatDuration, formatExact } from '../lib/format.ts'
import { CodeBlock } from '../ui/CodeBlock.tsx'
import { Dialog } from '../ui/Dialog.tsx'
import { Notice } from '../ui/Notice.tsx'
import { DueTime } from '../ui/RelativeTime.tsx'
import { StateIcon } from '../ui/StatePill.tsx'
import { callWords } from './call-words.ts'
import classes from './platform.module.css'

/** One call: what was sent, each attempt, what came back, and what to do. */
export function CallDialog({ call, onClose }: { call: PlatformCall; onClose: () => void }) {
  const { id, kind, request, attempts, code, meaning, fix, detail, nextAttemptAt } = call
  return (
    <Dialog opened onClose={onClose} title={callWords(kind)} size="lg">
      <Stack gap="md">
        <p className={classes.soft}>
          A call of type <code>{kind}</code>.{' '}
          {kind === 'command.invoked' ? (
            'Its webhook-id is the invocationId in the request.'
          ) : (
            <>
              <code>{id}</code> is its webhook-id.
            </>
          )}
        </p>
        {code && (
          <Notice tone={call.state === 'failed' ? 'bad' : 'warn'} title={meaning ?? code}>
            <p>
              {fix} <code>{code}</code>
            </p>
            {detail && <p>{detail}</p>}
          </Notice>
        )}
        {nextAttemptAt && (
          <p>
            Next attempt <DueTime at={nextAttemptAt} />
          </p>
        )}
        <CodeBlock label="Request" code={pretty(request)} />
        <ul className={classes.steps}>
          {attempts.map(({ number, startedAt, tookMs, httpStatus, code: failed, answer }) => (
            <li key={number}>
              <StateIcon tone={failed ? 'bad' : 'ok'} />
              <div>
                <p className={classes.stepTitle}>
                  Attempt {number}: {failed ?? httpStatus}
                  <span className={classes.took}>
                    {formatDuration(tookMs)}, {formatExact(startedAt)}
                  </span>
                </p>
                {answer && <CodeBlock label={`Answer ${number}`} code={pretty(answer)} />}
              </div>
            </li>
          ))}
        </ul>
      </Stack>
    </Dialog>
  )
}

function pretty(text: string): string {
  try {
    return JSON.stringify(JSON.parse(text), null, 2)
  } catch {
    return text
  }
}

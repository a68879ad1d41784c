import { Button } from '@mantine/core'
import type { PlatformEndpoint, PlatformTest } from '../../shared/platform.ts'
import { formatDuration } from '../lib/format.ts'
import { CodeBlock } from '../ui/CodeBlock.tsx'
import { ErrorNotice } from '../ui/ErrorNotice.tsx'
import { IconSend } from '../ui/icons.ts'
import { Section } from '../ui/Section.tsx'
import { StateIcon, type Tone } from '../ui/StatePill.tsx'
import { useCan } from '../users/queries.ts'
import classes from './platform.module.css'
import { useTestPlatform } from './queries.ts'

/** Sends a signed ping and says what came back, and what to do when it was not right. */
export function TestSection({ endpoint }: { endpoint: PlatformEndpoint }) {
  const canTest = useCan('operator')
  const test = useTestPlatform(endpoint.integrationId)
  return (
    <Section
      title="Test"
      actions={
        canTest && (
          <Button
            variant="default"
            leftSection={<IconSend />}
            loading={test.isPending}
            onClick={() => test.mutate(undefined)}
          >
            Send a signed ping
          </Button>
        )
      }
    >
      {test.error && <ErrorNotice error={test.error} what="The ping was not sent" />}
      <div aria-live="polite">
        {test.data ? (
          <Result result={test.data} />
        ) : (
          <p className={classes.soft}>
            The ping has to be answered with a status from 200 to 299. A second one follows with a wrong signature, and
            has to be refused.
          </p>
        )}
      </div>
    </Section>
  )
}

function Result({ result }: { result: PlatformTest }) {
  const { ok, tookMs, answer, code, detail, meaning, fix, checksSignatures } = result
  return (
    <ul className={classes.steps}>
      <Step tone={ok ? 'ok' : 'bad'} title={titleOf(result)} took={tookMs}>
        {code && (
          <>
            <p>{meaning}</p>
            <p>
              {fix} <code>{code}</code>
            </p>
          </>
        )}
        {detail && <p className={classes.soft}>{detail}</p>}
        {answer && <CodeBlock label="Answer" code={answer} />}
      </Step>
      {checksSignatures !== undefined && (
        <Step
          tone={checksSignatures ? 'ok' : 'warn'}
          title={checksSignatures ? 'A forged ping was refused' : 'A forged ping was taken'}
        >
          {!checksSignatures && (
            <p>Anybody who knows the address could call it. Let it check the signature, as shown below.</p>
          )}
        </Step>
      )}
    </ul>
  )
}

function titleOf({ ok, httpStatus }: PlatformTest): string {
  if (ok) return `Answered ${httpStatus ?? ''}`
  return httpStatus === undefined ? 'Not taken' : `Not taken: ${httpStatus}`
}

type StepProps = { tone: Tone; title: string; took?: number; children: React.ReactNode }

function Step({ tone, title, took, children }: StepProps) {
  return (
    <li>
      <StateIcon tone={tone} />
      <div>
        <p className={classes.stepTitle}>
          {title}
          {took !== undefined && <span className={classes.took}>{formatDuration(took)}</span>}
        </p>
        {children}
      </div>
    </li>
  )
}

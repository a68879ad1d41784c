import { Button, TextInput } from '@mantine/core'
import { type FormEvent, useState } from 'react'
import { Link } from 'react-router'
import { stepNames } from '../../shared/connection-tests.ts'
import type { Pasted } from '../../shared/paste.ts'
import { EmptyState } from '../ui/EmptyState.tsx'
import { ErrorNotice } from '../ui/ErrorNotice.tsx'
import { IconShieldLock } from '../ui/icons.ts'
import { PageFrame } from '../ui/PageFrame.tsx'
import { Dock, Section } from '../ui/Section.tsx'
import { useCan } from '../users/queries.ts'
import { CredentialInputs } from './CredentialInputs.tsx'
import { type CredentialInput, type Draft, inSentence, problemsOf, useDraft } from './draft.ts'
import { FieldGuide, Part } from './FieldGuide.tsx'
import { FormRow } from './FormRow.tsx'
import classes from './new.module.css'
import { PasteBox } from './PasteBox.tsx'
import { SetupSteps } from './SetupSteps.tsx'
import { SlackAppSection } from './SlackAppSection.tsx'
import { testDraftOf, useManifest, useSave } from './save-draft.ts'
import { TestSteps } from './TestSteps.tsx'
import { summaryOf } from './test-words.ts'
import { stepsOf, useConnectionTest } from './use-connection-test.ts'

/** Connects a Slack app: make it or take one, enter its credentials, test, save. */
export function NewIntegrationPage() {
  const isAdmin = useCan('admin')
  if (isAdmin) return <Guided />
  return (
    <PageFrame title="Connect Slack">
      <EmptyState icon={<IconShieldLock />} title="An admin connects Slack">
        Your role lets you look at integrations and test them. Ask an admin of this server to add one.
      </EmptyState>
    </PageFrame>
  )
}

function Guided() {
  const [draft, change, forget] = useDraft()
  const [focused, setFocused] = useState<CredentialInput>('appId')
  const [wasAsked, setAsked] = useState(false)
  const [hasManifest, setHasManifest] = useState(false)
  const manifest = useManifest(draft, change)
  const save = useSave(forget)
  const test = useConnectionTest()
  const problems = problemsOf(draft, wasAsked)
  const submit = (event: FormEvent) => {
    event.preventDefault()
    setAsked(true)
    const [first] = Object.entries(problemsOf(draft, true)).filter(([, problem]) => problem.level === 'error')
    if (first) document.getElementById(`new-${first[0]}`)?.focus()
    else save.run(draft)
  }
  const steps = stepsOf(test.run)
  return (
    <PageFrame
      title="Connect Slack"
      actions={
        <>
          <span className={classes.saved}>Kept in this tab, without secrets</span>
          <Button component={Link} to="/integrations" variant="subtle" color="gray" px={6} mr={-6}>
            Leave<span className={classes.wide}>&nbsp;and finish later</span>
          </Button>
        </>
      }
    >
      <div className={classes.columns}>
        <SetupSteps draft={draft} hasManifest={hasManifest} looksRight={Object.keys(problems).length === 0} />
        <form className={classes.middle} onSubmit={submit} noValidate>
          <SlackAppSection draft={draft} onChange={change} manifest={manifest} onTaken={() => setHasManifest(true)} />
          <Section title="Credentials" note="From Basic Information of your Slack app">
            <PasteBox onSorted={(pasted) => change(takenFrom(pasted, draft))} />
            <div className={classes.fields}>
              <FormRow label="Name" htmlFor="new-name">
                <TextInput
                  id="new-name"
                  value={draft.name}
                  maxLength={80}
                  placeholder="Acme production"
                  error={problems.name?.message}
                  onChange={(event) => change({ name: event.currentTarget.value })}
                />
              </FormRow>
              <CredentialInputs draft={draft} problems={problems} onChange={change} onFocus={setFocused} />
              <FormRow label="Test channel" htmlFor="new-testChannel" optional>
                <TextInput
                  id="new-testChannel"
                  value={draft.testChannel}
                  maxLength={300}
                  placeholder="#name, ID or link, for one test message"
                  onChange={(event) => change({ testChannel: event.currentTarget.value })}
                />
              </FormRow>
            </div>
            {draft.webhooks.length > 0 && (
              <p className={classes.webhooks}>
                {draft.webhooks.length === 1 ? 'The webhook' : `${draft.webhooks.length} webhooks`} from the text will
                be tested too, and added as destinations when you save.
              </p>
            )}
          </Section>
          {test.run.kind !== 'idle' && (
            <Section title="Test before saving" note={steps.length > 0 && summaryOf(steps, stepNames.length)}>
              {test.run.kind === 'broken' && (
                <ErrorNotice error={test.run.error} what="The test did not run to its end" />
              )}
              <TestSteps
                steps={steps}
                withPending={test.run.kind === 'running'}
                onField={(field) => document.getElementById(`new-${field}`)?.focus()}
              />
            </Section>
          )}
          {save.error !== null && (
            <Section label="What went wrong">
              <ErrorNotice error={save.error} what="The integration was not saved" />
            </Section>
          )}
          <Dock note="Sealed with AES-256-GCM, never shown again.">
            {test.run.kind === 'running' ? (
              <Button variant="default" onClick={test.cancel}>
                Cancel test
              </Button>
            ) : (
              <Button variant="default" onClick={() => test.start(testDraftOf(draft))}>
                Test without saving
              </Button>
            )}
            <Button type="submit" loading={save.isPending}>
              Save and test connection
            </Button>
          </Dock>
        </form>
        <aside className={classes.guide} aria-label="Where to find it">
          <h2 className={classes.guideTitle}>Where is the {inSentence(focused)}?</h2>
          <FieldGuide field={focused} appId={draft.appId} shown={{ appId: draft.appId, clientId: draft.clientId }} />
          <div className={classes.rights}>
            <Part title="No rights in Slack?">
              Send the manifest to a Slack admin, who can make the app and hand you its credentials, or{' '}
              <Link to="/welcome">try the sandbox</Link> first.
            </Part>
          </div>
        </aside>
      </div>
    </PageFrame>
  )
}

function takenFrom({ values, webhooks }: Pasted, draft: Draft) {
  const { webhookUrl: _first, ...fields } = values
  return { ...fields, name: draft.name || (values.name ?? ''), webhooks: webhooks.length ? webhooks : draft.webhooks }
}

import { stepLabels, type TestStep } from '../../shared/connection-tests.ts'
import { credentialInfo } from '../../shared/credentials.ts'
import { type CredentialKind, credentialKinds } from '../../shared/integrations.ts'
import { slackFeatures } from '../../shared/slack-scopes.ts'

/** What a test found and what it worked with: enough to tell later what changed, and nothing that is secret. */
export type Facts = {
  workspaceId?: string
  workspaceName?: string
  botUserId?: string
  botName?: string
  scopes?: string[]
  appId?: string
  clientId?: string
  features?: string[]
  testChannel?: string
  /** A keyed hash of each secret: the same while the secret is. */
  secrets?: Partial<Record<CredentialKind, string>>
  /** Labels of what was on screen and not saved. */
  unsaved?: string[]
}

type Run = { number: number; steps: TestStep[]; facts: Facts }

/** What is different from the last test that passed, one sentence each, the likeliest causes first. */
export function changesSince(before: Run | undefined, now: Omit<Run, 'number'>): string[] {
  const unsaved = now.facts.unsaved ?? []
  return [
    ...(unsaved.length > 0 ? [`Tested with what is on screen and not saved yet: ${unsaved.join(', ')}.`] : []),
    ...(before ? [...factChanges(before.facts, now.facts), ...stepChanges(before, now.steps)] : []),
  ]
}

function factChanges(before: Facts, now: Facts): string[] {
  return [
    ...workspaceChange(before, now),
    ...botChange(before, now),
    ...credentialKinds.flatMap((kind) => secretChange(kind, before, now)),
    ...valueChange('App ID', before.appId, now.appId),
    ...valueChange('Client ID', before.clientId, now.clientId),
    ...listChange('Scopes gained', now.scopes, before.scopes),
    ...listChange('Scopes lost', before.scopes, now.scopes),
    ...listChange('Switched on', featureLabels(now), featureLabels(before)),
    ...listChange('Switched off', featureLabels(before), featureLabels(now)),
    ...valueChange('Test channel', before.testChannel, now.testChannel),
  ]
}

/** A step that did not come to an end says nothing about a change. */
function stepChanges(before: Run, now: TestStep[]): string[] {
  return now.flatMap((step) => {
    const was = before.steps.find(({ name }) => name === step.name)?.state
    const label = stepLabels[step.name]
    const withCode = step.code ? ` with ${step.code}` : ''
    if (step.state === 'fail' && (was === 'pass' || was === 'warn')) {
      return [`${label} passed in test ${before.number} and now fails${withCode}.`]
    }
    if (step.state === 'warn' && was === 'pass') {
      return [`${label} passed in test ${before.number} and now has a warning${withCode}.`]
    }
    if (step.state === 'pass' && was === 'warn') return [`${label} had a warning in test ${before.number}; it is gone.`]
    return []
  })
}

function workspaceChange(before: Facts, now: Facts): string[] {
  if (!before.workspaceId || !now.workspaceId) return []
  const was = `${before.workspaceName ?? 'unnamed'} (${before.workspaceId})`
  const is = `${now.workspaceName ?? 'unnamed'} (${now.workspaceId})`
  if (before.workspaceId !== now.workspaceId) return [`Another workspace: it was ${was}, it is ${is}.`]
  return valueChange('Name of the workspace', before.workspaceName, now.workspaceName)
}

function botChange(before: Facts, now: Facts): string[] {
  if (!before.botName || !now.botName) return []
  if (before.botUserId && now.botUserId && before.botUserId !== now.botUserId) {
    return [`Another bot: it was @${before.botName}, it is @${now.botName}.`]
  }
  return before.botName === now.botName ? [] : [`The bot was renamed from @${before.botName} to @${now.botName}.`]
}

function secretChange(kind: CredentialKind, before: Facts, now: Facts): string[] {
  const { label } = credentialInfo[kind]
  const [was, is] = [before.secrets?.[kind], now.secrets?.[kind]]
  if (was === is) return []
  if (!was) return [`${label} added.`]
  return [is ? `${label} replaced.` : `${label} removed.`]
}

function valueChange(label: string, was: string | undefined, is: string | undefined): string[] {
  if (was === is) return []
  if (!was) return [`${label} set to ${is}.`]
  return [is ? `${label} changed from ${was} to ${is}.` : `${label} removed; it was ${was}.`]
}

/** What is in one list and not in the other; nothing can be said when either is not known. */
function listChange(label: string, inThis: string[] | undefined, notInThat: string[] | undefined): string[] {
  if (!inThis || !notInThat) return []
  const only = inThis.filter((item) => !notInThat.includes(item))
  return only.length > 0 ? [`${label}: ${only.join(', ')}.`] : []
}

const featureLabels = ({ features }: Facts) =>
  features?.map((key) => slackFeatures.find((feature) => feature.key === key)?.label ?? key)

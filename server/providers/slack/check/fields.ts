import { type CredentialNotice, checkCredentials } from '../../../../shared/credential-checks.ts'
import { type CredentialField, credentialFields, credentialInfo } from '../../../../shared/credentials.ts'
import type { CheckSubject } from '../../provider.ts'
import { type CheckStep, type Checkup, count, type Item, link, type Outcome } from './checkup.ts'

/** The form of what was entered, and whether each value stands in its own field. */
export const fieldsStep: CheckStep = {
  name: 'fields',
  title: 'Looking at the fields',
  async run(checkup) {
    const { ctx, subject } = checkup
    const entered = valuesOf(subject)
    const notices = checkCredentials(entered, ctx.slack.webhookHosts)
    const fields = credentialFields
      .filter((field) => field !== 'webhookUrl')
      .map((field) => ({ field, item: itemFor(credentialInfo[field], entered[field], notices[field]) }))
    const webhooks = subject.webhooks.map(({ label, url }) => {
      const notice = checkCredentials({ webhookUrl: url }, ctx.slack.webhookHosts).webhookUrl
      return { field: 'webhookUrl' as const, item: itemFor({ label, optional: false }, url, notice) }
    })
    return summed(checkup, [...fields, ...webhooks])
  },
}

type Looked = { field: CredentialField; item: Item }

function valuesOf(subject: CheckSubject): Partial<Record<CredentialField, string>> {
  const { appId, clientId, secrets } = subject
  return { ...secrets, ...(appId && { appId }), ...(clientId && { clientId }) }
}

function itemFor(
  { label, optional }: { label: string; optional: boolean },
  value: string | undefined,
  notice: CredentialNotice | undefined,
): Item {
  if (!value?.trim()) {
    return optional
      ? { label, state: 'skipped', note: 'Not entered' }
      : { label, state: 'fail', note: 'Not entered yet.' }
  }
  if (!notice) return { label, state: 'pass' }
  return { label, state: notice.level === 'error' ? 'fail' : 'warn', note: notice.message }
}

function summed(checkup: Checkup, looked: Looked[]): Outcome {
  const items = looked.map(({ item }) => item)
  const wrong = looked.filter(({ item }) => item.state === 'fail')
  const odd = looked.filter(({ item }) => item.state === 'warn')
  const [first] = [...wrong, ...odd]
  if (!first) return { state: 'pass', title: 'Fields look right', items }
  const verb = (number: number, one: string, many: string) => (number === 1 ? one : many)
  return {
    state: wrong.length > 0 ? 'fail' : 'warn',
    title:
      wrong.length > 0
        ? `${count(wrong.length, 'field')} can't be right`
        : `${count(odd.length, 'field')} ${verb(odd.length, 'looks', 'look')} unusual`,
    detail: `${first.item.label}: ${first.item.note}`,
    fix: 'Correct it, or go on if it is meant to be so: the next steps ask Slack itself.',
    link: link(checkup, credentialInfo[first.field].page),
    field: first.field,
    items,
  }
}

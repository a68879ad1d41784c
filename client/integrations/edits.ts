import type { TestDraft } from '../../shared/connection-tests.ts'
import type { CredentialNotice, CredentialValues } from '../../shared/credential-checks.ts'
import { checkCredentials } from '../../shared/credential-checks.ts'
import { credentialInfo } from '../../shared/credentials.ts'
import type { Integration, IntegrationChange } from '../../shared/integrations.ts'

export const editableFields = ['appId', 'clientId', 'clientSecret', 'signingSecret', 'botToken', 'appToken'] as const
export type EditableField = (typeof editableFields)[number]

/** What is being typed over what is saved: an empty text is a field just opened, null takes an optional secret away. */
export type Edits = Partial<Record<EditableField, string | null>>

/** Only what really differs from what is saved, ready to be saved or tested. */
export function changeOf(edits: Edits, integration: Integration): Pick<IntegrationChange, EditableField> & TestDraft {
  const change: Partial<Record<EditableField, string | null>> = {}
  for (const field of editableFields) {
    const typed = edits[field]
    if (typed === undefined || (typeof typed === 'string' && typed.trim() === '')) continue
    const value = typed === null ? null : typed.trim()
    if ((field === 'appId' || field === 'clientId') && value === integration[field]) continue
    change[field] = value
  }
  // Only the optional secrets can be taken away, which is what both bodies say.
  return change as Pick<IntegrationChange, EditableField> & TestDraft
}

/** The labels of what differs, as the test panel names them. */
export function labelsOf(edits: Edits, integration: Integration): string[] {
  const change = changeOf(edits, integration)
  return editableFields.filter((field) => change[field] !== undefined).map((field) => credentialInfo[field].label)
}

/** What is wrong with what is typed, with the saved ids as its neighbours. */
export function noticesOf(edits: Edits, integration: Integration): Partial<Record<EditableField, CredentialNotice>> {
  const values: CredentialValues = { appId: integration.appId, clientId: integration.clientId }
  for (const field of editableFields) {
    const typed = edits[field]
    if (typeof typed === 'string' && typed.trim()) values[field] = typed
  }
  return checkCredentials(values)
}

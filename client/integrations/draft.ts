import { useEffect, useState } from 'react'
import { z } from 'zod'
import { type CredentialNotice, type CredentialValues, checkCredentials } from '../../shared/credential-checks.ts'
import { type CredentialField, credentialInfo } from '../../shared/credentials.ts'
import { defaultFeatures } from '../../shared/slack-scopes.ts'

export const credentialInputs = ['appId', 'clientId', 'clientSecret', 'signingSecret', 'botToken', 'appToken'] as const
export type CredentialInput = (typeof credentialInputs)[number]

/** What is kept while the page is left or reloaded: everything but secrets. */
const Kept = z.object({
  source: z.enum(['manifest', 'existing']),
  integrationId: z.string().optional(),
  name: z.string(),
  appId: z.string(),
  clientId: z.string(),
  features: z.array(z.string()),
  testChannel: z.string(),
})
type Kept = z.infer<typeof Kept>
export type Secrets = Record<'clientSecret' | 'signingSecret' | 'botToken' | 'appToken', string>
export type Draft = Kept & Secrets & { webhooks: string[] }

const KEY = 'switchboard-new-integration'
const NO_SECRETS: Secrets & { webhooks: string[] } = {
  clientSecret: '',
  signingSecret: '',
  botToken: '',
  appToken: '',
  webhooks: [],
}

/** The integration being made. It outlives a reload in this tab, without its secrets, until it is saved. */
export function useDraft(): [Draft, (change: Partial<Draft>) => void, () => void] {
  const [draft, setDraft] = useState<Draft>(() => ({ ...readKept(), ...NO_SECRETS }))
  useEffect(() => {
    const { success, data } = Kept.safeParse(draft) // leaves the secrets out
    if (success) sessionStorage.setItem(KEY, JSON.stringify(data))
  }, [draft])
  const change = (part: Partial<Draft>) => setDraft((before) => ({ ...before, ...part }))
  return [draft, change, () => sessionStorage.removeItem(KEY)]
}

function readKept(): Kept {
  try {
    return Kept.parse(JSON.parse(sessionStorage.getItem(KEY) ?? ''))
  } catch {
    const features = [...defaultFeatures]
    return { source: 'manifest', name: '', appId: '', clientId: '', features, testChannel: '' }
  }
}

/** What is wrong with each field: its form, its neighbours and, once saving was asked for, its absence. */
export function problemsOf(
  draft: Draft,
  wasAsked: boolean,
): Partial<Record<CredentialInput | 'name', CredentialNotice>> {
  const values: CredentialValues = Object.fromEntries(credentialInputs.map((field) => [field, draft[field]]))
  const problems: ReturnType<typeof problemsOf> = checkCredentials(values)
  if (!wasAsked) return problems
  const missing = (what: string): CredentialNotice => ({ level: 'error', message: `${what} is needed.` })
  if (!draft.name.trim()) problems.name = missing('A name, for example “Acme production”,')
  for (const field of credentialInputs) {
    if (!credentialInfo[field].optional && !draft[field].trim()) problems[field] = missing(`The ${inSentence(field)}`)
  }
  return problems
}

/** The values as they are sent: trimmed, and without what is empty. */
export function filledCredentials(draft: Draft): Partial<Record<CredentialInput, string>> {
  const filled = credentialInputs.map((field) => [field, draft[field].trim()] as const).filter(([, value]) => value)
  return Object.fromEntries(filled)
}

/** A field's label as it stands inside a sentence. */
export function inSentence(field: CredentialField): string {
  const { label } = credentialInfo[field]
  return field === 'appId' ? label.replace('App', 'app') : label.charAt(0).toLowerCase() + label.slice(1)
}

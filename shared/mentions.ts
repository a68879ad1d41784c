import { z } from 'zod'
import { OneLine } from './one-line.ts'
import { Instant } from './paging.ts'

/** How far the reading of one list of the workspace is. */
export const DirectoryList = z.object({
  state: z.enum(['never', 'running', 'complete', 'failed']),
  at: Instant.optional().describe('When it was last read as a whole'),
  code: z.string().optional().describe('Why it could not be read'),
  fix: z.string().optional(),
  count: z.number().int(),
})
export type DirectoryList = z.infer<typeof DirectoryList>
export const DirectoryLists = z.object({ people: DirectoryList, groups: DirectoryList })
export type DirectoryLists = z.infer<typeof DirectoryLists>

/** Someone or a group that can be called by name. */
export const Mentionable = z.object({
  kind: z.enum(['user', 'group']),
  id: z.string(),
  word: z.string().describe('What to write in a list of mentions: a name that is nobody else’s, or the id'),
  name: z.string(),
  handle: z.string(),
  email: z.string().optional().describe('For admins and operators, where the app may see it'),
})
export type Mentionable = z.infer<typeof Mentionable>

const integrationId = z.string().min(1).max(64)

export const ListMentionables = z.object({
  integrationId,
  q: z.string().trim().max(100).optional().describe('Anywhere in a name'),
  limit: z.coerce.number().int().min(1).max(50).default(20),
})
export const MentionableList = z.object({ items: z.array(Mentionable), lists: DirectoryLists })
export type MentionableList = z.infer<typeof MentionableList>

/** Why a word calls nobody. */
export const UnresolvedReason = z.enum([
  'unknown',
  'ambiguous',
  'deactivated',
  'not_read',
  'not_looked_up',
  'not_a_mention',
])
export type UnresolvedReason = z.infer<typeof UnresolvedReason>

export const ResolveMentions = z.strictObject({
  integrationId,
  words: z.array(OneLine.min(1).max(254)).min(1).max(50),
})

/** What becomes of one word in a message. */
export const ResolvedMention = z.object({
  word: z.string(),
  kind: z.enum(['user', 'group', 'special', 'unresolved']),
  markup: z.string().describe('As it stands in the message'),
  name: z.string().optional().describe('Who is called'),
  reason: UnresolvedReason.optional(),
  why: z.string().optional(),
  fix: z.string().optional(),
})
export type ResolvedMention = z.infer<typeof ResolvedMention>
export const ResolvedMentions = z.object({ items: z.array(ResolvedMention), lists: DirectoryLists })
export type ResolvedMentions = z.infer<typeof ResolvedMentions>

export const RefreshMentions = z.strictObject({ integrationId })

/** Slack's ids of people and groups, with commas between. */
export const ListCalledNames = z.object({
  integrationId,
  ids: z.string().regex(/^[A-Z0-9]{2,32}(?:,[A-Z0-9]{2,32}){0,49}$/, 'Write up to 50 Slack ids, with commas between.'),
})
export const CalledNames = z.object({
  items: z.array(z.object({ id: z.string(), name: z.string() })).describe('Those that are known'),
  lists: DirectoryLists,
})
export type CalledNames = z.infer<typeof CalledNames>

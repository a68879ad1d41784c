import { z } from 'zod'
import { OneLine } from './one-line.ts'
import { Instant, PageQuery } from './paging.ts'

export const DestinationKind = z.enum(['channel', 'person', 'webhook'])
export type DestinationKind = z.infer<typeof DestinationKind>

/** `failing` when Slack said that nothing can be posted there until someone acts, `paused` when messages are held too. */
export const DestinationState = z.enum(['untested', 'ok', 'failing', 'paused', 'disabled'])
export type DestinationState = z.infer<typeof DestinationState>

const name = OneLine.min(1).max(120)
const owner = OneLine.max(120).describe('Who to ask about it')
const note = z.string().trim().max(500)

/** Exactly one of `channel` (id, #name, permalink), `person` (id, e-mail) and `url` (incoming webhook), as `kind` says. */
export const NewDestination = z.strictObject({
  integrationId: z.string().min(1).max(64),
  kind: DestinationKind,
  channel: z.string().trim().min(1).max(300).optional(),
  person: z.string().trim().min(1).max(254).optional(),
  url: z.string().trim().min(1).max(500).optional(),
  name: name.optional(),
  owner: owner.optional(),
  note: note.optional(),
})
export type NewDestination = z.infer<typeof NewDestination>

export const DestinationChange = z.strictObject({
  name: name.optional(),
  url: z.string().trim().min(1).max(500).optional(),
  owner: owner.nullable().optional(),
  note: note.nullable().optional(),
  enabled: z.boolean().optional(),
})
export type DestinationChange = z.infer<typeof DestinationChange>

export const Destination = z.object({
  id: z.string(),
  integrationId: z.string(),
  kind: DestinationKind,
  name: z.string().describe('#compliance, Kim Park, or the name given to a webhook'),
  target: z.string().describe('Channel or user id; for a webhook T…/B… and the last four characters of its secret'),
  isPrivate: z.boolean().optional(),
  state: DestinationState,
  code: z.string().optional().describe('Why it is failing, or why it paused itself'),
  stateSince: Instant,
  pausedBy: z.string().optional(),
  owner: z.string().optional(),
  note: z.string().optional(),
  lastDeliveredAt: Instant.optional(),
  createdAt: Instant,
})
export type Destination = z.infer<typeof Destination>

export const ListDestinations = PageQuery.extend({
  integrationId: z.string().max(64).optional(),
  kind: DestinationKind.optional(),
})

/** One channel of a workspace, as the picker shows it. */
export const Channel = z.object({
  id: z.string(),
  name: z.string(),
  isPrivate: z.boolean(),
  isArchived: z.boolean(),
  isMember: z.boolean().describe('The bot is in it'),
  members: z.number().int().optional(),
})
export type Channel = z.infer<typeof Channel>

export const ListChannels = z.object({
  query: z.string().trim().max(100).optional().describe('Type-ahead: anywhere in the name, or an id'),
  limit: z.coerce.number().int().min(1).max(100).default(30),
  archived: z.stringbool().default(false),
})
export const ChannelList = z.object({
  items: z.array(Channel),
  total: z.number().int().describe('How many channels are known'),
  matched: z.number().int(),
  refresh: z.object({
    state: z.enum(['never', 'running', 'complete', 'failed']),
    at: Instant.optional(),
    code: z.string().optional(),
    pages: z.number().int(),
  }),
})
export type ChannelList = z.infer<typeof ChannelList>

export const FindPerson = z.object({ email: z.email().max(254) })
export const Person = z.object({
  id: z.string(),
  name: z.string(),
  email: z.string().optional(),
  disabled: z.boolean(),
})
export type Person = z.infer<typeof Person>

import { Hono } from 'hono'
import { z } from 'zod'
import { slackId } from '../ids.ts'
import type { Sandbox } from '../sandbox.ts'
import { tell } from '../stream.ts'
import type { Group, Member } from '../workspace.ts'
import { getUser } from './channels.ts'
import { notFound, readInput } from './input.ts'

/** Slack lets people call themselves nearly anything, so nothing is refused here either. */
const PersonChange = z
  .strictObject({
    deactivated: z.boolean(),
    name: z.string().min(1).max(80),
    realName: z.string().min(1).max(80),
    displayName: z.string().max(80),
    email: z.email(),
  })
  .partial()
const NewPerson = PersonChange.extend({ name: z.string().min(1).max(80) })

const GroupChange = z
  .strictObject({
    handle: z.string().min(1).max(80),
    name: z.string().min(1).max(80),
    disabled: z.boolean(),
    members: z.array(z.string()),
  })
  .partial()
const NewGroup = GroupChange.extend({ handle: z.string().min(1).max(80) })

/** The people of the workspace and its user groups. */
export function peopleControl(sandbox: Sandbox) {
  return new Hono()
    .get('/users', (c) => c.json([...sandbox.workspace.users.values()]))
    .post('/users', async (c) => {
      const { name, ...change } = await readInput(c, NewPerson)
      const user: Member = {
        ...{ id: slackId('U'), name, realName: name, updated: sandbox.now() },
        ...{ deleted: false, isAdmin: false, isBot: false },
      }
      sandbox.workspace.users.set(user.id, user)
      changePerson(sandbox, user, change)
      return c.json(user, 201)
    })
    .patch('/users/:id', async (c) => {
      const user = getUser(sandbox, c.req.param('id'))
      changePerson(sandbox, user, await readInput(c, PersonChange))
      return c.json(user)
    })
    .get('/groups', (c) => c.json([...sandbox.workspace.groups.values()].map(shownGroup)))
    .post('/groups', async (c) => {
      const { handle, ...change } = await readInput(c, NewGroup)
      const group: Group = { id: slackId('S'), handle, name: handle, members: new Set(), createdAt: sandbox.now() }
      sandbox.workspace.groups.set(group.id, group)
      changeGroup(sandbox, group, change)
      return c.json(shownGroup(group), 201)
    })
    .patch('/groups/:id', async (c) => {
      const group = sandbox.workspace.groups.get(c.req.param('id'))
      if (!group) throw notFound('user group', c.req.param('id'), 'id')
      changeGroup(sandbox, group, await readInput(c, GroupChange))
      return c.json(shownGroup(group))
    })
}

function changePerson(sandbox: Sandbox, user: Member, change: z.output<typeof PersonChange>): void {
  const { deactivated, ...words } = change
  Object.assign(user, words, deactivated === undefined ? {} : { deleted: deactivated })
  tell(sandbox.feed, { kind: 'state' })
}

function changeGroup(sandbox: Sandbox, group: Group, change: z.output<typeof GroupChange>): void {
  const { disabled, members, ...words } = change
  Object.assign(group, words)
  if (members) group.members = new Set(members)
  if (disabled === true) group.deletedAt = sandbox.now()
  if (disabled === false) delete group.deletedAt
  tell(sandbox.feed, { kind: 'state' })
}

const shownGroup = (group: Group) => ({ ...group, members: [...group.members] })

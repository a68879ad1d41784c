import { findText, readFlag, readText } from '../args.ts'
import { PlatformError } from '../envelope.ts'
import { page } from '../paging.ts'
import type { Group, Member } from '../workspace.ts'
import { BOT_OR_USER, type Method, type MethodCall } from './method.ts'

/** Who is in the workspace: people, and the groups that call several of them at once. */
export const peopleMethods: Record<string, Method> = {
  'users.list': {
    tier: 't2',
    tokens: BOT_OR_USER,
    scopes: ['users:read'],
    run: (call) => {
      const users = [...call.workspace.users.values()]
      // Without a limit Slack tries to give everybody, and gives up in a workspace that is too large for it.
      if (findText(call.args, 'limit') === undefined && users.length > MOST_AT_ONCE) {
        throw new PlatformError('limit_required')
      }
      const { items, ...rest } = page(users, call.args, { default: MOST_AT_ONCE, max: MOST_AT_ONCE })
      return { members: items.map((user) => userObject(call, user)), cache_ts: unixSeconds(call), ...rest }
    },
  },
  'users.info': {
    tier: 't4',
    tokens: BOT_OR_USER,
    scopes: ['users:read'],
    run: (call) => {
      const user = call.workspace.users.get(readText(call.args, 'user'))
      if (!user) throw new PlatformError('user_not_found')
      return { user: userObject(call, user) }
    },
  },
  'users.lookupByEmail': {
    tier: 't3',
    tokens: BOT_OR_USER,
    scopes: ['users:read.email'],
    run: (call) => {
      const email = readText(call.args, 'email').toLowerCase()
      const user = [...call.workspace.users.values()].find((each) => each.email === email && !each.deleted)
      if (!user) throw new PlatformError('users_not_found')
      return { user: userObject(call, user) }
    },
  },
  'usergroups.list': {
    tier: 't2',
    tokens: BOT_OR_USER,
    scopes: ['usergroups:read'],
    run: (call) => {
      const withDisabled = readFlag(call.args, 'include_disabled')
      const groups = [...call.workspace.groups.values()].filter((group) => withDisabled || !group.deletedAt)
      return { usergroups: groups.map((group) => groupObject(call, group)) }
    },
  },
}

const MOST_AT_ONCE = 1_000

function userObject({ workspace, token }: MethodCall, user: Member): Record<string, unknown> {
  const mayReadEmail = token.scopes.includes('users:read.email') && user.email !== undefined
  return {
    id: user.id,
    team_id: workspace.team.id,
    name: user.name,
    deleted: user.deleted,
    real_name: user.realName,
    tz: 'Europe/London',
    tz_label: 'Greenwich Mean Time',
    tz_offset: 0,
    profile: {
      real_name: user.realName,
      display_name: user.displayName ?? user.name,
      ...(mayReadEmail ? { email: user.email } : {}),
      status_text: '',
      status_emoji: '',
      status_expiration: 0,
      team: workspace.team.id,
    },
    is_admin: user.isAdmin,
    is_owner: false,
    is_primary_owner: false,
    is_restricted: false,
    is_ultra_restricted: false,
    is_bot: user.isBot,
    is_app_user: false,
    updated: Math.floor(user.updated / 1000),
  }
}

function groupObject({ workspace, args }: MethodCall, group: Group): Record<string, unknown> {
  const [creator = 'USLACKBOT'] = group.members
  return {
    id: group.id,
    team_id: workspace.team.id,
    is_usergroup: true,
    is_subteam: true,
    name: group.name,
    description: '',
    handle: group.handle,
    is_external: false,
    date_create: Math.floor(group.createdAt / 1000),
    date_update: Math.floor((group.deletedAt ?? group.createdAt) / 1000),
    date_delete: Math.floor((group.deletedAt ?? 0) / 1000),
    auto_type: null,
    created_by: creator,
    updated_by: creator,
    deleted_by: group.deletedAt === undefined ? null : creator,
    prefs: { channels: [], groups: [] },
    ...(readFlag(args, 'include_count') ? { user_count: group.members.size } : {}),
    ...(readFlag(args, 'include_users') ? { users: [...group.members] } : {}),
  }
}

function unixSeconds(call: MethodCall): number {
  return Math.floor(call.sandbox.now() / 1000)
}

import { findJson, isJson, isJsonList, readText } from '../args.ts'
import { blockProblems } from '../block-rules.ts'
import { PlatformError } from '../envelope.ts'
import { hex, slackId } from '../ids.ts'
import type { View } from '../workspace.ts'
import type { Method, MethodCall } from './method.ts'

const LARGEST_VIEW_BYTES = 250_000

/** What belongs to the app itself: its socket address and the modals it opens. */
export const appMethods: Record<string, Method> = {
  'apps.connections.open': {
    tier: 't3',
    json: true,
    postOnly: true,
    tokens: ['app'],
    scopes: ['connections:write'],
    run: ({ sandbox, app }) => ({
      url: `${sandbox.url.replace(/^http/, 'ws')}/link/?ticket=${hex(32)}&app_id=${app.id}`,
    }),
  },
  'views.open': {
    tier: 't4',
    json: true,
    tokens: ['bot'],
    run: (call) => {
      const trigger = takeTrigger(call)
      const given = findJson(call.args, 'view', 'invalid_arguments')
      if (!isJson(given)) throw new PlatformError('invalid_arguments', messages(['missing required field: view']))
      if (JSON.stringify(given).length > LARGEST_VIEW_BYTES) throw new PlatformError('view_too_large')
      const blocks = isJsonList(given.blocks) ? given.blocks : []
      const problems = blockProblems(blocks, 100)
      if (problems.length > 0) throw new PlatformError('invalid_arguments', messages(problems))
      const id = slackId('V')
      const view: View = {
        ...given,
        id,
        app_id: call.app.id,
        bot_id: call.app.botId,
        team_id: call.workspace.team.id,
        state: { values: {} },
        hash: `${Math.floor(call.sandbox.now() / 1000)}.${hex(8)}`,
        root_view_id: id,
        previous_view_id: null,
        opened_by: trigger.userId,
      }
      call.workspace.views.set(id, view)
      return { view }
    },
  },
}

/** A trigger lives three seconds and opens one thing. */
function takeTrigger(call: MethodCall): { userId: string } {
  const trigger = call.workspace.triggers.get(readText(call.args, 'trigger_id'))
  if (!trigger || trigger.appId !== call.app.id) throw new PlatformError('invalid_trigger_id')
  if (trigger.expiresAt < call.sandbox.now()) throw new PlatformError('expired_trigger_id')
  if (trigger.used) throw new PlatformError('exchanged_trigger_id')
  trigger.used = true
  return trigger
}

function messages(problems: string[]): Record<string, unknown> {
  return { response_metadata: { messages: problems.map((problem) => `[ERROR] ${problem}`) } }
}

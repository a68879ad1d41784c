import { CommandDeclaration, CommandName, CommandUsage, DeclaredCommand } from '../../shared/commands.ts'
import type { AppContext } from '../context.ts'
import { answer, createRoute, jsonBody, newRoutes, z } from '../lib/routes.ts'
import { actorOf } from '../users/actor.ts'
import { deleteCommand, putCommand } from './change-commands.ts'
import { listCommands } from './list-invocations.ts'

const tags = ['Commands']
const PATH = '/api/commands/{command}'

/** Its name in the path, where the slash it begins with may be left out. */
const CommandParam = z.object({
  command: z
    .string()
    .transform((name) => (name.startsWith('/') ? name : `/${name}`))
    .pipe(CommandName)
    .openapi({ param: { name: 'command', in: 'path' }, type: 'string', example: 'compliance' }),
})

/** /api/commands: which slash commands there are, and which of them the platform answers. */
export function commandsHttp(ctx: AppContext) {
  return newRoutes()
    .openapi(
      createRoute({
        method: 'get',
        path: '/api/commands',
        tags,
        summary: 'List the slash commands and how they were used in the last 30 days',
        responses: { 200: answer(z.object({ items: z.array(CommandUsage) }), 'Every command') },
      }),
      async (c) => c.json({ items: await listCommands(ctx) }, 200),
    )
    .openapi(
      createRoute({
        method: 'put',
        path: PATH,
        tags,
        summary: 'Declare a command that the platform answers, or change one',
        description: COMMAND_INVOKED,
        request: { params: CommandParam, body: jsonBody(DeclaredCommand) },
        responses: { 200: answer(CommandDeclaration, 'As it now stands. Slack learns of it by the app’s manifest.') },
      }),
      async (c) => c.json(await putCommand(ctx, actorOf(c), c.req.valid('param').command, c.req.valid('json')), 200),
    )
    .openapi(
      createRoute({
        method: 'delete',
        path: PATH,
        tags,
        summary: 'Drop a declared command',
        request: { params: CommandParam },
        responses: { 204: { description: 'It is gone; its uses stay listed' } },
      }),
      async (c) => {
        await deleteCommand(ctx, actorOf(c), c.req.valid('param').command)
        return c.body(null, 204)
      },
    )
}

/** What a developer of the platform has to know, in the API's own page. */
const COMMAND_INVOKED = [
  'Each use is kept and Slack answered; then the platform endpoint of the integration is asked, signed as Standard',
  'Webhooks have it: `{"type": "command.invoked", "timestamp", "data": {"command", "handler", "text", "parameters",',
  '"user": {"id", "name"}, "channel": {"id", "name"}, "teamId", "invocationId", "integrationId"}}`. What was typed',
  'stands in `parameters` by their names, word by word, "several words" as one, the rest in the last; `<!` in it is',
  'escaped, so that it can call nobody when it is repeated. The `webhook-id` is the invocation’s id: the same one again',
  'is the same use again. Answer within 15 seconds: `{"text", "blocks"?, "responseType"?: "ephemeral" | "in_channel"}`.',
].join(' ')

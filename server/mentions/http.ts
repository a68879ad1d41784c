import {
  CalledNames,
  DirectoryLists,
  ListCalledNames,
  ListMentionables,
  MentionableList,
  RefreshMentions,
  ResolvedMentions,
  ResolveMentions,
} from '../../shared/mentions.ts'
import type { AppContext } from '../context.ts'
import { answer, createRoute, jsonBody, newRoutes } from '../lib/routes.ts'
import { actorOf } from '../users/actor.ts'
import { nameCalled } from './name-called.ts'
import { pickMentions } from './pick-mentions.ts'
import { refreshOnDemand } from './refresh-on-demand.ts'
import { tryMentions } from './try-mentions.ts'

const tags = ['Mentions']

/** /api/mentions: who can be called in a message, and whom a word calls. */
export function mentionsHttp(ctx: AppContext) {
  return newRoutes()
    .openapi(
      createRoute({
        method: 'get',
        path: '/api/mentions',
        tags,
        summary: 'Find people and user groups',
        description: 'Answers from what was read of the workspace, and says how complete that is.',
        request: { query: ListMentionables },
        responses: { 200: answer(MentionableList, 'The best matches, names that begin with the query first') },
      }),
      async (c) => c.json(await pickMentions(ctx, actorOf(c), c.req.valid('query')), 200),
    )
    .openapi(
      createRoute({
        method: 'get',
        path: '/api/mentions/names',
        tags,
        summary: 'Name the people and user groups that a message calls',
        description: 'A message holds their Slack ids alone. Answers from what was read of the workspace.',
        request: { query: ListCalledNames },
        responses: { 200: answer(CalledNames, 'The names of those that are known') },
      }),
      async (c) => c.json(await nameCalled(ctx, c.req.valid('query')), 200),
    )
    .openapi(
      createRoute({
        method: 'post',
        path: '/api/mentions/resolve',
        tags,
        summary: 'Find out whom words call',
        description: 'Changes nothing. An e-mail address that nobody is known by yet is asked of Slack.',
        request: { body: jsonBody(ResolveMentions) },
        responses: { 200: answer(ResolvedMentions, 'Each word with its markup, or why it calls nobody') },
      }),
      async (c) => c.json(await tryMentions(ctx, c.req.valid('json')), 200),
    )
    .openapi(
      createRoute({
        method: 'post',
        path: '/api/mentions/refresh',
        tags,
        summary: 'Read people and user groups again',
        request: { body: jsonBody(RefreshMentions) },
        responses: { 202: answer(DirectoryLists, 'How far the reading is') },
      }),
      async (c) => c.json(await refreshOnDemand(ctx, actorOf(c), c.req.valid('json').integrationId), 202),
    )
}

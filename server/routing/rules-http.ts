import { IdParam, PageQuery, pageOf } from '../../shared/paging.ts'
import {
  NewRoutingRule,
  RoutingFallback,
  RoutingFallbackChange,
  RoutingRule,
  RoutingRuleChange,
} from '../../shared/routing-rules.ts'
import type { AppContext } from '../context.ts'
import { answer, createRoute, jsonBody, newRoutes, z } from '../lib/routes.ts'
import { actorOf } from '../users/actor.ts'
import { changeFallback, readFallback } from './change-fallback.ts'
import { changeRule, createRule, deleteRule, showRule, showRules } from './change-rule.ts'
import { getRule, listRules } from './rules-store.ts'

const tags = ['Routing rules']

const RulesQuery = PageQuery.extend({ cursor: z.coerce.number().int().min(0).optional() })

/** /api/routing-rules and /api/routing-fallback: where events go besides what their types say. */
export function rulesHttp(ctx: AppContext) {
  return newRoutes()
    .openapi(
      createRoute({
        method: 'get',
        path: '/api/routing-rules',
        tags,
        summary: 'List routing rules',
        request: { query: RulesQuery },
        responses: { 200: answer(pageOf(RoutingRule), 'One page, in the order in which they are tried') },
      }),
      async (c) => {
        const { cursor = 0, limit } = c.req.valid('query')
        const rows = await listRules(ctx.db, { from: cursor, limit })
        const items = await showRules(ctx.db, rows.slice(0, limit))
        const next = rows[limit]
        return c.json({ items, ...(next && { next: String(next.position) }) }, 200)
      },
    )
    .openapi(
      createRoute({
        method: 'post',
        path: '/api/routing-rules',
        tags,
        summary: 'Add a routing rule',
        description: 'At the end of the list, or at the place that `position` names.',
        request: { body: jsonBody(NewRoutingRule) },
        responses: { 201: answer(RoutingRule, 'The rule') },
      }),
      async (c) => c.json(await createRule(ctx, actorOf(c), c.req.valid('json')), 201),
    )
    .openapi(
      createRoute({
        method: 'get',
        path: '/api/routing-rules/{id}',
        tags,
        summary: 'Read a routing rule',
        request: { params: IdParam },
        responses: { 200: answer(RoutingRule, 'The rule') },
      }),
      async (c) => c.json(await showRule(ctx.db, await getRule(ctx.db, c.req.valid('param').id)), 200),
    )
    .openapi(
      createRoute({
        method: 'patch',
        path: '/api/routing-rules/{id}',
        tags,
        summary: 'Change or move a routing rule',
        description: 'What is left out stays. A rule that gets a `position` moves there, and those between make room.',
        request: { params: IdParam, body: jsonBody(RoutingRuleChange) },
        responses: { 200: answer(RoutingRule, 'As it now stands') },
      }),
      async (c) => c.json(await changeRule(ctx, actorOf(c), c.req.valid('param').id, c.req.valid('json')), 200),
    )
    .openapi(
      createRoute({
        method: 'delete',
        path: '/api/routing-rules/{id}',
        tags,
        summary: 'Delete a routing rule',
        request: { params: IdParam },
        responses: { 204: { description: 'It is gone; what it decided stays explained' } },
      }),
      async (c) => {
        await deleteRule(ctx, actorOf(c), c.req.valid('param').id)
        return c.body(null, 204)
      },
    )
    .openapi(
      createRoute({
        method: 'get',
        path: '/api/routing-fallback',
        tags,
        summary: 'Read the fallback',
        request: {},
        responses: { 200: answer(RoutingFallback, 'Where events go that nothing else sends anywhere') },
      }),
      async (c) => c.json(await readFallback(ctx.db), 200),
    )
    .openapi(
      createRoute({
        method: 'put',
        path: '/api/routing-fallback',
        tags,
        summary: 'Set the fallback',
        request: { body: jsonBody(RoutingFallbackChange) },
        responses: { 200: answer(RoutingFallback, 'As it now stands') },
      }),
      async (c) => c.json(await changeFallback(ctx, actorOf(c), c.req.valid('json')), 200),
    )
}

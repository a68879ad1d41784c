import { z } from 'zod'
import {
  Applied,
  ApplyRequest,
  ChangeSet,
  ConfigurationPlan,
  ConfigurationRequest,
  ExportedConfiguration,
  ExportQuery,
} from '../../shared/configuration.ts'
import { PageQuery, pageOf } from '../../shared/paging.ts'
import type { AppContext } from '../context.ts'
import { toPage } from '../lib/paging.ts'
import { answer, createRoute, jsonBody, newRoutes } from '../lib/routes.ts'
import { actorOf } from '../users/actor.ts'
import { applyConfiguration } from './apply.ts'
import { exportConfiguration } from './export.ts'
import { fileSchema } from './file-schema.ts'
import { prepare } from './prepare.ts'
import { toChangeSet } from './show-changes.ts'
import { showPlan } from './show-plan.ts'
import { listChangeSets } from './store.ts'

const tags = ['Configuration']

/** /api/configuration: everything that is set, as a file, both ways. */
export function configurationHttp(ctx: AppContext) {
  return newRoutes()
    .openapi(
      createRoute({
        method: 'post',
        path: '/api/configuration/plan',
        tags,
        summary: 'Say what applying a file would change',
        description:
          'Nothing is written. Problems carry line and column; only errors keep the file from being applied.',
        request: { body: jsonBody(ConfigurationRequest) },
        responses: { 200: answer(ConfigurationPlan, 'Each thing with its fields, before and after') },
      }),
      async (c) => c.json(showPlan(await prepare(ctx, actorOf(c), c.req.valid('json'))), 200),
    )
    .openapi(
      createRoute({
        method: 'post',
        path: '/api/configuration/apply',
        tags,
        summary: 'Apply a file: all of it, or nothing',
        description: 'With the `revision` of a plan it is refused when it would do anything else by now.',
        request: { body: jsonBody(ApplyRequest) },
        responses: { 200: answer(Applied, 'What was changed, as one set of changes') },
      }),
      async (c) => c.json(await applyConfiguration(ctx, actorOf(c), c.req.valid('json')), 200),
    )
    .openapi(
      createRoute({
        method: 'get',
        path: '/api/configuration/export',
        tags,
        summary: 'Read everything as a file',
        description: 'Secrets are not in it: they are kept where it is applied.',
        request: { query: ExportQuery },
        responses: { 200: answer(ExportedConfiguration, 'A file that changes nothing when it is applied') },
      }),
      async (c) => {
        const { format } = c.req.valid('query')
        return c.json({ name: `switchboard.${format}`, text: await exportConfiguration(ctx, format) }, 200)
      },
    )
    .openapi(
      createRoute({
        method: 'get',
        path: '/api/configuration/changes',
        tags,
        summary: 'List what was applied',
        request: { query: PageQuery },
        responses: { 200: answer(pageOf(ChangeSet), 'One page, newest first') },
      }),
      async (c) => {
        const query = c.req.valid('query')
        return c.json(toPage(await listChangeSets(ctx.db, query), query.limit, toChangeSet), 200)
      },
    )
    .openapi(
      createRoute({
        method: 'get',
        path: '/api/configuration/schema.json',
        tags,
        summary: 'The JSON Schema of a file, for editors',
        responses: { 200: answer(z.record(z.string(), z.unknown()), 'JSON Schema, draft 2020-12') },
      }),
      (c) => c.json(fileSchema(ctx.publicUrl), 200),
    )
}

import { Delivery } from '../../shared/deliveries.ts'
import { PageQuery, pageOf } from '../../shared/paging.ts'
import {
  AddPresets,
  CaseResults,
  PreviewRequest,
  Rendered,
  RollbackTemplate,
  RunCases,
  SendTemplate,
  Template,
  TemplateChange,
  TemplateParam,
  TemplatePreset,
  TemplateSummary,
  TemplateVersion,
  TemplateVersionParam,
} from '../../shared/templates.ts'
import type { AppContext } from '../context.ts'
import { answer, createRoute, jsonBody, newRoutes, z } from '../lib/routes.ts'
import { actorOf } from '../users/actor.ts'
import { runCases } from './cases.ts'
import { changeTemplate, deleteTemplate, rollBackTemplate, type TemplateUsers } from './change-template.ts'
import { addPresets, listPresets } from './ensure-preset.ts'
import { PRESETS } from './presets/presets.ts'
import { type PreviewSources, previewTemplate } from './preview.ts'
import { type SendTest, sendTemplate } from './send-template.ts'
import { listTemplates, listVersions, showTemplate, toVersion } from './show-templates.ts'
import { getVersion } from './store.ts'

const tags = ['Templates']

/** What the slices above this one hand in. */
export type TemplateReach = TemplateUsers & PreviewSources & { sendTest: SendTest }

/** /api/templates: what messages look like, every version of it, and trials before anybody sees them. */
export function templatesHttp(ctx: AppContext, reach: TemplateReach) {
  const routes = newRoutes()
    .openapi(
      createRoute({
        method: 'get',
        path: '/api/templates',
        tags,
        summary: 'List templates',
        request: { query: PageQuery },
        responses: { 200: answer(pageOf(TemplateSummary), 'One page, in the order of their names') },
      }),
      async (c) => c.json(await listTemplates(ctx, c.req.valid('query'), reach), 200),
    )
    .openapi(
      createRoute({
        method: 'get',
        path: '/api/templates/presets',
        tags,
        summary: 'List the templates to begin with',
        responses: { 200: answer(z.object({ items: z.array(TemplatePreset) }), 'All of them') },
      }),
      async (c) => c.json({ items: await listPresets(ctx.db) }, 200),
    )
    .openapi(
      createRoute({
        method: 'post',
        path: '/api/templates/presets',
        tags,
        summary: 'Add templates to begin with',
        description: 'A template whose name is taken stays as it is.',
        request: { body: jsonBody(AddPresets) },
        responses: { 200: answer(z.object({ added: z.array(z.string()) }), 'The names of the new ones') },
      }),
      async (c) => {
        const names = c.req.valid('json').names ?? PRESETS.map(({ name }) => name)
        return c.json({ added: await addPresets(ctx, actorOf(c), names, reach) }, 200)
      },
    )
    .openapi(
      createRoute({
        method: 'post',
        path: '/api/templates/preview',
        tags,
        summary: 'Show a template with data in it',
        description:
          'With a sample, an event that was accepted (an API key needs `deliveries:read` for it), or one as long as it can ' +
          'be. Nothing is kept or sent. `problems` of a sample also tell what other data could do.',
        request: { body: jsonBody(PreviewRequest) },
        responses: { 200: answer(Rendered, 'The message, and what is wrong with it') },
      }),
      async (c) => c.json(await previewTemplate(ctx, actorOf(c), c.req.valid('json'), reach), 200),
    )
    .openapi(
      createRoute({
        method: 'post',
        path: '/api/templates/cases',
        tags,
        summary: 'Try a template with its cases',
        description:
          'What a source makes of each event, compared with what it must make. Nobody is called in it, and its time is ' +
          'always the same. Nothing is kept.',
        request: { body: jsonBody(RunCases) },
        responses: { 200: answer(CaseResults, 'How each case comes out') },
      }),
      async (c) => {
        const { source, cases } = c.req.valid('json')
        return c.json({ items: runCases(source, cases) }, 200)
      },
    )
    .openapi(
      createRoute({
        method: 'get',
        path: '/api/templates/{name}',
        tags,
        summary: 'Read a template',
        request: { params: TemplateParam },
        responses: { 200: answer(Template, 'The template as it is now') },
      }),
      async (c) => c.json(await showTemplate(ctx, c.req.valid('param').name, reach), 200),
    )
    .openapi(
      createRoute({
        method: 'put',
        path: '/api/templates/{name}',
        tags,
        summary: 'Make a template, or change it',
        description:
          'Keeps a new version. A source that Slack would refuse with its sample is refused with the place of the fault; ' +
          'what other data could do is told as warnings, and so is a case that does not come out as it should.',
        request: { params: TemplateParam, body: jsonBody(TemplateChange) },
        responses: { 200: answer(Template, 'The template as it is now') },
      }),
      async (c) => {
        const { name } = c.req.valid('param')
        await changeTemplate(ctx, actorOf(c), name, c.req.valid('json'), reach)
        return c.json(await showTemplate(ctx, name, reach), 200)
      },
    )
    .openapi(
      createRoute({
        method: 'delete',
        path: '/api/templates/{name}',
        tags,
        summary: 'Delete a template',
        description: 'Refused while a notification type uses it.',
        request: { params: TemplateParam },
        responses: { 204: { description: 'It is gone, with all its versions' } },
      }),
      async (c) => {
        await deleteTemplate(ctx, actorOf(c), c.req.valid('param').name, reach)
        return c.body(null, 204)
      },
    )
  return routes
    .openapi(
      createRoute({
        method: 'get',
        path: '/api/templates/{name}/versions',
        tags,
        summary: 'List the versions of a template',
        request: { params: TemplateParam, query: VersionsQuery },
        responses: { 200: answer(pageOf(TemplateVersion), 'One page, newest first') },
      }),
      async (c) => c.json(await listVersions(ctx, c.req.valid('param').name, c.req.valid('query')), 200),
    )
    .openapi(
      createRoute({
        method: 'get',
        path: '/api/templates/{name}/versions/{number}',
        tags,
        summary: 'Read a version of a template',
        request: { params: TemplateVersionParam },
        responses: { 200: answer(TemplateVersion, 'The version') },
      }),
      async (c) => {
        const { name, number } = c.req.valid('param')
        return c.json(toVersion(await getVersion(ctx.db, name, number)), 200)
      },
    )
    .openapi(
      createRoute({
        method: 'post',
        path: '/api/templates/{name}/rollback',
        tags,
        summary: 'Go back to an earlier version',
        description: 'Makes a new version that says the same; none is lost.',
        request: { params: TemplateParam, body: jsonBody(RollbackTemplate) },
        responses: { 200: answer(Template, 'The template as it is now') },
      }),
      async (c) => {
        const { name } = c.req.valid('param')
        await rollBackTemplate(ctx, actorOf(c), name, c.req.valid('json'), reach)
        return c.json(await showTemplate(ctx, name, reach), 200)
      },
    )
    .openapi(
      createRoute({
        method: 'post',
        path: '/api/templates/{name}/send',
        tags,
        summary: 'Send a trial of a template',
        description:
          'To a destination, or to the caller. It calls nobody: mentions stand in it as text. The answer waits up to 12 ' +
          'seconds for the outcome of the delivery.',
        request: { params: TemplateParam, body: jsonBody(SendTemplate) },
        responses: { 200: answer(Delivery, 'The delivery as it now stands') },
      }),
      async (c) => {
        const { name } = c.req.valid('param')
        const { signal } = c.req.raw
        return c.json(await sendTemplate(ctx, actorOf(c), name, c.req.valid('json'), reach, signal), 200)
      },
    )
}

const VersionsQuery = PageQuery.extend({
  cursor: z
    .string()
    .regex(/^\d{1,9}$/, 'Give the `next` of the page before.')
    .optional(),
})

import { recordAudit } from '../audit/record.ts'
import type { AppContext } from '../context.ts'
import type { Findings } from '../providers/provider.ts'
import type { Actor } from '../users/actor.ts'
import { lockIfSame, markIntegration, type SavedIntegration, updateIntegration } from './store.ts'
import type { Tested } from './test-subject.ts'
import { type Ending, endTest } from './tests-store.ts'

/**
 * Writes how the run ended and, when exactly what is saved by now was tested, what that says about the integration.
 * False: the run is not kept, or was closed meanwhile.
 */
export async function keepTest(
  ctx: AppContext,
  actor: Actor,
  run: { id: string; number: number | undefined },
  { saved, credentialIds, unsaved, subject }: Tested,
  findings: Findings,
  ending: Ending,
): Promise<boolean> {
  const failed = ending.steps.filter(({ state }) => state === 'fail')
  const isAboutSaved = unsaved.length === 0 && ending.state !== 'cancelled'
  const isKept = await ctx.db.transaction().execute(async (trx) => {
    // Somebody may have saved other secrets while it ran.
    const isSame = saved !== undefined && (await lockIfSame(trx, saved, credentialIds))
    const isKept = saved !== undefined && (await endTest(trx, run.id, ending))
    if (isKept && isSame && isAboutSaved) {
      await updateIntegration(trx, saved.id, workspaceOf(findings))
      const code = failed[0]?.code ?? failed[0]?.name
      const at = ending.endedAt
      if (failed.length > 0) await markIntegration(trx, saved.id, { state: 'failing', code, at })
      // Where Slack asked to wait instead of telling whose the token is, nothing shows that it works.
      else if (isToldWhose(findings) || subject.secrets.botToken === undefined) {
        await markIntegration(trx, saved.id, { state: 'ok', at })
      }
    }
    await recordAudit(ctx, trx, actor, {
      action: 'integration.tested',
      subject: { kind: 'integration', id: saved?.id ?? 'unsaved', name: saved?.name ?? 'Not saved yet' },
      detail: {
        ...(run.number !== undefined && { test: run.id, number: run.number }),
        state: ending.state,
        failed: failed.map(({ name, code }) => ({ step: name, code })),
        ...(unsaved.length > 0 && { unsaved }),
        ...(subject.appId !== undefined && { appId: subject.appId }),
      },
    })
    return isKept
  })
  ctx.log.info('connection.tested', { testId: run.id, integrationId: saved?.id, state: ending.state })
  return isKept
}

const isToldWhose = ({ botId }: Findings): boolean => botId !== undefined

/** What became known of the workspace; what did not stays as it was. */
function workspaceOf(findings: Findings): Partial<SavedIntegration> {
  const { workspaceId, workspaceName, workspaceUrl, botUserId, botId, botName } = findings
  const found = { workspaceId, workspaceName, workspaceUrl, botUserId, botId, botName }
  return Object.fromEntries(Object.entries(found).filter(([, value]) => value !== undefined))
}

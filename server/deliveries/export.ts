import { setImmediate } from 'node:timers/promises'
import type { DeliverySummary, ExportDeliveries } from '../../shared/deliveries.ts'
import { csvHead, csvLine } from '../../shared/delivery-csv.ts'
import { recordAudit } from '../audit/record.ts'
import type { AppContext } from '../context.ts'
import { Refusal } from '../errors.ts'
import type { Actor } from '../users/actor.ts'
import { listDeliveryRows } from './list-store.ts'
import { toSummary } from './to-answer.ts'

const PAGE_ROWS = 500

/**
 * What a filter lists, as a file, read a page at a time as fast as it is taken: whoever reads slowly or goes away costs
 * nothing. Who asked for what is in the audit trail before the first row is read. Before each page it is looked whether
 * who asked still may; if not, the file breaks off, so that nobody takes it for whole.
 */
export async function exportDeliveries(
  ctx: AppContext,
  { actor, isAllowed }: { actor: Actor; isAllowed: () => Promise<boolean> },
  { format, ...filter }: ExportDeliveries,
): Promise<{ name: string; type: string; body: ReadableStream<Uint8Array> }> {
  await ctx.db.transaction().execute((trx) =>
    recordAudit(ctx, trx, actor, {
      action: 'deliveries.exported',
      subject: { kind: 'deliveries', id: 'export', name: 'Delivery log' },
      detail: { format, ...filter },
    }),
  )
  const at = new Date(ctx.now()).toISOString().slice(0, 19).replace(/[-:]/g, '').replace('T', '-')
  const lines = format === 'csv' ? csvLine : jsonLine
  const encoder = new TextEncoder()
  let text = format === 'csv' ? csvHead() : ''
  let cursor: string | undefined
  let isGone = false
  const body = new ReadableStream<Uint8Array>({
    pull: async (stream) => {
      // A page may hold nothing while there is more to search.
      do {
        if (!(await isAllowed())) return stream.error(new Refusal('unauthenticated', 'Whoever exports may no longer.'))
        const page = await listDeliveryRows(ctx.db, { ...filter, cursor, limit: PAGE_ROWS })
        text += page.rows.map((row) => lines(toSummary(row))).join('')
        cursor = page.next
        // SQLite answers in the same turn of the loop: without this no other request would be served until the end.
        await setImmediate()
      } while (text === '' && cursor !== undefined && !isGone)
      if (isGone) return
      if (text) stream.enqueue(encoder.encode(text))
      if (cursor === undefined) stream.close()
      text = ''
    },
    cancel: () => {
      isGone = true
    },
  })
  const type = format === 'csv' ? 'text/csv; charset=utf-8; header=present' : 'application/jsonl; charset=utf-8'
  return { name: `deliveries-${at}.${format}`, type, body }
}

const jsonLine = (delivery: DeliverySummary): string => `${JSON.stringify(delivery)}\n`

import type { AppContext } from '../context.ts'
import { type Accepted, readKey } from '../deliveries/accept/idempotency.ts'
import { keepFile } from '../files/keep-file.ts'
import { deleteFile } from '../files/store.ts'
import type { MessageRequest, messageTaker } from './accept-message.ts'
import type { ArrivingFile } from './read-multipart.ts'

type Sent = { text: string; file: ArrivingFile; header: string | undefined }

/** Takes a message whose file is still arriving. A file that is not needed after all is not kept. */
export async function takeWithFile(
  ctx: AppContext,
  { check, take }: ReturnType<typeof messageTaker>,
  request: MessageRequest,
  { text, file, header }: Sent,
): Promise<Extract<Accepted, { kind: 'accepted' }>> {
  const { actor, source, message } = request
  const checked = await check(request, true)
  readKey(header, source, [])
  const { stream, name, contentType } = file
  const kept = await keepFile(ctx, stream, { name, contentType, altText: message.altText, createdBy: actor.name })
  let isKept = false
  try {
    // The boundary between the parts is another one each time, so the body's own bytes say nothing.
    const requestKey = readKey(header, source, ['POST /api/messages\n', text, '\n', kept.name, '\n', kept.sha256])
    const accepted = await take({ ...checked, file: kept, requestKey })
    isKept = !accepted.isReplay
    return accepted
  } finally {
    if (!isKept) await deleteFile(ctx.db, kept.id)
  }
}

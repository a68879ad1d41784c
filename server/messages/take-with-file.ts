import type { AppContext } from '../context.ts'
import { keepFile } from '../files/keep-file.ts'
import { deleteFile } from '../files/store.ts'
import type { AcceptedRequest, MessageRequest, messageTaker } from './accept-message.ts'
import type { ArrivingFile } from './read-multipart.ts'

/**
 * Takes a message whose file is still arriving, which may last hours: `admitAgain` then refuses who may send no more. A
 * file that is not needed after all is not kept.
 */
export async function takeWithFile(
  ctx: AppContext,
  { check, take }: ReturnType<typeof messageTaker>,
  request: MessageRequest,
  { stream, name, contentType }: ArrivingFile,
  admitAgain: () => Promise<void>,
): Promise<AcceptedRequest> {
  const checked = await check(request, true)
  const { actor, message } = request
  const kept = await keepFile(ctx, stream, { name, contentType, altText: message.altText, createdBy: actor.name })
  let isKept = false
  try {
    await admitAgain()
    // The boundary between the parts is another one each time, so the body's own bytes say nothing.
    const accepted = await take({ ...checked, body: [...checked.body, '\n', kept.name, '\n', kept.sha256] }, kept)
    isKept = !accepted.isReplay
    return accepted
  } finally {
    if (!isKept) await deleteFile(ctx.db, kept.id)
  }
}

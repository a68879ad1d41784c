import type { IncomingMessage, Server, ServerResponse } from 'node:http'

/** How slowly the body of a request may come. */
export type ArrivalLimits = {
  /** How often it is looked at. */
  everyMs: number
  /** Of an upload: what has to have come between two looks. All else has to be whole by the first. */
  leastUploadBytes: number
}

/** A hundred megabytes may take three hours and a half, and nobody holds a connection with a byte now and then. */
export const arrivalLimits: ArrivalLimits = { everyMs: 60_000, leastUploadBytes: 512 * 1024 }

/**
 * Ends requests whose body does not come. Node's own limit is for the whole request, and so would cut off every large
 * file on a slow line: uploads are held to their progress instead.
 */
export function endSlowRequests(server: Server, limits: ArrivalLimits = arrivalLimits): void {
  server.on('request', (request: IncomingMessage, response: ServerResponse) => {
    const { socket } = request
    const isUpload = request.headers['content-type']?.startsWith('multipart/form-data') === true
    let seenBytes = socket.bytesRead
    const look = setInterval(() => {
      const cameBytes = socket.bytesRead - seenBytes
      seenBytes = socket.bytesRead
      if (request.complete) return clearInterval(look)
      if (!isTooSlow({ isUpload, cameBytes }, limits)) return
      clearInterval(look)
      // As Node does it: whoever waits for the body is told by its end that it broke off.
      if (!response.headersSent) socket.write('HTTP/1.1 408 Request Timeout\r\nConnection: close\r\n\r\n')
      socket.destroySoon()
    }, limits.everyMs)
    look.unref()
    response.once('close', () => clearInterval(look))
  })
}

/** Whether a body that is not whole yet, and of which so much came since the last look, is given up. */
export const isTooSlow = (
  { isUpload, cameBytes }: { isUpload: boolean; cameBytes: number },
  { leastUploadBytes }: ArrivalLimits,
): boolean => !isUpload || cameBytes < leastUploadBytes

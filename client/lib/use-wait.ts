import { useEffect, useState } from 'react'
import { ApiError } from './api.ts'

/** The seconds that are left of the wait the server asked for; `unsaidSeconds` where a 429 did not say how long. */
export function useWait(error: unknown, unsaidSeconds = 0): number {
  const [left, setLeft] = useState(() => askedFor(error, unsaidSeconds))
  useEffect(() => {
    const seconds = askedFor(error, unsaidSeconds)
    setLeft(seconds)
    if (seconds === 0) return
    const timer = setInterval(() => setLeft((before) => Math.max(0, before - 1)), 1000)
    return () => clearInterval(timer)
  }, [error, unsaidSeconds])
  return left
}

/** 429 and 503 may say how long; what else fails is not mended by waiting. */
function askedFor(error: unknown, unsaidSeconds: number): number {
  if (!(error instanceof ApiError)) return 0
  const isBusy = error.status === 429 || error.status === 503
  return Math.max(0, isBusy ? (error.retryAfterSeconds ?? (error.status === 429 ? unsaidSeconds : 0)) : 0)
}

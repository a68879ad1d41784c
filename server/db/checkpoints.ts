import { statSync } from 'node:fs'
import { Worker } from 'node:worker_threads'

/**
 * Folds the write-ahead log into the file in a thread of its own, so that no request stands still for it; the thread
 * starts when the log is first worth it. It only copies what is committed (PASSIVE: it waits for nobody and nobody waits
 * for it); the log begins anew at the first write after all of it was copied. The main connection's own checkpoint stays
 * as the bound, should the thread fall behind or be gone. What is given back resolves when the file was let go of.
 */
export function startCheckpoints(path: string, onError: (error: Error) => void): () => Promise<void> {
  let stopThread = async () => {}
  const waiting = setInterval(() => {
    const log = statSync(`${path}-wal`, { throwIfNoEntry: false })
    if (!log || log.size < LEAST_BYTES) return
    clearInterval(waiting)
    stopThread = startThread(path, onError)
  }, EVERY_MS)
  waiting.unref()
  return () => {
    clearInterval(waiting)
    return stopThread()
  }
}

const EVERY_MS = 250
/** Smaller logs are left to lie: copying the same pages again and again costs more than reading past them. */
const LEAST_BYTES = 16 * 1024 * 1024

function startThread(path: string, onError: (error: Error) => void): () => Promise<void> {
  const thread = new Worker(
    `const { parentPort, workerData } = require('node:worker_threads')
     const Database = require(workerData.driver)
     const file = new Database(workerData.path, { timeout: 1000 })
     file.pragma('synchronous = NORMAL')
     const timer = setInterval(() => file.pragma('wal_checkpoint(PASSIVE)'), workerData.everyMs)
     parentPort.once('message', () => {
       clearInterval(timer)
       file.close()
       parentPort.close()
     })`,
    {
      eval: true,
      workerData: {
        path,
        everyMs: EVERY_MS,
        driver: import.meta.resolve('better-sqlite3').replace('file://', ''),
      },
    },
  )
  thread.unref()
  thread.on('error', onError)
  const ended = new Promise<void>((resolve) => thread.once('exit', () => resolve()))
  return async () => {
    // Nothing else may keep the process alive by then.
    thread.ref()
    thread.postMessage('stop')
    await ended
  }
}

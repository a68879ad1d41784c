import { readFile } from 'node:fs/promises'
import { setTimeout } from 'node:timers/promises'
import { median } from './load.ts'
import { startSwitchboard, withFolder } from './servers.ts'

const STARTS = 7
const IDLE_MS = 15_000

/** From the command to the line that says where it is, on a data folder that exists; and the memory it then sits on. */
export async function benchStart(print: (line: string) => void): Promise<void> {
  await withFolder(async (dataDir) => {
    const first = await startSwitchboard(dataDir)
    await first.stop()
    const tookMs: number[] = []
    const cpuMs: number[] = []
    for (let start = 0; start < STARTS; start += 1) {
      const server = await startSwitchboard(dataDir)
      tookMs.push(server.startedInMs)
      cpuMs.push(await cpuOf(server.process.pid ?? 0))
      await server.stop()
    }
    const server = await startSwitchboard(dataDir)
    try {
      const ready = await fetch(`${server.url}/readyz`)
      if (!ready.ok) throw new Error(`/readyz answered ${ready.status}`)
      await setTimeout(IDLE_MS)
      const rss = await residentMb(await childrenOf(server.process.pid ?? 0))
      print(
        `Start to ready: first ever ${first.startedInMs.toFixed(0)} ms, then median ${median(tookMs).toFixed(0)} ms, ` +
          `best ${Math.min(...tookMs).toFixed(0)} ms, ${median(cpuMs).toFixed(0)} ms of CPU`,
      )
      print(`Idle for ${IDLE_MS / 1_000} s: ${rss.toFixed(0)} MB resident`)
    } finally {
      await server.stop()
    }
  })
}

/** Linux counts in hundredths of a second. */
async function cpuOf(pid: number): Promise<number> {
  const fields = (await readFile(`/proc/${pid}/stat`, 'utf8')).split(') ')[1]?.split(' ') ?? []
  return (Number(fields[11]) + Number(fields[12])) * 10
}

/** The process and whatever it started. */
async function childrenOf(pid: number): Promise<number[]> {
  const listed = await readFile(`/proc/${pid}/task/${pid}/children`, 'utf8')
  const children = listed.split(' ').filter(Boolean).map(Number)
  return [pid, ...(await Promise.all(children.map(childrenOf))).flat()]
}

async function residentMb(pids: number[]): Promise<number> {
  const statuses = await Promise.all(pids.map((pid) => readFile(`/proc/${pid}/status`, 'utf8')))
  return statuses.reduce((sum, status) => sum + Number(/VmRSS:\s+(\d+) kB/.exec(status)?.[1] ?? 0), 0) / 1_024
}

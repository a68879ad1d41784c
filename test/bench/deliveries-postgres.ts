import pg from 'pg'
import { startOwnPostgres } from '../support/postgres.ts'
import { inTurn, line, ratio, told } from './deliveries.ts'
import { startGateway } from './gateway.ts'
import type { BenchOptions } from './options.ts'
import { startPeer } from './peer.ts'
import { startSimulator, withFolder } from './servers.ts'

/** As it is installed: what was committed is on disk. */
const SETTINGS = {
  fsync: 'on',
  synchronous_commit: 'on',
  full_page_writes: 'on',
  shared_buffers: '128MB',
  max_connections: '150',
}
const CHANNELS = 200

/** The same on PostgreSQL against graphile-worker, each in a database of its own on one server. */
export async function benchDeliveriesPostgres(print: (line: string) => void, options: BenchOptions): Promise<void> {
  const postgres = await startOwnPostgres(SETTINGS)
  const simulator = await startSimulator('fast')
  try {
    await withFolder(async (dataDir) => {
      const [oursUrl = '', theirsUrl = ''] = await makeDatabases(postgres.url, ['ours', 'theirs'])
      const channels = await simulator.channels(CHANNELS)
      const gateway = await startGateway({ dataDir, simulator, channels, databaseUrl: oursUrl })
      const args = [theirsUrl, simulator.apiUrl, simulator.app.botToken, ...channels]
      const peer = await startPeer('graphile-loop.ts', args)
      try {
        const compared = await inTurn(simulator, gateway, peer, options)
        print(`Deliveries on PostgreSQL with fsync, ${told(compared)}:`)
        print(`  ${line('Switchboard', compared.ours)}`)
        print(`  ${line('graphile-worker', compared.theirs)}`)
        print(`  ${ratio(compared)}`)
      } finally {
        await peer.stop()
        await gateway.stop()
      }
    })
  } finally {
    await simulator.stop()
    await postgres.stop()
  }
}

async function makeDatabases(url: string, names: string[]): Promise<string[]> {
  const client = new pg.Client(url)
  await client.connect()
  for (const name of names) await client.query(`create database ${name}`)
  await client.end()
  return names.map((name) => Object.assign(new URL(url), { pathname: `/${name}` }).href)
}

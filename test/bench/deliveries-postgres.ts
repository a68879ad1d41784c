import pg from 'pg'
import { startOwnPostgres } from '../support/postgres.ts'
import { CHANNELS, inTurn, told } from './deliveries.ts'
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
  max_connections: '200',
}

/**
 * The same on PostgreSQL against graphile-worker, each in a database of its own on one server. As it
 * comes, and set up as its documentation says for many short jobs.
 */
export async function benchDeliveriesPostgres(print: (line: string) => void, options: BenchOptions): Promise<void> {
  const postgres = await startOwnPostgres(SETTINGS)
  const simulator = await startSimulator('fast')
  try {
    await withFolder(async (dataDir) => {
      const [ours = '', plain = '', batched = ''] = await makeDatabases(postgres.url, ['ours', 'plain', 'batched'])
      const channels = await simulator.channels(CHANNELS)
      const gateway = await startGateway({ dataDir, simulator, channels, databaseUrl: ours })
      const startLoop = (url: string, how: 'plain' | 'batched') =>
        startPeer('graphile-loop.ts', [how, url, simulator.apiUrl, simulator.app.botToken, ...channels])
      const peers = {
        'graphile-worker, batched': await startLoop(batched, 'batched'),
        'graphile-worker, as it is': await startLoop(plain, 'plain'),
      }
      try {
        const compared = await inTurn(simulator, gateway, peers, options)
        for (const line of told('Deliveries on PostgreSQL with fsync', compared)) print(line)
      } finally {
        for (const peer of Object.values(peers)) await peer.stop()
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

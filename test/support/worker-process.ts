import { startDeliveryWorker } from '../../server/deliveries/worker.ts'
import { openProcessContext } from './process-context.ts'

/* A delivery worker in a process of its own, for tests that kill it: node worker-process.ts DATABASE API_URL HOST */
startDeliveryWorker(await openProcessContext(process.argv.slice(2)))

import { recipientsOf } from '../../server/events/recipients-of.ts'
import { startQuietHours } from '../../server/quiet-hours/worker.ts'
import { openProcessContext } from './process-context.ts'

/* What ends quiet hours, in a process of its own, for tests that kill it: node quiet-process.ts DATABASE API_URL HOST */
startQuietHours(await openProcessContext(process.argv.slice(2)), recipientsOf)

import type { Browser, Page } from 'playwright-core'
import { lineUp } from '../../server/deliveries/lanes/places-store.ts'
import { deliveryOf, type NewDelivery } from '../../server/deliveries/to-row.ts'
import { deliverDue } from '../../server/deliveries/worker.ts'
import { getDestination } from '../../server/destinations/store.ts'
import type { Delivery } from '../../shared/deliveries.ts'
import type { Role } from '../../shared/users.ts'
import { newPage } from './browser.ts'
import { builtConsole } from './ground.ts'
import { startWorld, type World } from './world.ts'

/** The server with the console that it was built for. */
export async function startConsole(options: Parameters<typeof startWorld>[0] = {}): Promise<World> {
  return startWorld({ clientDir: await builtConsole(), ...options })
}

/** The rows of a table but for its head. */
export const rowsOf = (page: Page, table: string) => page.getByRole('table', { name: table }).locator('tbody tr')

/** Waits until the log is told what happens: what came between its first answer and that is read again much later. */
export async function followsLog(page: Page): Promise<void> {
  await rowsOf(page, 'Deliveries').getByRole('link').first().waitFor()
  await page.getByTitle(/^What happens appears by itself/).waitFor()
}

/** A page of the console as a person of this role sees it. */
export async function openAs(
  browser: Browser,
  world: World,
  role: Role,
  path: string,
  look?: Parameters<typeof newPage>[1],
): Promise<Page> {
  const { headers } = await world.as(role)
  const page = await newPage(browser, look)
  page.setDefaultTimeout(30_000)
  const cookies = (headers.cookie ?? '').split('; ').map((pair) => {
    const [name = '', ...value] = pair.split('=')
    return { name, value: value.join('='), url: world.url }
  })
  await page.context().addCookies(cookies)
  await page.goto(`${world.url}${path}`)
  return page
}

/** A channel of the sandbox that messages go to. */
export async function havingChannel(world: World, integrationId: string, channel: string): Promise<string> {
  const admin = await world.as('admin')
  const { body } = await admin.post('/api/destinations', { integrationId, kind: 'channel', channel })
  return body.id
}

/** A message accepted now; the next `deliverDue` sends it. */
export async function havingMessage(
  world: World,
  destinationId: string,
  text: string,
  change: Partial<NewDelivery> = {},
): Promise<string> {
  const destination = await getDestination(world.db, destinationId)
  const row = deliveryOf(world.ctx, {
    destination,
    integrationName: 'Acme production',
    message: { text },
    origin: 'message',
    priority: 'normal',
    createdBy: 'Ada Ferrer',
    ...change,
  })
  await world.db.transaction().execute((trx) => lineUp(trx, [row]))
  return row.id
}

/** The same, sent at once; the clock goes on far enough that the channel takes the next one. */
export async function havingSent(world: World, destinationId: string, text: string): Promise<Delivery> {
  const id = await havingMessage(world, destinationId, text)
  await deliverDue(world.ctx)
  world.clock.now += 1_500
  const { body } = await (await world.as('admin')).get(`/api/deliveries/${id}`)
  return body
}

import { type RefusalReason, refusalMeanings } from '../../shared/commands.ts'
import type { Integration } from '../../shared/integrations.ts'
import { CopyButton } from '../ui/CopyButton.tsx'
import { KeyValue, KeyValues } from '../ui/KeyValues.tsx'
import { RelativeTime } from '../ui/RelativeTime.tsx'
import { Section } from '../ui/Section.tsx'
import { StatePill } from '../ui/StatePill.tsx'
import classes from './connection.module.css'

type Address = Integration['addresses'][number]

const NAMES: Record<Address['surface'], string> = { commands: 'Commands', interactions: 'Interactions' }

/** The addresses that stand in the app's settings, and whether Slack has called them. */
export function AddressesSection({ integration }: { integration: Integration }) {
  return (
    <Section title="Addresses Slack calls">
      <KeyValues nameWidth="88px">
        {integration.addresses.map((address) => (
          <KeyValue
            key={address.surface}
            name={NAMES[address.surface]}
            meta={refusedLast(address) && <Refused address={address} />}
            action={
              <span className={classes.called}>
                <Called address={address} />
              </span>
            }
          >
            <span className={classes.address}>
              <code title={address.url}>{shortened(address.url)}</code>
              <CopyButton value={address.url} label={`Copy address for ${address.surface}`} inline />
            </span>
          </KeyValue>
        ))}
      </KeyValues>
    </Section>
  )
}

function Called({ address }: { address: Address }) {
  const { lastCalledAt, lastRefused } = address
  if (lastRefused && refusedLast(address)) {
    return (
      <StatePill tone="bad" size="sm">
        Refused <RelativeTime at={lastRefused.at} />
      </StatePill>
    )
  }
  if (!lastCalledAt) {
    return (
      <StatePill tone="neutral" size="sm">
        Never called
      </StatePill>
    )
  }
  return (
    <StatePill tone="ok" size="sm">
      <RelativeTime at={lastCalledAt} />
    </StatePill>
  )
}

function Refused({ address: { lastRefused } }: { address: Address }) {
  if (!lastRefused) return null
  const known = refusalMeanings[lastRefused.reason as RefusalReason] // an older or newer server may say another one
  return known ? `${known.label}. ${known.meaning}` : lastRefused.reason
}

function refusedLast({ lastCalledAt, lastRefused }: Address): boolean {
  return lastRefused !== undefined && (lastCalledAt === undefined || lastRefused.at > lastCalledAt)
}

/** `…/int_…7fq2/commands`: the part that tells one address from another. */
function shortened(url: string): string {
  const [, id = '', surface = ''] = /\/slack\/([^/]+)\/(\w+)$/.exec(url) ?? []
  return id ? `…/${id.slice(0, 4)}…${id.slice(-4)}/${surface}` : url
}

import { Button } from '@mantine/core'
import { useInfiniteQuery, useQuery } from '@tanstack/react-query'
import type { ReactNode } from 'react'
import { useSearchParams } from 'react-router'
import { QuietScope } from '../../shared/quiet-hours.ts'
import { NotificationTabs } from '../notification-types/NotificationTabs.tsx'
import { EmptyState } from '../ui/EmptyState.tsx'
import { ErrorNotice } from '../ui/ErrorNotice.tsx'
import { IconMoon, IconPlayerPause, IconPlus } from '../ui/icons.ts'
import { PageFrame } from '../ui/PageFrame.tsx'
import { Section } from '../ui/Section.tsx'
import { ShowMore } from '../ui/ShowMore.tsx'
import { useCan } from '../users/queries.ts'
import { EndedMutes } from './EndedMutes.tsx'
import { HoursDialog } from './HoursDialog.tsx'
import { HoursTable } from './HoursTable.tsx'
import { MuteDialog } from './MuteDialog.tsx'
import { NowSection } from './NowSection.tsx'
import { activeMutesQuery, endedMutesQuery, quietHoursQuery } from './queries.ts'

/** When messages wait, week by week or for once, and what waits now. The open dialog is in the address. */
export function QuietHoursPage() {
  const hours = useInfiniteQuery(quietHoursQuery)
  const active = useQuery(activeMutesQuery)
  const ended = useQuery(endedMutesQuery)
  const isAdmin = useCan('admin')
  const isOperator = useCan('operator')
  const [params, setParams] = useSearchParams()
  const show = (next: Record<string, string>) => setParams(next, { preventScrollReset: true })
  const close = () => show({})
  const rows = hours.data?.pages.flatMap(({ items }) => items) ?? []
  const error = hours.error ?? active.error
  const edited = rows.find(({ id }) => id === params.get('edit'))
  const mute = isOperator && (
    <Button variant="default" leftSection={<IconPlayerPause />} onClick={() => show({ mute: 'everything' })}>
      Mute…
    </Button>
  )
  const add = isAdmin && (
    <Button leftSection={<IconPlus />} onClick={() => show({ edit: 'new' })}>
      Add quiet hours
    </Button>
  )
  return (
    <PageFrame title="Notifications">
      <NotificationTabs />
      {error && (
        <ErrorNotice
          banner
          error={error}
          what="Quiet hours and mutes could not be read"
          onRetry={() => Promise.all([hours.refetch(), active.refetch()])}
        />
      )}
      {hours.data && active.data && <NowSection hours={rows} mutes={active.data.items} actions={mute} />}
      {(hours.data || hours.isPending) && (
        <Section flush title="Quiet hours" note={rows.length > 0 && 'Week by week'} actions={rows.length > 0 && add}>
          <HoursTable rows={rows} loading={hours.isPending} empty={<None action={add} />} />
        </Section>
      )}
      <ShowMore list={hours} />
      {ended.data && ended.data.items.length > 0 && <EndedMutes mutes={ended.data.items} />}
      {params.get('edit') === 'new' && isAdmin && <HoursDialog onClose={close} />}
      {edited && <HoursDialog key={edited.id} hours={edited} onClose={close} />}
      {params.has('mute') && isOperator && <MuteDialog scope={scopeIn(params)} onClose={close} />}
    </PageFrame>
  )
}

/** What another page wants muted: `?mute=destination&id=dst_1`, `?mute=type&type=login.new`. */
function scopeIn(params: URLSearchParams): QuietScope | undefined {
  const { mute: kind, ...of } = Object.fromEntries(params)
  return QuietScope.safeParse({ kind, ...of }).data
}

function None({ action }: { action: ReactNode }) {
  return (
    <EmptyState icon={<IconMoon />} title="No quiet hours yet" actions={action}>
      Set quiet hours for nights and weekends: what is not urgent then waits, and comes as one digest when they end. To
      silence something just once, mute it.
    </EmptyState>
  )
}

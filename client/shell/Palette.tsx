import { Combobox, Modal, TextInput, useCombobox, useComputedColorScheme, useMantineColorScheme } from '@mantine/core'
import { queryOptions, useQuery } from '@tanstack/react-query'
import { type ComponentType, useEffect, useState } from 'react'
import { useNavigate } from 'react-router'
import { Integration } from '../../shared/integrations.ts'
import { pageOf } from '../../shared/paging.ts'
import { api } from '../lib/api.ts'
import { fits } from '../lib/fits.ts'
import { FocusBack } from '../ui/Dialog.tsx'
import {
  IconArrowsRightLeft,
  IconBolt,
  IconFileText,
  IconLogout,
  IconMoon,
  IconPlug,
  IconPlus,
  IconSearch,
} from '../ui/icons.ts'
import { useCan, useSignOut } from '../users/queries.ts'
import type { NavItem } from './navigation.ts'
import classes from './shell.module.css'

const NamesPage = pageOf(Integration.pick({ id: true, name: true, workspace: true }))

const namesQuery = queryOptions({
  queryKey: ['integrations', 'names'],
  queryFn: ({ signal }) => api.get('/integrations?limit=200', NamesPage, signal),
})

type Entry = { key: string; group: string; label: string; note?: string; icon: ComponentType; run: () => void }

/** Ctrl K: goes to a page, an integration, a delivery or an event, or does one of the few things that need no page. */
export function Palette({ items, onClose }: { items: NavItem[]; onClose: () => void }) {
  const [typed, setTyped] = useState('')
  // The list has Escape first, and is all there is to close.
  const combobox = useCombobox({ opened: true, onDropdownClose: onClose })
  // Enter does the first of what is found, without an arrow key before it.
  // biome-ignore lint/correctness/useExhaustiveDependencies: the store is another object at each render
  useEffect(() => void combobox.selectFirstOption(), [typed])
  const entries = useEntries(items).filter(({ label, note = '' }) => fits(`${label} ${note}`, typed))
  const found = [...byId(typed.trim(), useNavigate()), ...entries]
  const groups = [...new Set(found.map((entry) => entry.group))]
  const run = (key: string) => {
    onClose()
    found.find((entry) => entry.key === key)?.run()
  }
  return (
    <Modal.Root opened onClose={onClose} size={560} yOffset="12vh">
      <Modal.Overlay />
      <Modal.Content aria-label="Search">
        <FocusBack />
        <Combobox store={combobox} onOptionSubmit={run}>
          <Combobox.EventsTarget>
            <TextInput
              value={typed}
              onChange={(event) => setTyped(event.currentTarget.value)}
              aria-label="Search pages, integrations, actions, or a delivery or event by id"
              placeholder="Page, integration, action or id"
              leftSection={<IconSearch />}
              data-autofocus
              variant="unstyled"
              size="lg"
              classNames={{ input: classes.paletteInput ?? '' }}
            />
          </Combobox.EventsTarget>
          <Combobox.Options mah="50vh" p={4} style={{ overflowY: 'auto' }} aria-label="Results" tabIndex={0}>
            {groups.map((group) => (
              <Combobox.Group key={group} label={group}>
                {found
                  .filter((entry) => entry.group === group)
                  .map((entry) => (
                    <Option key={entry.key} entry={entry} />
                  ))}
              </Combobox.Group>
            ))}
            {found.length === 0 && (
              <Combobox.Empty>
                Nothing is called “{typed}”. Ids of deliveries begin with dlv_, of events with evt_.
              </Combobox.Empty>
            )}
          </Combobox.Options>
        </Combobox>
      </Modal.Content>
    </Modal.Root>
  )
}

function Option({ entry: { key, label, note, icon: Icon } }: { entry: Entry }) {
  return (
    <Combobox.Option value={key}>
      <span className={classes.option}>
        <Icon />
        <span>{label}</span>
        {note && <span className={classes.optionNote}>{note}</span>}
      </span>
    </Combobox.Option>
  )
}

function useEntries(items: NavItem[]): Entry[] {
  const navigate = useNavigate()
  const may = { viewer: useCan('viewer'), operator: useCan('operator'), admin: useCan('admin') }
  const integrations = useQuery(namesQuery)
  const { setColorScheme } = useMantineColorScheme()
  const other = useComputedColorScheme('light') === 'light' ? 'dark' : 'light'
  const signOut = useSignOut()
  const pages = items
    .filter((item) => may[item.role])
    .map(({ to, label, icon }) => ({ key: to, group: 'Pages', label, icon, run: () => navigate(to) }))
  const connected = (integrations.data?.items ?? []).map(({ id, name, workspace }) => ({
    key: id,
    group: 'Integrations',
    label: name,
    icon: IconPlug,
    run: () => navigate(`/integrations/${id}`),
    ...(workspace && { note: workspace.name }),
  }))
  pages.push({ key: '/events', group: 'Pages', label: 'Events', icon: IconBolt, run: () => navigate('/events') })
  const actions: Entry[] = [
    {
      key: 'scheme',
      group: 'Actions',
      label: `Use ${other} colours`,
      icon: IconMoon,
      run: () => setColorScheme(other),
    },
    {
      key: 'docs',
      group: 'Actions',
      label: 'Open the API documentation',
      icon: IconFileText,
      run: () => window.location.assign('/api/docs'),
    },
    { key: 'sign-out', group: 'Actions', label: 'Sign out', icon: IconLogout, run: () => signOut.mutate() },
  ]
  if (may.admin) {
    const run = () => navigate('/integrations/new')
    actions.unshift({ key: 'connect', group: 'Actions', label: 'Connect Slack', icon: IconPlus, run })
  }
  return [...pages, ...connected, ...actions]
}

function byId(typed: string, navigate: (to: string) => unknown): Entry[] {
  const found = /^\w{3}_\w+$/.test(typed) ? BY_PREFIX[typed.slice(0, 3)] : undefined
  if (!found) return []
  const { path, ...entry } = found
  return [{ ...entry, key: typed, label: typed, run: () => navigate(`${path}/${typed}`) }]
}

/** What has a page of its own, by how its id begins. */
const BY_PREFIX: Record<string, { path: string; group: string; icon: ComponentType }> = {
  dlv: { path: '/deliveries', group: 'Deliveries', icon: IconArrowsRightLeft },
  evt: { path: '/events', group: 'Events', icon: IconBolt },
}

import {
  ActionIcon,
  Button,
  Drawer,
  NativeSelect,
  Tabs,
  useComputedColorScheme,
  useMantineColorScheme,
} from '@mantine/core'
import { useDisclosure, useMediaQuery } from '@mantine/hooks'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { ErrorNotice } from '../ui/ErrorNotice.tsx'
import { IconFlaskFilled, IconMenu2, IconMoon, IconSettings, IconSun } from '../ui/icons.ts'
import { LiveDot } from '../ui/StatePill.tsx'
import { AppPanel } from './AppPanel.tsx'
import { CallsPanel } from './CallsPanel.tsx'
import { ChannelList } from './ChannelList.tsx'
import { ChannelView } from './ChannelView.tsx'
import type { Person } from './control.ts'
import { FaultsPanel } from './FaultsPanel.tsx'
import { appsQuery, channelQuery, channelsQuery, peopleQuery, settingsQuery } from './queries.ts'
import classes from './simulator.module.css'
import { useAddress } from './use-address.ts'
import { useLiveFeed } from './use-live-feed.ts'

const FIRST_CHANNEL = 'C0COMPALERT'

/** A Slack workspace to look at: channels, what apps post, and everything that can go wrong. */
export function SimulatorPage() {
  const [channelId, setChannelId] = useAddress('channel', FIRST_CHANNEL)
  const [personId, setPersonId] = useAddress('as', '')
  const [signWith, setSignWith] = useState('properly')
  const [listOpen, list] = useDisclosure(false)
  const [panelOpen, panel] = useDisclosure(false)
  const isWide = useMediaQuery('(min-width: 1100px)', true, { getInitialValueInEffect: false })
  const isLive = useLiveFeed(channelId)
  const { data: settings, error, refetch } = useQuery(settingsQuery)
  const { data: people = [] } = useQuery(peopleQuery)
  const { data: apps = [] } = useQuery(appsQuery)
  const { data: channels = [] } = useQuery(channelsQuery(''))
  const chosen = useQuery(channelQuery(channelId))
  const channel = chosen.data ?? (chosen.isError ? channels[0] : undefined)
  const able = people.filter((each) => !each.isBot && !each.deleted)
  const person = able.find((each) => each.id === personId) ?? able[0]

  const choose = (id: string) => {
    setChannelId(id)
    list.close()
  }
  const controls = <Controls signWith={signWith} onSignWith={setSignWith} />
  return (
    <div className={classes.page}>
      <header className={classes.bar}>
        <ActionIcon className={classes.phoneOnly ?? ''} size={40} aria-label="Channels" onClick={list.open}>
          <IconMenu2 />
        </ActionIcon>
        <span className={classes.brand}>
          <IconFlaskFilled aria-hidden="true" />
          <span>Slack simulator</span>
        </span>
        <span className={classes.team}>{settings?.team.name}</span>
        <span className={classes.live} role="status">
          <LiveDot on={isLive} /> {isLive ? 'Live' : 'Not connected'}
        </span>
        {person && <ActingAs people={able} person={person} onChoose={setPersonId} />}
        <SchemeButton />
        {!isWide && (
          <Button variant="default" leftSection={<IconSettings />} onClick={panel.open}>
            Controls
          </Button>
        )}
      </header>
      <div className={classes.columns}>
        <div className={classes.side}>
          <ChannelList current={channel?.id} onChoose={choose} />
        </div>
        <div className={classes.middle}>
          {error && <ErrorNotice error={error} what="The simulator does not answer" onRetry={() => refetch()} banner />}
          {channel && person && (
            <ChannelView
              key={channel.id}
              channel={channel}
              channels={channels}
              people={people}
              person={person}
              apps={apps}
              signWith={signWith}
            />
          )}
        </div>
        {isWide && <aside className={classes.panel}>{controls}</aside>}
      </div>
      <Drawer opened={listOpen} onClose={list.close} title="Channels" size={300} closeButtonProps={CLOSE}>
        <ChannelList current={channel?.id} onChoose={choose} />
      </Drawer>
      {!isWide && (
        <Drawer
          opened={panelOpen}
          onClose={panel.close}
          title="Controls"
          position="right"
          size={400}
          padding={0}
          closeButtonProps={CLOSE}
          classNames={{ header: classes.drawerHead ?? '' }}
        >
          {controls}
        </Drawer>
      )}
    </div>
  )
}

const CLOSE = { 'aria-label': 'Close' }

function Controls({ signWith, onSignWith }: { signWith: string; onSignWith: (value: string) => void }) {
  const [tab, setTab] = useAddress('tab', 'app')
  const [appId, setAppId] = useAddress('app', '')
  const { data: apps = [] } = useQuery(appsQuery)
  return (
    <Tabs
      value={tab}
      onChange={(value) => setTab(value ?? 'app')}
      classNames={{ list: classes.tabs ?? '', tab: classes.tab ?? '' }}
    >
      <Tabs.List aria-label="Controls">
        <Tabs.Tab value="app">App</Tabs.Tab>
        <Tabs.Tab value="faults">Faults</Tabs.Tab>
        <Tabs.Tab value="calls">Calls</Tabs.Tab>
      </Tabs.List>
      <Tabs.Panel value="app">
        <AppPanel apps={apps} appId={appId} onAppId={setAppId} />
      </Tabs.Panel>
      <Tabs.Panel value="faults">
        <FaultsPanel signWith={signWith} onSignWith={onSignWith} />
      </Tabs.Panel>
      <Tabs.Panel value="calls">
        <CallsPanel />
      </Tabs.Panel>
    </Tabs>
  )
}

type ActingAsProps = { people: Person[]; person: Person; onChoose: (id: string) => void }

function ActingAs({ people, person, onChoose }: ActingAsProps) {
  return (
    <div className={classes.acting}>
      <span className={classes.actingWord} id="acting-as">
        Acting as
      </span>
      <NativeSelect
        aria-labelledby="acting-as"
        data={people.map(({ id, realName }) => ({ value: id, label: realName }))}
        value={person.id}
        onChange={(event) => onChoose(event.currentTarget.value)}
      />
    </div>
  )
}

function SchemeButton() {
  const { setColorScheme } = useMantineColorScheme()
  const scheme = useComputedColorScheme('light')
  const other = scheme === 'light' ? 'dark' : 'light'
  return (
    <ActionIcon aria-label={`Use ${other} colours`} onClick={() => setColorScheme(other)}>
      {scheme === 'light' ? <IconMoon /> : <IconSun />}
    </ActionIcon>
  )
}

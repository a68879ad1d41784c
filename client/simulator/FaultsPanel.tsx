import { Button, Group, NativeSelect, NumberInput, SegmentedControl, Switch, TextInput } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { type FormEvent, useState } from 'react'
import { ErrorNotice } from '../ui/ErrorNotice.tsx'
import { IconBolt, IconPlus, IconRefresh, IconTrash } from '../ui/icons.ts'
import type { Fault } from './control.ts'
import { FAULTS, SIGNATURES } from './faults.ts'
import { PanelSection } from './PanelSection.tsx'
import { faultsQuery, settingsQuery, useChange } from './queries.ts'
import classes from './simulator.module.css'

type Props = { signWith: string; onSignWith: (value: string) => void }

/** The fault dial: what goes wrong next, and how often. */
export function FaultsPanel({ signWith, onSignWith }: Props) {
  const { data: faults = [] } = useQuery(faultsQuery)
  const change = useChange()
  return (
    <>
      <PanelSection title="Add a fault">
        <NewFault />
      </PanelSection>
      <PanelSection title="On the dial" note={faults.length > 0 ? String(faults.length) : undefined}>
        {faults.length === 0 && <p className={classes.meta}>None. Every call goes through.</p>}
        <ul className={classes.rows}>
          {faults.map((fault) => (
            <FaultRow
              key={fault.id}
              fault={fault}
              onRemove={() => change.mutate({ method: 'DELETE', path: `/faults/${fault.id}` })}
            />
          ))}
        </ul>
      </PanelSection>
      <PanelSection title="Requests to the app">
        <NativeSelect
          label="Signature of commands and clicks"
          data={SIGNATURES}
          value={signWith}
          onChange={(event) => onSignWith(event.currentTarget.value)}
        />
      </PanelSection>
      <Workspace />
    </>
  )
}

function NewFault() {
  const { data: settings } = useQuery(settingsQuery)
  const change = useChange()
  const [method, setMethod] = useState('chat.postMessage')
  const [kind, setKind] = useState('rate_limited')
  const [channel, setChannel] = useState('')
  const [times, setTimes] = useState<number | ''>(1)
  const [detail, setDetail] = useState('')
  const known = FAULTS[kind]

  const add = (event: FormEvent) => {
    event.preventDefault()
    const body = {
      method,
      kind,
      times: times === '' ? null : times,
      ...(channel.trim() ? { channel: channel.trim() } : {}),
      ...(known?.detail && detail.trim() ? known.detail.read(detail.trim()) : {}),
    }
    change.mutate({ method: 'POST', path: '/faults', body })
  }

  return (
    <form className={classes.form} onSubmit={add}>
      <NativeSelect
        label="Method"
        data={[
          { value: '*', label: 'Everything' },
          { value: 'webhook', label: 'Incoming webhooks' },
          { value: 'response_url', label: 'Response URLs' },
          ...(settings?.methods ?? ['chat.postMessage']),
        ]}
        value={method}
        onChange={(event) => setMethod(event.currentTarget.value)}
      />
      <NativeSelect
        label="What goes wrong"
        description={known?.about}
        data={(settings?.faultKinds ?? [kind]).map((value) => ({ value, label: FAULTS[value]?.label ?? value }))}
        value={kind}
        onChange={(event) => {
          setKind(event.currentTarget.value)
          setDetail('')
        }}
      />
      {known?.detail && (
        <TextInput
          label={known.detail.label}
          placeholder={known.detail.example}
          value={detail}
          onChange={(event) => setDetail(event.currentTarget.value)}
        />
      )}
      <Group gap="xs" grow align="flex-start">
        <TextInput
          label="Only in channel"
          placeholder="any"
          value={channel}
          onChange={(event) => setChannel(event.currentTarget.value)}
        />
        <NumberInput
          label="Times"
          placeholder="until removed"
          min={1}
          value={times}
          onChange={(value) => setTimes(typeof value === 'number' ? value : '')}
        />
      </Group>
      {change.error && <ErrorNotice error={change.error} what="The fault was not added" />}
      <Button type="submit" leftSection={<IconPlus />} loading={change.isPending}>
        Add fault
      </Button>
    </form>
  )
}

function FaultRow({ fault, onRemove }: { fault: Fault; onRemove: () => void }) {
  const left = fault.times === null ? 'until removed' : `${fault.times - fault.hits} left`
  const label = FAULTS[fault.kind]?.label ?? fault.kind
  return (
    <li className={classes.rowLine}>
      <IconBolt style={{ color: 'var(--warn)' }} />
      <div className={classes.grow}>
        <p>
          {label}
          {fault.code && (
            <>
              {' '}
              <code>{fault.code}</code>
            </>
          )}
        </p>
        <p className={classes.meta}>
          {fault.method === '*' ? 'everything' : fault.method}
          {fault.channel && ` in ${fault.channel}`}, struck {fault.hits}, {left}
        </p>
      </div>
      <Button
        variant="subtle"
        color="gray"
        size="xs"
        leftSection={<IconTrash />}
        aria-label={`Remove fault ${label} on ${fault.method}`}
        onClick={onRemove}
      >
        Remove
      </Button>
    </li>
  )
}

function Workspace() {
  const { data: settings } = useQuery(settingsQuery)
  const change = useChange()
  const set = (body: Record<string, unknown>) => change.mutate({ method: 'PATCH', path: '/settings', body })
  if (!settings) return null
  return (
    <PanelSection title="Workspace">
      <div className={classes.form}>
        <div>
          <p className={classes.label} id="pace">
            Limits
          </p>
          <SegmentedControl
            aria-labelledby="pace"
            data={[
              { value: 'slack', label: 'As Slack has them' },
              { value: 'fast', label: 'None' },
            ]}
            value={settings.pace}
            onChange={(pace) => set({ pace })}
          />
        </div>
        <Switch
          label="Say Retry-After on a 429"
          checked={settings.retryAfterHeader}
          onChange={(event) => set({ retryAfterHeader: event.currentTarget.checked })}
        />
        <NumberInput
          label="Slack's clock is ahead by (seconds)"
          value={settings.dateSkewSeconds}
          min={-86_400}
          max={86_400}
          onBlur={(event) => {
            const dateSkewSeconds = Number(event.currentTarget.value)
            if (Number.isInteger(dateSkewSeconds)) set({ dateSkewSeconds })
          }}
        />
        <Button
          variant="default"
          leftSection={<IconRefresh />}
          loading={change.isPending}
          onClick={() => change.mutate({ method: 'POST', path: '/reset' })}
        >
          Start over from the seed
        </Button>
      </div>
    </PanelSection>
  )
}

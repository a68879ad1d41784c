import { Radio, Select, Stack, TagsInput, Textarea } from '@mantine/core'
import { useInfiniteQuery, useQuery } from '@tanstack/react-query'
import { Link } from 'react-router'
import { integrationsQuery } from '../integrations/queries.ts'
import { notificationTypesQuery } from '../notification-types/queries.ts'
import { platformQuery } from '../platform/queries.ts'
import { Notice } from '../ui/Notice.tsx'
import type { FieldProps } from './ScheduleForm.tsx'
import classes from './schedules.module.css'

/** Where the events of a run come from. */
export function SourceFields(props: FieldProps) {
  const { draft, set, disabled } = props
  return (
    <>
      <Radio.Group
        label="Where it comes from"
        value={draft.from}
        onChange={(value) => set({ from: value === 'platform' ? 'platform' : 'stored_events' })}
      >
        <Stack gap="xs" mt="xs">
          <Radio
            value="platform"
            label="Ask the platform"
            description="Your service answers with the events to send, such as deadlines that come near."
            disabled={disabled}
          />
          <Radio
            value="stored_events"
            label="Sum up events"
            description="One message about the events that came since the last run. None came: none is sent."
            disabled={disabled}
          />
        </Stack>
      </Radio.Group>
      {draft.from === 'platform' ? <PlatformFields {...props} /> : <StoredFields {...props} />}
    </>
  )
}

function PlatformFields({ draft: { integrationId }, set, at, disabled }: FieldProps) {
  const integrations = useQuery(integrationsQuery)
  const endpoint = useQuery({ ...platformQuery(integrationId), enabled: integrationId !== '' })
  const data = (integrations.data ?? []).map(({ id, name }) => ({ value: id, label: name }))
  const tab = `/integrations/${integrationId}/platform`
  return (
    <>
      <Select
        label="Platform of"
        placeholder="Choose an integration"
        data={data}
        value={integrationId || null}
        allowDeselect={false}
        disabled={disabled}
        error={at('source.integrationId')}
        nothingFoundMessage="No integration yet"
        onChange={(value) => set({ integrationId: value ?? '' })}
      />
      {integrations.data?.length === 0 && (
        <Notice tone="warn" title="No integration is connected yet">
          <p>
            <Link to="/integrations/new">Connect Slack</Link> first: a platform belongs to an integration.
          </p>
        </Notice>
      )}
      {endpoint.data === null && (
        <Notice tone="warn" title="Its platform is not known yet">
          <p>
            <Link to={tab}>Enter the address</Link> of your service first, or runs fail.
          </p>
        </Notice>
      )}
      {endpoint.data && !endpoint.data.enabled && (
        <Notice tone="warn" title="Its platform endpoint is switched off">
          <p>
            <Link to={tab}>Switch it on</Link>, or runs fail.
          </p>
        </Notice>
      )}
    </>
  )
}

function StoredFields({ draft: { types, condition }, set, at, disabled }: FieldProps) {
  const known = useInfiniteQuery(notificationTypesQuery)
  return (
    <>
      <TagsInput
        label="Types"
        description="Only events of these. None: of all types."
        data={known.data?.pages.flatMap(({ items }) => items.map(({ type }) => type)) ?? []}
        value={types}
        maxTags={50}
        disabled={disabled}
        onChange={(value) => set({ types: value })}
      />
      <Textarea
        label="Condition"
        description="Only events for which it holds. Empty: all."
        placeholder="severity == 'critical' OR days_remaining <= 3"
        classNames={{ input: classes.mono ?? '' }}
        autosize
        minRows={1}
        maxLength={2_000}
        spellCheck={false}
        value={condition}
        disabled={disabled}
        error={at('source.condition')}
        onChange={(event) => set({ condition: event.currentTarget.value })}
      />
    </>
  )
}

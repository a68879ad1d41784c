import { Autocomplete } from '@mantine/core'
import { useInfiniteQuery } from '@tanstack/react-query'
import { notificationTypesQuery } from '../notification-types/queries.ts'
import type { FieldProps } from './ScheduleForm.tsx'

/** The notification type of what is sent, which says where it goes and how it looks. */
export function TypeField({ draft: { type }, set, at, disabled }: FieldProps) {
  const known = useInfiniteQuery(notificationTypesQuery)
  return (
    <Autocomplete
      label="Notification type"
      description="Says where it goes and what it looks like."
      placeholder="deadline"
      data={known.data?.pages.flatMap(({ items }) => items.map((item) => item.type)) ?? []}
      value={type}
      required
      withAsterisk={false}
      maxLength={100}
      disabled={disabled}
      error={at('type')}
      onChange={(value) => set({ type: value })}
    />
  )
}

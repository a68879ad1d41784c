import { Select } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { typeNamesQuery } from '../notification-types/queries.ts'
import { ErrorNotice } from '../ui/ErrorNotice.tsx'

type Props = { type: string | undefined; usedBy: string[]; onType: (type: string | undefined) => void }

/** As which notification type a template is shown: its emoji, its mentions, and only the fields that it lets be seen. */
export function ShownAs({ type, usedBy, onType }: Props) {
  const { data: all = [], error, refetch } = useQuery(typeNamesQuery)
  const others = all.filter((name) => !usedBy.includes(name))
  if (error) return <ErrorNotice error={error} what="The notification types could not be read" onRetry={refetch} />
  return (
    <Select
      label="Shown as"
      description="A notification type gives its emoji, its mentions and the fields that may be seen."
      mt="md"
      searchable
      allowDeselect={false}
      data={[
        { value: OWN, label: 'The type of the event' },
        ...[
          { group: 'Use this template', items: usedBy },
          { group: 'Other types', items: others },
        ].filter(({ items }) => items.length > 0),
      ]}
      value={type ?? OWN}
      onChange={(next) => onType(next === null || next === OWN ? undefined : next)}
      nothingFoundMessage="No notification type has this in its name."
    />
  )
}

/** No type has an empty name. */
const OWN = ''

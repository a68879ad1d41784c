import { Skeleton, Stack } from '@mantine/core'
import { Section } from './Section.tsx'

/** Grey lines where rows of text will stand. */
export function RowsSkeleton({ rows = 4 }: { rows?: number }) {
  return (
    <Stack gap={20} py={12} role="status" aria-label="Loading">
      {Array.from({ length: rows }, (_, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: equal grey lines
        <Skeleton key={index} height={12} width={`${88 - (index % 3) * 18}%`} />
      ))}
    </Stack>
  )
}

/** A section before its content is there, at the height it will have, so that nothing jumps. */
export function SectionSkeleton({ height = 160 }: { height?: number }) {
  return (
    <Section label="Loading">
      <Skeleton height={14} width={140} mb={24} />
      <Skeleton height={height} radius="md" />
    </Section>
  )
}

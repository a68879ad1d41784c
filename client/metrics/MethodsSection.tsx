import type { Overview } from '../../shared/metrics.ts'
import { withQuery } from '../lib/api.ts'
import { formatCount } from '../lib/format.ts'
import { type Column, DataTable } from '../ui/DataTable.tsx'
import { Section } from '../ui/Section.tsx'

type Method = Overview['responses']['methods'][number]

const columns: Column<Method>[] = [
  { key: 'method', head: 'Method', lead: true, card: 'start', cell: ({ method }) => <code>{method}</code> },
  { key: 'count', head: 'Requests', align: 'end', cell: ({ count }) => formatCount(count) },
  ...(['p50', 'p95', 'p99'] as const).map(
    (key): Column<Method> => ({ key, head: key, align: 'end', cell: (row) => inMs(row[key]) }),
  ),
]

type Props = { overview: Overview; integrationId: string | undefined }

/** Response times method by method; a row leads to the deliveries that used it. */
export function MethodsSection({ overview: { from, to, responses }, integrationId }: Props) {
  return (
    <Section title="Response time by method" flush>
      <DataTable
        label="Response time by method"
        columns={columns}
        rows={responses.methods}
        rowKey={({ method }) => method}
        to={({ method }) => withQuery('/deliveries', { by: 'attempted', from, to, method, integrationId })}
        lineAbove
      />
    </Section>
  )
}

function inMs(value: number | null): string {
  return value === null ? '–' : `${formatCount(Math.round(value))} ms`
}

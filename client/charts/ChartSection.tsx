import { ActionIcon } from '@mantine/core'
import { type ReactNode, useState } from 'react'
import { type Column, DataTable } from '../ui/DataTable.tsx'
import { IconTable } from '../ui/icons.ts'
import { Section } from '../ui/Section.tsx'
import classes from './chart.module.css'
import { bucketName, type Format, Legend, type Point, type Series } from './parts.tsx'

type Props = {
  title: string
  note?: ReactNode
  /** Named with their totals in the head and in the table's columns. */
  lines?: Series[]
  bars?: Series[]
  /** More of the legend: a figure that has no series, such as how many wait. */
  aside?: ReactNode
  points: Point[]
  stepMs: number
  formatLine: Format
  formatBar: Format
  /** Where a bucket leads. */
  to?: ((at: number) => string) | undefined
  /** A single line needs no legend of its own: the title names it. */
  hideLines?: boolean
  legendBelow?: boolean
  children: ReactNode
}

/** The section round a chart: head with legend, and the button that turns the chart into a table of the same rows. */
export function ChartSection(props: Props) {
  const { title, note, lines = [], bars = [], aside, legendBelow, children } = props
  const [isTable, setTable] = useState(false)
  const label = isTable ? `Show ${title} as a chart` : `Show ${title} as a table`
  const toggle = (
    <ActionIcon
      aria-label={label}
      aria-pressed={isTable}
      title={label}
      onClick={() => setTable(!isTable)}
      style={{ marginRight: -6 }}
    >
      <IconTable />
    </ActionIcon>
  )
  const legend = <Legend lines={props.hideLines ? [] : lines} bars={bars} {...(legendBelow && { below: true })} />
  return (
    <Section
      title={title}
      note={
        <span className={classes.note}>
          {note}
          {!legendBelow && legend}
          {aside}
        </span>
      }
      actions={toggle}
    >
      {isTable ? (
        <TableTwin {...props} />
      ) : (
        <>
          {children}
          {legendBelow && legend}
        </>
      )}
    </Section>
  )
}

/** The newest bucket first, since that is the one asked about. */
function TableTwin({ title, lines = [], bars = [], points, stepMs, formatLine, formatBar, to }: Props) {
  const series = [
    ...lines.map((one) => ({ ...one, format: formatLine })),
    ...bars.map((one) => ({ ...one, format: formatBar })),
  ]
  const columns: Column<Point>[] = [
    { key: 'at', head: 'Time', lead: true, card: 'start', nowrap: true, cell: (row) => bucketName(row.at, stepMs) },
    ...series.map(
      ({ key, label, format }): Column<Point> => ({
        key,
        head: label,
        align: 'end',
        cell: ({ values }) => {
          const value = values[key]
          return value === null || value === undefined ? '–' : format(value)
        },
      }),
    ),
  ]
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls, so a keyboard must reach it
    <section className={classes.tableWrap} aria-label={`${title}, table`} tabIndex={0}>
      <DataTable
        label={title}
        columns={columns}
        rows={points.toReversed()}
        rowKey={(row) => String(row.at)}
        {...(to && { to: (row: Point) => to(row.at) })}
      />
    </section>
  )
}

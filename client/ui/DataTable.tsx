import { Checkbox, Skeleton } from '@mantine/core'
import { type KeyboardEvent, type ReactNode, useRef } from 'react'
import { Link } from 'react-router'
import { afterPress, focusedRow, moveByArrow, withBetween } from './selecting.ts'
import classes from './table.module.css'

export type Column<Row> = {
  key: string
  head: string
  cell: (row: Row) => ReactNode
  align?: 'end'
  /** A CSS width; the columns without one share what is left. */
  width?: string
  /** The cell that names the row and holds its link; exactly one column. */
  lead?: boolean
  /**
   * Where the cell stands when the row becomes a card: top left, top right, on a line of its own without its head, or
   * nowhere. Left out, it is a line with its head before it.
   */
  card?: 'start' | 'end' | 'plain' | 'hide'
  nowrap?: boolean
}

export type Selection = { keys: ReadonlySet<string>; onChange: (keys: ReadonlySet<string>) => void }

type Props<Row> = {
  /** What a screen reader calls the table. */
  label: string
  columns: Column<Row>[]
  rows: Row[]
  rowKey: (row: Row) => string
  /** Names one row for its checkbox. */
  rowName?: (row: Row) => string
  /** Where a row leads; the whole row is that link. */
  to?: (row: Row) => string
  selection?: Selection
  /** The row that something beside the table shows more of. */
  isCurrent?: (row: Row) => boolean
  /** A row that came while one was looking: it slides in. */
  isNew?: (row: Row) => boolean
  /** Stands in place of rows that are still on their way. */
  loading?: boolean
  /** Shown instead of the table when there are no rows. */
  empty?: ReactNode
  /** A hairline above the head, for a table that stands below something in its section. */
  lineAbove?: boolean
}

/**
 * A table whose head stays in sight, whose rows are links that the arrow keys move between, and cards on a phone. Where
 * rows can be chosen, space chooses the one in focus, and Shift with an arrow or a press all between.
 */
export function DataTable<Row>(props: Props<Row>) {
  const { label, columns, rows, rowKey, selection, loading, empty, lineAbove } = props
  const anchor = useRef<string>(undefined)
  if (!loading && rows.length === 0 && empty) return empty
  const press = (key: string, isShift: boolean) => {
    selection?.onChange(afterPress(selection.keys, rows.map(rowKey), { key, anchor: anchor.current, isShift }))
    anchor.current = key
  }
  const onKeyDown = (event: KeyboardEvent<HTMLElement>) => {
    const moved = moveByArrow(event)
    if (moved && selection && event.shiftKey) selection.onChange(withBetween(selection.keys, rows.map(rowKey), moved))
    const row = event.key === ' ' && selection ? rows[focusedRow(event)] : undefined
    if (!row) return
    event.preventDefault()
    press(rowKey(row), false)
  }
  return (
    <div className={classes.wrap}>
      <table className={classes.table} aria-label={label} aria-busy={loading || undefined}>
        <thead className={lineAbove ? classes.line : undefined}>
          <tr>
            {selection && (
              <th className={classes.check} scope="col">
                <SelectAll keys={rows.map(rowKey)} selection={selection} />
              </th>
            )}
            {columns.map((column) => (
              <th key={column.key} scope="col" className={column.align && classes.end} style={{ width: column.width }}>
                {column.head}
              </th>
            ))}
          </tr>
        </thead>
        <tbody onKeyDown={onKeyDown}>
          {loading
            ? Array.from({ length: 8 }, (_, index) => (
                // biome-ignore lint/suspicious/noArrayIndexKey: eight equal grey rows
                <LoadingRow key={index} columns={columns.length + (selection ? 1 : 0)} />
              ))
            : rows.map((row) => <DataRow key={rowKey(row)} row={row} table={props} onPress={press} />)}
        </tbody>
      </table>
    </div>
  )
}

type RowProps<Row> = { row: Row; table: Props<Row>; onPress: (key: string, isShift: boolean) => void }

function DataRow<Row>({ row, table, onPress }: RowProps<Row>) {
  const { columns, rowKey, rowName, to, selection } = table
  const key = rowKey(row)
  const selected = selection?.keys.has(key) ?? false
  const current = table.isCurrent?.(row) ?? false
  return (
    <tr
      className={classes.row}
      data-selected={selected || current || undefined}
      data-new={table.isNew?.(row) || undefined}
    >
      {selection && (
        <td className={classes.check}>
          <Checkbox
            aria-label={`Select ${rowName?.(row) ?? key}`}
            checked={selected}
            onChange={({ nativeEvent }) => onPress(key, nativeEvent instanceof MouseEvent && nativeEvent.shiftKey)}
          />
        </td>
      )}
      {columns.map((column) => {
        const content = column.cell(row)
        return (
          <td
            key={column.key}
            className={cellClass(column)}
            {...(!column.card && !column.lead && { 'data-label': column.head })}
          >
            {column.lead && to ? (
              <Link
                to={to(row)}
                className={classes.link}
                data-row-link
                aria-current={current || undefined}
                preventScrollReset={table.isCurrent !== undefined}
              >
                {content}
              </Link>
            ) : (
              content
            )}
          </td>
        )
      })}
    </tr>
  )
}

/** Keeps a button or a second link in a row above the row's own link. */
export function AboveRowLink({ children }: { children: ReactNode }) {
  return <span className={classes.above}>{children}</span>
}

function SelectAll({ keys, selection }: { keys: string[]; selection: Selection }) {
  const chosen = keys.filter((key) => selection.keys.has(key)).length
  const all = keys.length > 0 && chosen === keys.length
  return (
    <Checkbox
      aria-label={all ? 'Select none' : 'Select all rows on this page'}
      checked={all}
      indeterminate={chosen > 0 && !all}
      onChange={() => selection.onChange(new Set(all ? [] : keys))}
    />
  )
}

function LoadingRow({ columns }: { columns: number }) {
  return (
    <tr className={classes.row}>
      {Array.from({ length: columns }, (_, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: equal grey cells
        <td key={index}>
          <Skeleton height={12} width={index % 2 ? '70%' : '48px'} />
        </td>
      ))}
    </tr>
  )
}

function cellClass<Row>(column: Column<Row>): string {
  const card = { start: classes.cardStart, end: classes.cardEnd, hide: classes.cardHide, plain: undefined }
  return [
    column.align && classes.end,
    column.lead && classes.lead,
    column.nowrap && classes.nowrap,
    column.card && card[column.card],
  ]
    .filter(Boolean)
    .join(' ')
}

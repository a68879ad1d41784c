import { Button, Menu } from '@mantine/core'
import { withQuery } from '../lib/api.ts'
import { IconDownload, IconTable } from '../ui/icons.ts'
import { PageTabs } from '../ui/Tabs.tsx'
import type { DeliveryFilter } from './filter.ts'
import classes from './log.module.css'
import { logTabs } from './log-tabs.ts'
import { optionalColumns } from './shown-columns.ts'

type Props = { filter: DeliveryFilter; columns: string[]; onColumns: (columns: string[]) => void }

/** The ways from the log to its sister pages, which columns it shows, and the log as a file. */
export function LogTools({ filter, columns, onColumns }: Props) {
  return (
    <div className={classes.tools}>
      <PageTabs label="Deliveries" tabs={logTabs} />
      <div className={classes.menus}>
        <ColumnsMenu columns={columns} onColumns={onColumns} />
        <ExportMenu filter={filter} />
      </div>
    </div>
  )
}

function ColumnsMenu({ columns, onColumns }: Omit<Props, 'filter'>) {
  const toggle = (key: string) =>
    onColumns(columns.includes(key) ? columns.filter((shown) => shown !== key) : [...columns, key])
  return (
    <Menu position="bottom-end">
      <Menu.Target>
        <Button variant="subtle" color="gray" className={classes.menu ?? ''} leftSection={<IconTable />}>
          Columns
        </Button>
      </Menu.Target>
      <Menu.Dropdown>
        {optionalColumns.map(({ key, label }) => (
          <Menu.CheckboxItem key={key} checked={columns.includes(key)} onChange={() => toggle(key)}>
            {label}
          </Menu.CheckboxItem>
        ))}
      </Menu.Dropdown>
    </Menu>
  )
}

function ExportMenu({ filter }: { filter: DeliveryFilter }) {
  const to = (format: string) => withQuery('/api/deliveries/export', { ...filter, format })
  return (
    <Menu position="bottom-end">
      <Menu.Target>
        <Button variant="subtle" color="gray" className={classes.menu ?? ''} leftSection={<IconDownload />}>
          Export
        </Button>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Label>All that the filters find</Menu.Label>
        <Menu.Item component="a" href={to('csv')} download>
          CSV, for a spreadsheet
        </Menu.Item>
        <Menu.Item component="a" href={to('jsonl')} download>
          JSON Lines, for a program
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  )
}

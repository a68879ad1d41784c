import { Button } from '@mantine/core'
import type { ComponentProps, ReactNode } from 'react'
import { Link } from 'react-router'
import { IconPlus } from '../ui/icons.ts'
import { PageFrame } from '../ui/PageFrame.tsx'
import { Section } from '../ui/Section.tsx'
import { ShowMore } from '../ui/ShowMore.tsx'
import { useCan } from '../users/queries.ts'
import { NotificationTabs } from './NotificationTabs.tsx'

type Props = {
  title: string
  note: string
  add: { label: string; to: string }
  /** Nothing to list, or not known yet: the way to add one then belongs to the empty state, not to the head. */
  isEmpty: boolean
  list: ComponentProps<typeof ShowMore>['list']
  /** The list itself, given the button that adds to it; admins alone have one. */
  children: (add: ReactNode) => ReactNode
  below?: ReactNode
}

/** A page of "Notifications" that is one list. */
export function NotificationList({ title, note, add, isEmpty, list, children, below }: Props) {
  const isAdmin = useCan('admin')
  const button = isAdmin && (
    <Button component={Link} to={add.to} leftSection={<IconPlus />}>
      {add.label}
    </Button>
  )
  return (
    <PageFrame title="Notifications">
      <NotificationTabs />
      <Section flush title={title} note={!isEmpty && note} actions={!isEmpty && button}>
        {children(button)}
      </Section>
      <ShowMore list={list} />
      {below}
    </PageFrame>
  )
}

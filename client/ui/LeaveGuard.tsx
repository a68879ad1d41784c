import { Button, Group, Stack } from '@mantine/core'
import { useEffect } from 'react'
import { useBlocker } from 'react-router'
import { Dialog } from './Dialog.tsx'

/** Goes along with a navigation that ends the work on a page: saved, or deleted. It is let through. */
export const DONE = { isDone: true }

type Props = {
  when: boolean
  /** What was changed, as in "in this rule". */
  what: string
}

/** Asks before something that was not saved is left behind. */
export function LeaveGuard({ when, what }: Props) {
  const blocker = useBlocker(
    ({ currentLocation, nextLocation, historyAction }) =>
      when &&
      currentLocation.pathname !== nextLocation.pathname &&
      // The mark stays with its entry of the history, where the back button meets it again.
      (historyAction === 'POP' || nextLocation.state?.isDone !== true),
  )
  useEffect(() => {
    if (!when) return
    const ask = (event: BeforeUnloadEvent) => event.preventDefault()
    window.addEventListener('beforeunload', ask)
    return () => window.removeEventListener('beforeunload', ask)
  }, [when])
  if (blocker.state !== 'blocked') return null
  return (
    <Dialog opened onClose={blocker.reset} title="Leave without saving?">
      <Stack gap="md">
        <p>What you changed in this {what} is not saved. It is gone when you leave.</p>
        <Group justify="flex-end" gap="xs">
          <Button variant="default" onClick={blocker.reset} data-autofocus>
            Stay
          </Button>
          <Button color="red" onClick={blocker.proceed}>
            Leave without saving
          </Button>
        </Group>
      </Stack>
    </Dialog>
  )
}

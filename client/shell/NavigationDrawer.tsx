import { type ReactNode, useEffect, useRef } from 'react'
import classes from './shell.module.css'

/**
 * The navigation on a phone. The browser's own modal dialog holds the focus inside and closes on Escape; the library's
 * drawer would add a tenth to the script of every first page.
 */
export function NavigationDrawer({
  opened,
  onClose,
  children,
}: {
  opened: boolean
  onClose: () => void
  children: ReactNode
}) {
  const dialog = useRef<HTMLDialogElement>(null)
  useEffect(() => {
    if (opened) dialog.current?.showModal()
    else dialog.current?.close()
  }, [opened])
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: Escape closes a modal dialog, the click is for its backdrop
    <dialog
      ref={dialog}
      className={classes.drawer}
      aria-label="Navigation"
      onClose={onClose}
      onClick={(event) => event.target === dialog.current && onClose()}
    >
      {opened && <div className={classes.drawerBody}>{children}</div>}
    </dialog>
  )
}

import { Modal, type ModalProps } from '@mantine/core'
import { useEffect, useState } from 'react'

/** The library's dialog; once it is gone the keyboard goes on where it was opened. */
export function Dialog({ children, ...modal }: ModalProps) {
  return (
    <Modal {...modal}>
      <FocusBack />
      {children}
    </Modal>
  )
}

/**
 * Stands in a dialog and gives the focus back when it goes. The library does so only for one that is told to close and
 * stays in the page; most of ours leave it, and would take along where a keyboard or a screen reader was.
 */
export function FocusBack() {
  // Asked while drawing: once it is drawn, the dialog has the focus.
  const [opener] = useState(findOpener)
  useEffect(
    () => () => {
      // Whoever went on to something else meanwhile stays there.
      if (document.activeElement && document.activeElement !== document.body) return
      const target = opener?.isConnected ? opener : document.getElementById('content')
      target?.focus({ preventScroll: true })
    },
    [opener],
  )
  return null
}

/** An entry of a menu is gone with its menu, so what opened that stands for it. */
function findOpener(): HTMLElement | null {
  const focused = document.activeElement
  const menu = focused?.closest('[role=menu]')?.getAttribute('aria-labelledby')
  const opener = menu ? document.getElementById(menu) : focused
  return opener instanceof HTMLElement && opener !== document.body ? opener : null
}

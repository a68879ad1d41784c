import { type DragEvent, useState } from 'react'

type Dragged = { from: number; over: number | undefined }

/**
 * Moves a row of a list by dragging its handle with a mouse. Keys and fingers have no such thing: each row needs buttons
 * that do the same.
 */
export function useDragOrder(onMove: (from: number, to: number) => void) {
  const [dragged, setDragged] = useState<Dragged>()
  const end = () => setDragged(undefined)
  const handle = (at: number) => ({
    draggable: true,
    onDragStart: (event: DragEvent<HTMLElement>) => {
      const row = event.currentTarget.closest('li')
      event.dataTransfer.effectAllowed = 'move'
      // Firefox drags nothing that carries nothing.
      event.dataTransfer.setData('text/plain', '')
      if (row) event.dataTransfer.setDragImage(row, 16, 16)
      setDragged({ from: at, over: undefined })
    },
    onDragEnd: end,
  })
  const row = (at: number) => ({
    'data-dragged': dragged?.from === at || undefined,
    // The line is drawn where the row would come to stand.
    'data-drop':
      dragged && dragged.over === at && at !== dragged.from ? (at < dragged.from ? 'above' : 'below') : undefined,
    onDragOver: (event: DragEvent) => {
      if (!dragged) return
      event.preventDefault()
      if (dragged.over !== at) setDragged({ ...dragged, over: at })
    },
    onDrop: (event: DragEvent) => {
      if (!dragged) return
      event.preventDefault()
      end()
      if (at !== dragged.from) onMove(dragged.from, at)
    },
  })
  return { handle, row }
}

import { useEffect, useRef, useState, type PointerEvent, type RefObject } from 'react'

/** A press becomes a drag once it has moved so far, css px. */
const SLACK = 4
/** So near to its upper or lower end the list scrolls, css px; and so far each time. */
const NEAR = 18
const SCROLL = 9

interface Drag {
  id: string
  /** The row that it was dragged to, by number. */
  to: number
}

interface RowDrag {
  /** Only once something is dragged, not while it is only pressed. */
  drag: Drag | null
  /** For each row, whose element carries `data-job`. */
  handlers: {
    onPointerDown(event: PointerEvent<HTMLElement>): void
    onPointerMove(event: PointerEvent<HTMLElement>): void
    onPointerUp(): void
    onPointerCancel(): void
    onLostPointerCapture(): void
  }
}

/**
 * Rows of a list in another order, by mouse anywhere on a row but its buttons, by touch and pen on its grip (`.row-grip`), so
 * that the list can still be scrolled. Escape takes the drag back.
 * @param list holds the rows @param drop is told once, when a row was let go elsewhere: by how many places it moved
 */
export function useRowDrag(
  list: RefObject<HTMLElement | null>,
  drop: (id: string, by: number) => void,
): RowDrag {
  const [drag, setDrag] = useState<Drag | null>(null)
  /** The row that is pressed, and where. */
  const held = useRef<{ id: string; y: number } | null>(null)

  const rows = () => [...(list.current?.querySelectorAll<HTMLElement>('[data-job]') ?? [])]
  const numberOf = (id: string) => rows().findIndex((row) => row.dataset.job === id)
  const numberAt = (y: number) => {
    const before = rows().filter((row) => row.getBoundingClientRect().bottom <= y)
    return Math.min(before.length, rows().length - 1)
  }
  const end = () => {
    held.current = null
    setDrag(null)
  }

  const dragging = drag !== null
  useEffect(() => {
    if (!dragging) return
    const cancel = (event: KeyboardEvent) => {
      if (event.key !== 'Escape') return
      // It would stop the run.
      event.preventDefault()
      event.stopPropagation()
      end()
    }
    window.addEventListener('keydown', cancel, { capture: true })
    return () => window.removeEventListener('keydown', cancel, { capture: true })
  }, [dragging])

  return {
    drag,
    handlers: {
      onPointerDown(event) {
        const { target, currentTarget, pointerType, pointerId } = event
        const { job } = currentTarget.dataset
        if (!job || event.button !== 0 || !event.isPrimary || !(target instanceof Element)) return
        if (target.closest('button') || (pointerType !== 'mouse' && !target.closest('.row-grip'))) return
        currentTarget.setPointerCapture(pointerId)
        held.current = { id: job, y: event.clientY }
      },
      onPointerMove({ clientY }) {
        const box = list.current
        if (!held.current || !box) return
        if (!drag && Math.abs(clientY - held.current.y) < SLACK) return
        const { top, bottom } = box.getBoundingClientRect()
        if (clientY < top + NEAR) box.scrollTop -= SCROLL
        else if (clientY > bottom - NEAR) box.scrollTop += SCROLL
        const { id } = held.current
        const to = numberAt(clientY)
        if (drag?.id !== id || drag.to !== to) setDrag({ id, to })
      },
      onPointerUp() {
        // The list may have become shorter meanwhile: the row that is meant may even be gone.
        const from = drag ? numberOf(drag.id) : -1
        if (drag && from >= 0 && drag.to !== from) drop(drag.id, drag.to - from)
        end()
      },
      onPointerCancel: end,
      onLostPointerCapture: end,
    },
  }
}

import { useEffect, useRef, useState, type PointerEvent as Press, type RefObject } from 'react'

import { followed, placesMoved, pointed, scrolled, type HeldRow, type ListRow } from '@/ui/panels/rowDrag'

interface RowDrag {
  /** What is dragged, and the number of the row that it was dragged to; null while it is only pressed. */
  drag: { id: string; to: number } | null
  /** For each row, whose element carries `data-job`. */
  press(event: Press<HTMLElement>): void
}

const rowsOf = (list: HTMLElement | null): ListRow[] =>
  [...(list?.querySelectorAll<HTMLElement>('[data-job]') ?? [])].map((row) => ({
    id: row.dataset.job ?? '',
    bottom: row.getBoundingClientRect().bottom,
  }))

/**
 * Rows of a list in another order, by mouse anywhere on a row but its buttons, by touch and pen on its grip (`.row-grip`), so
 * that the list can still be scrolled. Escape takes the drag back; it also ends when the row leaves the list.
 * @param list holds the rows @param drop is told once, when a row was let go elsewhere: by how many places it moved
 */
export function useRowDrag(
  list: RefObject<HTMLElement | null>,
  drop: (id: string, by: number) => void,
): RowDrag {
  /** As of the last event, whatever has been drawn since. */
  const held = useRef<HeldRow | null>(null)
  const [shown, setShown] = useState<HeldRow | null>(null)
  const hold = (next: HeldRow | null) => {
    held.current = next
    setShown((last) => (last?.id === next?.id && last?.to === next?.to ? last : next))
  }

  // On the window: the row may lose the pointer, and be gone, before it is let go.
  const isHeld = shown !== null
  useEffect(() => {
    if (!isHeld) return
    const move = (event: PointerEvent) => {
      if (held.current) hold(pointed(held.current, event, rowsOf(list.current)))
    }
    const up = ({ pointerId, clientY }: PointerEvent) => {
      if (pointerId !== held.current?.pointerId) return
      const rows = rowsOf(list.current)
      const last = followed(held.current, clientY, rows)
      hold(null)
      const by = last ? placesMoved(last, rows) : 0
      if (last && by !== 0) drop(last.id, by)
    }
    const cancel = ({ pointerId }: PointerEvent) => {
      if (pointerId === held.current?.pointerId) hold(null)
    }
    const key = (event: KeyboardEvent) => {
      const row = held.current && followed(held.current, held.current.y, rowsOf(list.current))
      if (event.key !== 'Escape' || !row || row.to === null) return
      // It would stop the run.
      event.preventDefault()
      event.stopPropagation()
      hold(null)
    }
    /** Scrolls while the pointer rests, and sees what became of the list. */
    const frame = (now: number) => {
      if (held.current && list.current)
        list.current.scrollTop += scrolled(held.current, list.current.getBoundingClientRect(), now - before)
      if (held.current) hold(followed(held.current, held.current.y, rowsOf(list.current)))
      before = now
      next = requestAnimationFrame(frame)
    }
    let before = performance.now()
    let next = requestAnimationFrame(frame)
    const listening = new AbortController()
    const how = { capture: true, signal: listening.signal }
    window.addEventListener('pointermove', move, how)
    window.addEventListener('pointerup', up, how)
    window.addEventListener('pointercancel', cancel, how)
    window.addEventListener('keydown', key, how)
    return () => {
      listening.abort()
      cancelAnimationFrame(next)
    }
  }, [isHeld, list, drop])

  return {
    drag: shown && shown.to !== null ? { id: shown.id, to: shown.to } : null,
    press(event) {
      const { target, currentTarget, pointerType, pointerId, clientY } = event
      const { job } = currentTarget.dataset
      if (!job || event.button !== 0 || !event.isPrimary || !(target instanceof Element)) return
      if (target.closest('button') || (pointerType !== 'mouse' && !target.closest('.row-grip'))) return
      currentTarget.setPointerCapture(pointerId)
      hold({ id: job, pointerId, pressedAt: clientY, y: clientY, to: null })
    },
  }
}

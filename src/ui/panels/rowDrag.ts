/** What becomes of a row of a list while a pointer holds it. Lengths: css px, heights: of the window. */

/** A press becomes a drag once it has moved so far. */
const SLACK = 4
/** So near to its upper or lower end the list scrolls, and so far each second. */
const NEAR = 18
const SPEED = 400

/** A row that is pressed, or dragged. */
export interface HeldRow {
  id: string
  /** Of all pointers the one that holds it. */
  pointerId: number
  pressedAt: number
  /** Where the pointer is now. */
  y: number
  /** The row that it was dragged to, by number; null: it is only pressed. */
  to: number | null
}

/** A row as it lies now. */
export interface ListRow {
  id: string
  bottom: number
}

/** The row with its pointer at `y`, in the list as it is now; null: it is no longer there, and nothing is held. */
export function followed(held: HeldRow, y: number, rows: readonly ListRow[]): HeldRow | null {
  if (!rows.some(({ id }) => id === held.id)) return null
  if (held.to === null && Math.abs(y - held.pressedAt) < SLACK) return held
  const before = rows.filter(({ bottom }) => bottom <= y)
  return { ...held, y, to: Math.min(before.length, rows.length - 1) }
}

/** The row after any pointer has moved; null where its own was let go unheard. */
export function pointed(
  held: HeldRow,
  { pointerId, clientY, buttons }: Pick<PointerEvent, 'pointerId' | 'clientY' | 'buttons'>,
  rows: readonly ListRow[],
): HeldRow | null {
  if (pointerId !== held.pointerId) return held
  return buttons & 1 ? followed(held, clientY, rows) : null
}

/** By how many places a row that is let go has moved. */
export function placesMoved({ id, to }: HeldRow, rows: readonly ListRow[]): number {
  const from = rows.findIndex((row) => row.id === id)
  return to === null || from < 0 ? 0 : to - from
}

/** How far a list between these heights scrolls within so many milliseconds; up: below zero. */
export function scrolled(
  { y, to }: HeldRow,
  { top, bottom }: { top: number; bottom: number },
  milliseconds: number,
): number {
  if (to === null) return 0
  const step = (SPEED * milliseconds) / 1000
  if (y < top + NEAR) return -step
  return y > bottom - NEAR ? step : 0
}

import { clamp, type Rect, type Size } from '@/base/geometry'

/** From the window's edge, and from what is pointed at, css px. */
const EDGE = 12
const GAP = 14
/** Left free at the lower end of what is too large to stand beside: tools are there. */
const TOOLS = 68

/**
 * Where a bubble stands, css px from the window's upper left corner: below what it is about, else beside or above that, else inside
 * its lower end. Never outside of the window. @param above where there is room, for what lies below belongs to it
 */
export function placeBubble(
  target: Rect | null,
  bubble: Size,
  screen: Size,
  above = false,
): { x: number; y: number } {
  const within = (x: number, y: number) => ({
    x: clamp(x, EDGE, Math.max(EDGE, screen.width - bubble.width - EDGE)),
    y: clamp(y, EDGE, Math.max(EDGE, screen.height - bubble.height - EDGE)),
  })
  const whole = { x: 0, y: 0, ...screen }
  const { x, y, width, height } = target ?? whole
  const middle = { x: x + (width - bubble.width) / 2, y: y + (height - bubble.height) / 2 }
  const needed = { width: bubble.width + GAP + EDGE, height: bubble.height + GAP + EDGE }
  const over = y >= needed.height ? within(middle.x, y - GAP - bubble.height) : null
  if (above && over) return over
  if (screen.height - (y + height) >= needed.height) return within(middle.x, y + height + GAP)
  if (x >= needed.width) return within(x - GAP - bubble.width, middle.y)
  if (screen.width - (x + width) >= needed.width) return within(x + width + GAP, middle.y)
  if (over) return over
  return within(middle.x, y + height - bubble.height - TOOLS)
}

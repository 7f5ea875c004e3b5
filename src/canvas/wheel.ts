/**
 * What a wheel event asks for. Browsers tell of wheels and of two fingers on a trackpad by the same event:
 *
 * - A pinch, and Ctrl or ⌘ with any wheel, zooms.
 * - Else two fingers pan and a mouse's wheel zooms. A mouse's wheel speaks in lines or pages, or in whole notches (120
 *   of `wheelDelta`, straight up or down); a trackpad's first event is never one. What begins a movement decides for
 *   all of it, for fingers that slide fast may look like notches. Wheels without notches are taken for trackpads: for
 *   their owners there is the setting.
 * - Shift turns a mouse's wheel sideways.
 */
import type { Point } from '@/canvas/viewport'

/** What scrolling does on the canvas; `auto`: as above. */
export type WheelUse = 'auto' | 'zoom' | 'pan'

/** What of a `WheelEvent` decides; `wheelDeltaY` is not in every browser. */
export interface WheelLike {
  deltaX: number
  deltaY: number
  deltaMode: number
  wheelDeltaY?: number
  ctrlKey: boolean
  metaKey: boolean
  shiftKey: boolean
  /** ms */
  timeStamp: number
}

export type WheelStep = { kind: 'zoom'; factor: number } | { kind: 'pan'; by: Point }

/** Quiet that ends a movement, ms; fingers that have let go roll on without gaps. */
const PAUSE_MS = 250
/** css px of a line, about. */
const LINE = 33
const NOTCH = 120
/** Zoom per css px: a notch of 100 px makes 1.17, a pinch follows the fingers. */
const PER_WHEEL_PX = 0.0016
const PER_PINCH_PX = 0.01

/** Reads one canvas's wheel events in their order. */
export function wheelReader(): (event: WheelLike, use: WheelUse) => WheelStep {
  let mouse = false
  let last = -Infinity
  return (event, use) => {
    if (event.timeStamp - last > PAUSE_MS) mouse = isNotch(event)
    last = event.timeStamp
    const unit = event.deltaMode === 0 ? 1 : LINE
    const [x, y] = [event.deltaX * unit, event.deltaY * unit]
    if (event.ctrlKey || event.metaKey)
      return { kind: 'zoom', factor: Math.exp(-y * (mouse ? PER_WHEEL_PX : PER_PINCH_PX)) }
    if (event.shiftKey && x === 0) return { kind: 'pan', by: { x: -y, y: 0 } }
    if (use === 'zoom' || (use === 'auto' && mouse && x === 0))
      return { kind: 'zoom', factor: Math.exp(-y * PER_WHEEL_PX) }
    return { kind: 'pan', by: { x: -x, y: -y } }
  }
}

function isNotch({ deltaX, deltaMode, wheelDeltaY }: WheelLike): boolean {
  if (deltaMode !== 0) return true
  return deltaX === 0 && wheelDeltaY !== undefined && wheelDeltaY !== 0 && wheelDeltaY % NOTCH === 0
}

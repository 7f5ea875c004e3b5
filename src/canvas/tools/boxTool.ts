import type { Rect } from '@/base/geometry'
import { rectBetween } from '@/canvas/placement'
import { CLICK_SLOP, type Tool, type ToolContext, type ToolPointer } from '@/canvas/tools/tool'
import type { Point } from '@/canvas/viewport'

type State = { kind: 'idle' } | { kind: 'drawing'; from: Point; start: ToolPointer; box: Rect | null }

/** Drag draws the box that a foreground is placed into; Shift makes it square. */
export function boxTool(context: ToolContext): Tool {
  let state: State = { kind: 'idle' }

  const corner = (from: Point, pointer: ToolPointer): Point => {
    if (!pointer.shift) return pointer.document
    const dx = pointer.document.x - from.x
    const dy = pointer.document.y - from.y
    const side = Math.max(Math.abs(dx), Math.abs(dy))
    return { x: from.x + Math.sign(dx || 1) * side, y: from.y + Math.sign(dy || 1) * side }
  }

  return {
    down(pointer) {
      state = { kind: 'drawing', from: pointer.document, start: pointer, box: null }
    },
    move(pointer) {
      if (state.kind !== 'drawing') return
      const travel = Math.hypot(
        pointer.screen.x - state.start.screen.x,
        pointer.screen.y - state.start.screen.y,
      )
      if (travel < CLICK_SLOP && state.box === null) return
      const box = rectBetween(state.from, corner(state.from, pointer))
      state = { ...state, box }
      context.showBox(box)
    },
    up() {
      const ended = state
      state = { kind: 'idle' }
      context.showBox(null)
      if (ended.kind === 'drawing' && ended.box && ended.box.width >= 2 && ended.box.height >= 2)
        context.events.drawBox({
          x: Math.round(ended.box.x),
          y: Math.round(ended.box.y),
          width: Math.max(2, Math.round(ended.box.width)),
          height: Math.max(2, Math.round(ended.box.height)),
        })
    },
    cancel() {
      const drawing = state.kind === 'drawing'
      state = { kind: 'idle' }
      context.showBox(null)
      return drawing
    },
    cursor: () => 'crosshair',
  }
}

import { paintLine, type BrushPoint } from '@/assets/brush'
import { blankMask } from '@/assets/mask'
import type { Mask } from '@/base/geometry'
import type { SceneBrush } from '@/canvas/painting'
import type { SceneEvents, Tool, ToolContext, ToolPointer } from '@/canvas/tools/tool'

type State =
  { kind: 'idle' } | { kind: 'painting'; stroke: Mask; last: BrushPoint; erase: boolean; hardness: number }

/** What the brush asks of where it paints: the canvas, or a picture in a dialog. */
export interface BrushContext extends Pick<ToolContext, 'showStroke' | 'showBrush'> {
  brush(): Pick<SceneBrush, 'mask' | 'picture' | 'diameter' | 'hardness' | 'erase'> | null
  events: Pick<SceneEvents, 'paint'>
}

/** A pen that is only just held down still paints a line. */
const LEAST_PRESSURE = 0.15

/** Drag paints on the mask that the brush is for; Alt turns painting into erasing, a pen's other end erases, Shift draws on from the last place. */
export function brushTool(context: BrushContext): Tool {
  let state: State = { kind: 'idle' }
  /** Where the last stroke ended, background px. */
  let ended: ToolPointer | null = null

  /** Where a pointer is in a mask of this size, cells. */
  const pointOf = (stroke: Mask, pointer: ToolPointer): BrushPoint | null => {
    const brush = context.brush()
    if (!brush) return null
    const scale = stroke.width / brush.picture.width
    const { x, y } = pointer.document
    const pressure = Math.max(LEAST_PRESSURE, pointer.pressure)
    return { x: x * scale, y: y * scale, radius: Math.max(0.5, (brush.diameter / 2) * scale * pressure) }
  }

  return {
    down(pointer) {
      const brush = context.brush()
      if (!brush) return
      const stroke = blankMask(brush.mask)
      const first = pointOf(stroke, pointer)
      const from = pointer.shift && ended ? pointOf(stroke, ended) : first
      if (!first || !from) return
      const erase = pointer.eraser === true || brush.erase !== pointer.alt
      state = { kind: 'painting', stroke, last: first, erase, hardness: brush.hardness }
      const touched = paintLine(stroke, from, first, brush.hardness)
      context.showStroke({ stroke, erase, touched })
    },
    move(pointer) {
      context.showBrush(pointer.document)
      if (state.kind !== 'painting') return
      const { stroke, last, erase, hardness } = state
      const next = pointOf(stroke, pointer)
      if (!next) return
      const touched = paintLine(stroke, last, next, hardness)
      state = { ...state, last: next }
      context.showStroke({ stroke, erase, touched })
    },
    up(pointer) {
      const done = state
      state = { kind: 'idle' }
      if (done.kind !== 'painting') return
      ended = pointer
      context.events.paint(done.stroke, done.erase)
      context.showStroke(null)
    },
    cancel() {
      const painting = state.kind === 'painting'
      state = { kind: 'idle' }
      context.showStroke(null)
      return painting
    },
    cursor(pointer) {
      context.showBrush(pointer.document)
      return context.brush() ? 'none' : 'default'
    },
  }
}

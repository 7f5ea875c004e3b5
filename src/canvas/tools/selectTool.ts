import { placedBounds, type Placement } from '@/canvas/placement'
import { SNAP_DISTANCE, snapMove } from '@/canvas/snapping'
import {
  CLICK_SLOP,
  type Tool,
  type ToolContext,
  type ToolLayer,
  type ToolPointer,
} from '@/canvas/tools/tool'

type State =
  | { kind: 'idle' }
  | { kind: 'pressing'; layer: ToolLayer | null; start: ToolPointer }
  | { kind: 'moving'; layer: ToolLayer; start: ToolPointer; placement: Placement }

/** Click selects, drag moves with snapping; Shift keeps to one axis. */
export function selectTool(context: ToolContext): Tool {
  let state: State = { kind: 'idle' }

  const moved = (layer: ToolLayer, start: ToolPointer, pointer: ToolPointer): Placement => {
    let dx = pointer.document.x - start.document.x
    let dy = pointer.document.y - start.document.y
    if (pointer.shift) {
      if (Math.abs(dx) > Math.abs(dy)) dy = 0
      else dx = 0
    }
    const { box } = layer.placement
    // Whole pixels: what lands on pixels unchanged is copied exactly.
    const at = (x: number, y: number): Placement => ({
      ...layer.placement,
      box: { ...box, x: Math.round(box.x + x), y: Math.round(box.y + y) },
    })
    if (pointer.free) {
      context.showGuides([])
      return at(dx, dy)
    }
    const bounds = placedBounds(layer.content, at(dx, dy))
    const snap = snapMove(bounds, context.snapTargets(layer.id), SNAP_DISTANCE / context.viewport().zoom)
    const lockX = pointer.shift && dx === 0
    const lockY = pointer.shift && dy === 0
    context.showGuides(snap.guides.filter((guide) => !(guide.axis === 'x' ? lockX : lockY)))
    return at(dx + (lockX ? 0 : snap.dx), dy + (lockY ? 0 : snap.dy))
  }

  return {
    down(pointer) {
      state = { kind: 'pressing', layer: context.pick(pointer.document), start: pointer }
    },
    move(pointer) {
      if (state.kind === 'idle') return
      if (state.kind === 'pressing') {
        const travel = Math.hypot(
          pointer.screen.x - state.start.screen.x,
          pointer.screen.y - state.start.screen.y,
        )
        if (travel < CLICK_SLOP || state.layer === null) return
        context.events.select(state.layer.id)
        state = { kind: 'moving', layer: state.layer, start: state.start, placement: state.layer.placement }
      }
      const placement = moved(state.layer, state.start, pointer)
      state = { ...state, placement }
      context.showPlacement(state.layer.id, placement)
    },
    up(pointer) {
      const ended = state
      state = { kind: 'idle' }
      context.showGuides([])
      if (ended.kind === 'pressing') {
        const travel = Math.hypot(
          pointer.screen.x - ended.start.screen.x,
          pointer.screen.y - ended.start.screen.y,
        )
        if (ended.layer !== null || travel < CLICK_SLOP) context.events.select(ended.layer?.id ?? null)
      }
      if (ended.kind === 'moving') context.events.place(ended.layer.id, ended.placement, 'move')
    },
    cancel() {
      const ended = state
      state = { kind: 'idle' }
      context.showGuides([])
      if (ended.kind === 'moving') context.showPlacement(ended.layer.id, ended.layer.placement)
      return ended.kind === 'moving'
    },
    cursor(pointer) {
      if (state.kind === 'moving') return 'grabbing'
      return context.pick(pointer.document) ? 'grab' : 'default'
    },
  }
}

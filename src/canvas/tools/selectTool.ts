import { onGround, placedBounds, type Placement } from '@/canvas/placement'
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

/** Click selects, drag moves with snapping, and sizes follow the ground; Shift keeps to one axis, Alt the size. */
export function selectTool(context: ToolContext): Tool {
  let state: State = { kind: 'idle' }

  const moved = (layer: ToolLayer, start: ToolPointer, pointer: ToolPointer): Placement => {
    let dx = pointer.document.x - start.document.x
    let dy = pointer.document.y - start.document.y
    if (pointer.shift) {
      if (Math.abs(dx) > Math.abs(dy)) dy = 0
      else dx = 0
    }
    // Whole pixels: what lands on pixels unchanged is copied exactly.
    const at = ({ box }: Placement, x: number, y: number): Placement => ({
      ...layer.placement,
      box: { ...box, x: Math.round(box.x + x), y: Math.round(box.y + y) },
    })
    const horizon = pointer.alt ? null : context.horizonFor(layer.id)
    const stood = horizon
      ? onGround(layer.content, layer.placement, { x: dx, y: dy }, horizon)
      : layer.placement
    if (pointer.free) {
      context.showGuides([])
      return at(stood, dx, dy)
    }
    const bounds = placedBounds(layer.content, at(stood, dx, dy))
    const held = !pointer.shift ? null : dx === 0 ? 'x' : 'y'
    const near = SNAP_DISTANCE / context.viewport().zoom
    const snap = snapMove(bounds, context.snapTargets(layer.id), near, held)
    context.showGuides(snap.guides)
    return at(stood, dx + snap.dx, dy + snap.dy)
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

import type { Tool, ToolContext, ToolPointer } from '@/canvas/tools/tool'
import type { Viewport } from '@/canvas/viewport'

type State = { kind: 'idle' } | { kind: 'panning'; start: ToolPointer; from: Viewport }

/** Drag moves the view; also what Space and the middle button borrow from any other tool. */
export function panTool(context: ToolContext): Tool {
  let state: State = { kind: 'idle' }
  return {
    down(pointer) {
      state = { kind: 'panning', start: pointer, from: context.viewport() }
    },
    move(pointer) {
      if (state.kind !== 'panning') return
      context.events.look({
        zoom: state.from.zoom,
        x: state.from.x + pointer.screen.x - state.start.screen.x,
        y: state.from.y + pointer.screen.y - state.start.screen.y,
      })
    },
    up() {
      state = { kind: 'idle' }
    },
    cancel() {
      const panning = state.kind === 'panning'
      if (state.kind === 'panning') context.events.look(state.from)
      state = { kind: 'idle' }
      return panning
    },
    cursor: () => (state.kind === 'panning' ? 'grabbing' : 'grab'),
  }
}

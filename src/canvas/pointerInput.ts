import { boxTool } from '@/canvas/tools/boxTool'
import { brushTool } from '@/canvas/tools/brushTool'
import { panTool } from '@/canvas/tools/panTool'
import { selectTool } from '@/canvas/tools/selectTool'
import type { Tool, ToolContext, ToolName, ToolPointer } from '@/canvas/tools/tool'
import { toDocument, zoomAt, type Point } from '@/canvas/viewport'
import { wheelReader, type WheelUse } from '@/canvas/wheel'

export interface PointerInput {
  /** The active tool, and whether only looking is allowed (a run or a staged result). */
  use(tool: ToolName, locked: boolean): void
  /** Ends a running gesture without a trace; says whether there was one. */
  cancel(): boolean
  destroy(): void
}

interface PointerOptions {
  element: HTMLElement
  context: ToolContext
  /** Whether the transform handles own this point (css px) or are in use. */
  ownedByHandles(point: Point): boolean
  wheelUse(): WheelUse
}

/** Feeds pointer, wheel and Space events of the canvas to the tools; touch pinches zoom. */
export function pointerInput(options: PointerOptions): PointerInput {
  const { element, context, ownedByHandles, wheelUse } = options
  const tools: Record<ToolName, Tool> = {
    select: selectTool(context),
    box: boxTool(context),
    pan: panTool(context),
    brush: brushTool(context),
  }
  const readWheel = wheelReader()
  let name: ToolName = 'select'
  let locked = false
  let space = false
  let active: { tool: Tool; pointerId: number } | null = null
  /** Fingers on the canvas, css px. */
  const touches = new Map<number, Point>()
  let pinch: { distance: number; middle: Point } | null = null

  const place = (event: PointerEvent | WheelEvent): Point => {
    const bounds = element.getBoundingClientRect()
    return { x: event.clientX - bounds.left, y: event.clientY - bounds.top }
  }
  const sample = (event: PointerEvent): ToolPointer => {
    const screen = place(event)
    return {
      screen,
      document: toDocument(context.viewport(), screen),
      shift: event.shiftKey,
      free: event.ctrlKey || event.metaKey,
      alt: event.altKey,
      pressure: event.pointerType === 'pen' ? event.pressure : 1,
    }
  }
  const toolFor = (button: number): Tool => (button === 1 || space || locked ? tools.pan : tools[name])
  const cancel = () => {
    const running = active
    active = null
    return running?.tool.cancel() ?? false
  }

  const down = (event: PointerEvent) => {
    if (event.pointerType === 'touch') {
      touches.set(event.pointerId, place(event))
      if (touches.size === 2) {
        cancel()
        pinch = grip()
        return
      }
    }
    if (active !== null || event.button > 1) return
    if (event.button === 0 && !space && !locked && name === 'select' && ownedByHandles(place(event))) return
    if (event.button === 1) event.preventDefault()
    element.focus({ preventScroll: true })
    element.setPointerCapture(event.pointerId)
    active = { tool: toolFor(event.button), pointerId: event.pointerId }
    active.tool.down(sample(event))
    showCursor(event)
  }
  const grip = () => {
    const [a, b] = [...touches.values()]
    return { distance: Math.hypot(a.x - b.x, a.y - b.y), middle: { x: (a.x + b.x) / 2, y: (a.y + b.y) / 2 } }
  }
  const move = (event: PointerEvent) => {
    if (touches.has(event.pointerId)) touches.set(event.pointerId, place(event))
    if (pinch && touches.size === 2) {
      const now = grip()
      const view = context.viewport()
      const zoomed = zoomAt(view, pinch.middle, view.zoom * (now.distance / Math.max(1, pinch.distance)))
      context.events.look({
        ...zoomed,
        x: zoomed.x + now.middle.x - pinch.middle.x,
        y: zoomed.y + now.middle.y - pinch.middle.y,
      })
      pinch = now
      return
    }
    if (active?.pointerId === event.pointerId) active.tool.move(sample(event))
    showCursor(event)
  }
  const up = (event: PointerEvent) => {
    touches.delete(event.pointerId)
    if (touches.size < 2) pinch = null
    if (active?.pointerId !== event.pointerId) return
    const { tool } = active
    active = null
    if (event.type === 'pointercancel') tool.cancel()
    else tool.up(sample(event))
    showCursor(event)
  }
  const wheel = (event: WheelEvent) => {
    event.preventDefault()
    const step = readWheel(event, wheelUse())
    const view = context.viewport()
    context.events.look(
      step.kind === 'zoom'
        ? zoomAt(view, place(event), view.zoom * step.factor)
        : { ...view, x: view.x + step.by.x, y: view.y + step.by.y },
    )
  }
  const showCursor = (event: PointerEvent) => {
    const tool = active?.tool ?? toolFor(0)
    if (active === null && ownedByHandles(place(event))) return
    element.style.cursor = tool.cursor(sample(event))
  }
  const leave = () => context.showBrush(null)
  const key = (event: KeyboardEvent) => {
    if (event.code !== 'Space') return
    const target = event.target as HTMLElement
    if (event.type === 'keydown' && target !== element && target !== document.body) return
    if (event.type === 'keydown') event.preventDefault()
    space = event.type === 'keydown'
    if (active === null) element.style.cursor = space ? 'grab' : ''
  }
  const blur = () => {
    space = false
    touches.clear()
    pinch = null
    cancel()
  }

  element.addEventListener('pointerdown', down)
  element.addEventListener('pointermove', move)
  element.addEventListener('pointerup', up)
  element.addEventListener('pointercancel', up)
  element.addEventListener('pointerleave', leave)
  element.addEventListener('wheel', wheel, { passive: false })
  window.addEventListener('keydown', key)
  window.addEventListener('keyup', key)
  window.addEventListener('blur', blur)
  return {
    use(tool, isLocked) {
      if (tool === name && isLocked === locked) return
      cancel()
      name = tool
      if (tool !== 'brush') leave()
      locked = isLocked
      element.style.cursor = locked || name === 'pan' ? 'grab' : name === 'box' ? 'crosshair' : 'default'
    },
    cancel,
    destroy() {
      element.removeEventListener('pointerdown', down)
      element.removeEventListener('pointermove', move)
      element.removeEventListener('pointerup', up)
      element.removeEventListener('pointercancel', up)
      element.removeEventListener('pointerleave', leave)
      element.removeEventListener('wheel', wheel)
      window.removeEventListener('keydown', key)
      window.removeEventListener('keyup', key)
      window.removeEventListener('blur', blur)
    },
  }
}

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
  /** The transform handles, which listen for themselves. */
  handles: {
    /** Whether they own this point (css px) or are in use. */
    own(point: Point): boolean
    busy(): boolean
    cancel(): boolean
  }
  wheelUse(): WheelUse
}

/** The end of a pen that erases, as a button and in `buttons`. */
const ERASER = { button: 5, mask: 32 }

/** So long after a pen was near, fingers only look around; then it has been put away, ms. */
const PEN_MS = 60_000

const isFinger = (event: PointerEvent) => event.pointerType === 'touch'
const isEraser = (event: PointerEvent) =>
  event.pointerType === 'pen' && (event.button === ERASER.button || (event.buttons & ERASER.mask) !== 0)

/** Where a pointer was since the last event, too: a browser tells of a move once a frame. Plain http has no such list. */
function everyMove(event: PointerEvent): PointerEvent[] {
  const moves = 'getCoalescedEvents' in event ? event.getCoalescedEvents() : []
  return moves.length > 0 ? moves : [event]
}

/**
 * Feeds pointer, wheel and Space events of the canvas to the tools; touch pinches zoom. While a pen is used here it
 * is the pen that paints and drags, and fingers only look around: a palm lies on the picture all the time.
 */
export function pointerInput(options: PointerOptions): PointerInput {
  const { element, context, handles, wheelUse } = options
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
  let active: { tool: Tool; pointerId: number; kind: string } | null = null
  let penAt = -Infinity
  const penSeen = () => performance.now() - penAt < PEN_MS
  /** Whether it was a finger that was put down last. */
  let fingerDown = false
  /** Fingers on the canvas, css px; those that count for nothing because of a pen are not among them. */
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
      eraser: isEraser(event),
      pressure: event.pointerType === 'pen' ? event.pressure : 1,
    }
  }
  const toolFor = (button: number, finger: boolean): Tool =>
    button === 1 || space || locked || (finger && penSeen()) ? tools.pan : tools[name]
  const cancel = () => {
    const running = active
    active = null
    return running?.tool.cancel() ?? false
  }
  /** As `cancel`, but the view stays as it is seen: what comes next is aimed at that. */
  const giveWay = (event: PointerEvent) => {
    if (active?.tool === tools.pan) tools.pan.up(sample(event))
    else if (!cancel()) handles.cancel()
    active = null
  }
  const penAtWork = () => (active ? active.kind === 'pen' : penSeen() && handles.busy())

  /** Says whether the press may begin something. */
  const fingerPressed = (event: PointerEvent): boolean => {
    if (penAtWork()) return false
    touches.set(event.pointerId, place(event))
    if (touches.size === 1) return true
    giveWay(event)
    pinch = gripOf()
    return false
  }
  const penPressed = (event: PointerEvent) => {
    penAt = performance.now()
    if (touches.size === 0) return
    touches.clear()
    pinch = null
    if (active?.kind === 'touch') giveWay(event)
    else handles.cancel()
  }
  const down = (event: PointerEvent) => {
    fingerDown = isFinger(event)
    if (fingerDown && !fingerPressed(event)) return
    if (event.pointerType === 'pen') penPressed(event)
    const button = isEraser(event) && toolFor(0, false) === tools.brush ? 0 : event.button
    if (active !== null || button > 1) return
    const tool = toolFor(button, fingerDown)
    if (tool === tools.select && handles.own(place(event))) return
    if (button === 1) event.preventDefault()
    element.focus({ preventScroll: true })
    element.setPointerCapture(event.pointerId)
    active = { tool, pointerId: event.pointerId, kind: event.pointerType }
    tool.down(sample(event))
    showCursor(event)
  }
  /** The handles hear of a finger by this, right after the pointer's event. */
  const touchStart = (event: TouchEvent) => {
    if (!penSeen() || !fingerDown) return
    event.stopPropagation()
    // Else a tap comes once more, as a mouse.
    event.preventDefault()
  }
  /** How two fingers hold the picture. */
  const gripOf = () => {
    if (touches.size !== 2) return null
    const [a, b] = [...touches.values()]
    return { distance: Math.hypot(a.x - b.x, a.y - b.y), middle: { x: (a.x + b.x) / 2, y: (a.y + b.y) / 2 } }
  }
  const move = (event: PointerEvent) => {
    if (event.pointerType === 'pen') penAt = performance.now()
    if (isFinger(event) && !touches.has(event.pointerId)) return
    if (touches.has(event.pointerId)) touches.set(event.pointerId, place(event))
    const now = gripOf()
    if (pinch && now) {
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
    if (active?.pointerId === event.pointerId) {
      const { tool } = active
      // A drag needs only where it is now; a fast stroke of those places alone would be a polygon.
      for (const one of tool === tools.brush ? everyMove(event) : [event]) tool.move(sample(one))
    }
    showCursor(event)
  }
  const up = (event: PointerEvent) => {
    touches.delete(event.pointerId)
    pinch = gripOf()
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
    const tool = active?.tool ?? toolFor(0, isFinger(event))
    if (active === null && handles.own(place(event))) return
    element.style.cursor = tool.cursor(sample(event))
  }
  const leave = (event: PointerEvent) => {
    if (!isFinger(event) || !penAtWork()) context.showBrush(null)
  }
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
  element.addEventListener('touchstart', touchStart, { capture: true, passive: false })
  element.addEventListener('wheel', wheel, { passive: false })
  window.addEventListener('keydown', key)
  window.addEventListener('keyup', key)
  window.addEventListener('blur', blur)
  return {
    use(tool, isLocked) {
      if (tool === name && isLocked === locked) return
      cancel()
      name = tool
      if (tool !== 'brush') context.showBrush(null)
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
      element.removeEventListener('touchstart', touchStart, { capture: true })
      element.removeEventListener('wheel', wheel)
      window.removeEventListener('keydown', key)
      window.removeEventListener('keyup', key)
      window.removeEventListener('blur', blur)
    },
  }
}

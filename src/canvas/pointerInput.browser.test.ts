import { beforeEach, expect, it, vi } from 'vitest'

import { blankMask } from '@/assets/mask'
import { pointerInput, type PointerInput } from '@/canvas/pointerInput'
import type { SceneEvents, ToolContext, ToolLayer, ToolName } from '@/canvas/tools/tool'
import type { Viewport } from '@/canvas/viewport'

const cup: ToolLayer = {
  id: 'cup',
  content: { width: 100, height: 100 },
  placement: {
    box: { x: 0, y: 0, width: 100, height: 100 },
    stretch: false,
    rotationDegrees: 0,
    flipX: false,
  },
}
const events = {
  select: vi.fn<SceneEvents['select']>(),
  place: vi.fn<SceneEvents['place']>(),
  drawBox: vi.fn<SceneEvents['drawBox']>(),
  paint: vi.fn<SceneEvents['paint']>(),
  look: vi.fn<SceneEvents['look']>(),
}
const showBrush = vi.fn<ToolContext['showBrush']>()
const handles = { own: () => handles.busy(), busy: vi.fn(() => false), cancel: vi.fn(() => true) }
let view: Viewport
let input: PointerInput | null = null
let element: HTMLElement

/** A canvas of 200 px that is seen as it is, with a cup in its corner and the brush on all of it. */
function begin(tool: ToolName) {
  input?.destroy()
  element?.remove()
  element = document.body.appendChild(document.createElement('div'))
  Object.assign(element.style, { position: 'fixed', left: '0', top: '0', width: '200px', height: '200px' })
  // The browser knows nothing of pointers that are made up.
  element.setPointerCapture = () => undefined
  const none = () => undefined
  const context: ToolContext = {
    viewport: () => view,
    pick: ({ x, y }) => (x <= 100 && y <= 100 ? cup : null),
    snapTargets: () => ({ rects: [], others: [], horizon: null }),
    horizonFor: () => null,
    showPlacement: none,
    showGuides: none,
    showBox: none,
    brush: () => ({
      mask: blankMask({ width: 200, height: 200 }),
      picture: { width: 200, height: 200 },
      diameter: 8,
      hardness: 1,
      erase: false,
      inverted: false,
      tint: null,
    }),
    showStroke: none,
    showBrush,
    events,
  }
  input = pointerInput({ element, context, handles, wheelUse: () => 'auto' })
  input.use(tool, false)
}

beforeEach(() => {
  vi.clearAllMocks()
  handles.busy.mockReturnValue(false)
  view = { zoom: 1, x: 0, y: 0 }
  events.look.mockImplementation((next) => (view = next))
})

type Kind = 'down' | 'move' | 'up'
function told(kind: Kind, pointerType: string, pointerId: number, x: number, y: number, more = {}) {
  const pressed = { button: kind === 'move' ? -1 : 0, buttons: kind === 'up' ? 0 : 1, pressure: 1 }
  const event = { clientX: x, clientY: y, bubbles: true, pointerType, pointerId, ...pressed, ...more }
  return new PointerEvent(`pointer${kind}`, event)
}
const pen = (kind: Kind, x: number, y: number, more = {}) =>
  element.dispatchEvent(told(kind, 'pen', 1, x, y, more))
const finger = (kind: Kind, x: number, y: number, pointerId = 2) =>
  element.dispatchEvent(told(kind, 'touch', pointerId, x, y))
const stroke = (by: typeof pen | typeof finger, y: number) => {
  by('down', 20, y)
  by('move', 60, y)
  by('up', 60, y)
}
/** What the last stroke painted at a point, and whether it erased. */
const painted = (x: number, y: number) => events.paint.mock.lastCall?.[0].values[y * 200 + x]

it('paints with a finger until a pen has been used, then a finger pans', () => {
  begin('brush')
  stroke(finger, 50)
  expect(painted(40, 50)).toBe(255)
  stroke(pen, 80)
  expect(events.paint).toHaveBeenCalledTimes(2)
  expect(events.look).not.toHaveBeenCalled()
  stroke(finger, 50)
  expect(events.paint).toHaveBeenCalledTimes(2)
  expect(view).toEqual({ zoom: 1, x: 40, y: 0 })
})

it('paints with a finger again once the pen has been away for a while', () => {
  begin('brush')
  stroke(pen, 80)
  const away = vi.spyOn(performance, 'now').mockReturnValue(performance.now() + 70_000)
  stroke(finger, 50)
  away.mockRestore()
  expect(events.paint).toHaveBeenCalledTimes(2)
  expect(view).toEqual({ zoom: 1, x: 0, y: 0 })
})

it('lets a handle go that a finger drags when a second finger lands', () => {
  begin('select')
  handles.busy.mockReturnValue(true)
  finger('down', 50, 50)
  expect(handles.cancel).not.toHaveBeenCalled()
  finger('down', 160, 50, 3)
  expect(handles.cancel).toHaveBeenCalledOnce()
})

it('drags nothing with a finger once a pen has been used, nor hands it to the handles', () => {
  begin('select')
  const heard = vi.fn()
  const inside = element.appendChild(document.createElement('canvas'))
  inside.addEventListener('touchstart', heard)
  const touch = () => inside.dispatchEvent(new TouchEvent('touchstart', { bubbles: true, cancelable: true }))
  stroke(finger, 50)
  touch()
  expect(events.place).toHaveBeenCalledOnce()
  expect(heard).toHaveBeenCalledOnce()
  stroke(pen, 50)
  expect(events.place).toHaveBeenCalledTimes(2)
  stroke(finger, 50)
  touch()
  expect(events.place).toHaveBeenCalledTimes(2)
  expect(heard).toHaveBeenCalledOnce()
  expect(view.x).toBe(40)
  // A pen tells of itself as a touch, too, where there are such events.
  pen('down', 50, 50)
  touch()
  expect(heard).toHaveBeenCalledTimes(2)
})

it('pinches with two fingers after a pen, from where one has panned to', () => {
  begin('brush')
  stroke(pen, 80)
  finger('down', 50, 50)
  finger('move', 60, 50)
  finger('down', 160, 50, 3)
  expect(view).toEqual({ zoom: 1, x: 10, y: 0 })
  finger('move', 260, 50, 3)
  expect(view.zoom).toBe(2)
  expect(events.paint).toHaveBeenCalledOnce()
})

it('lets the pen take over from a palm: its stroke leaves no trace, it moves nothing, the pen’s stroke is whole', () => {
  begin('brush')
  finger('down', 150, 150)
  finger('move', 160, 150)
  pen('down', 20, 80)
  finger('move', 190, 190)
  pen('move', 60, 80)
  finger('up', 190, 190)
  pen('up', 60, 80)
  expect(events.paint).toHaveBeenCalledOnce()
  expect([painted(40, 80), painted(155, 150), painted(100, 120)]).toEqual([255, 0, 0])
  expect(events.look).not.toHaveBeenCalled()
})

it('ends what a palm pans, where the view is, and what two pinch, when the pen comes', () => {
  begin('brush')
  stroke(pen, 10)
  finger('down', 150, 150)
  finger('move', 155, 150)
  pen('down', 25, 80)
  finger('move', 190, 190)
  pen('up', 25, 80)
  expect(view).toEqual({ zoom: 1, x: 5, y: 0 })
  expect(painted(20, 80)).toBe(255)
  finger('up', 190, 190)
  finger('down', 100, 150)
  finger('down', 150, 150, 3)
  pen('down', 20, 80)
  finger('move', 190, 190, 3)
  expect(view.zoom).toBe(1)
  pen('up', 20, 80)
  expect(events.paint).toHaveBeenCalledTimes(3)
})

it('gives no heed to fingers that land while a pen is at work, on the picture or on a handle', () => {
  begin('brush')
  pen('down', 20, 80)
  showBrush.mockClear()
  finger('down', 150, 150)
  finger('down', 170, 150, 3)
  finger('move', 190, 150, 3)
  finger('up', 190, 150, 3)
  element.dispatchEvent(told('up', 'touch', 3, 190, 150))
  element.dispatchEvent(new PointerEvent('pointerleave', { pointerType: 'touch', pointerId: 3 }))
  expect(showBrush).not.toHaveBeenCalled()
  pen('move', 60, 80)
  pen('up', 60, 80)
  expect([painted(40, 80), painted(150, 150)]).toEqual([255, 0])
  // What still lies there does not begin to pan either.
  finger('move', 100, 100)
  handles.busy.mockReturnValue(true)
  stroke(finger, 50)
  expect(events.look).not.toHaveBeenCalled()
})

it('takes the handles from a palm when the first pen comes', () => {
  begin('select')
  handles.busy.mockReturnValue(true)
  handles.cancel.mockImplementation(() => {
    handles.busy.mockReturnValue(false)
    return true
  })
  finger('down', 50, 50)
  stroke(pen, 50)
  expect(handles.cancel).toHaveBeenCalledOnce()
  expect(events.place).toHaveBeenCalledOnce()
})

it('erases with the other end of a pen, with the brush alone', () => {
  begin('brush')
  pen('down', 20, 80, { button: 5, buttons: 32 })
  pen('move', 60, 80, { buttons: 32 })
  pen('up', 60, 80, { button: 5 })
  expect(events.paint.mock.lastCall?.[1]).toBe(true)
  expect(painted(40, 80)).toBe(255)
  begin('select')
  pen('down', 50, 50, { button: 5, buttons: 32 })
  pen('move', 90, 50, { buttons: 32 })
  pen('up', 90, 50, { button: 5 })
  expect(events.place).not.toHaveBeenCalled()
})

it('paints through every place that a fast pen was at, not straight from frame to frame', () => {
  begin('brush')
  pen('down', 20, 20)
  const move = told('move', 'pen', 1, 100, 20)
  move.getCoalescedEvents = () => [told('move', 'pen', 1, 60, 100), told('move', 'pen', 1, 100, 20)]
  element.dispatchEvent(move)
  pen('up', 100, 20)
  expect([painted(60, 98), painted(60, 20)]).toEqual([255, 0])
})

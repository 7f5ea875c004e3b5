import { describe, expect, it, vi } from 'vitest'

import { blankMask } from '@/assets/mask'
import type { Rect } from '@/base/geometry'
import type { SceneBrush } from '@/canvas/painting'
import { brushTool } from '@/canvas/tools/brushTool'
import { boxTool } from '@/canvas/tools/boxTool'
import { panTool } from '@/canvas/tools/panTool'
import { selectTool } from '@/canvas/tools/selectTool'
import type { SceneEvents, ToolContext, ToolLayer, ToolPointer } from '@/canvas/tools/tool'

const layer: ToolLayer = {
  id: 'cube',
  content: { width: 50, height: 50 },
  placement: {
    box: { x: 100, y: 100, width: 50, height: 50 },
    stretch: false,
    rotationDegrees: 0,
    flipX: false,
  },
}

/** A mask of half the picture's size. */
const BRUSH: SceneBrush = {
  mask: blankMask({ width: 100, height: 80 }),
  picture: { width: 200, height: 160 },
  diameter: 20,
  hardness: 1,
  erase: false,
  inverted: false,
  tint: [255, 0, 0],
}

function world(targets: Rect[] = [], horizon: number | null = null) {
  const events = {
    select: vi.fn<SceneEvents['select']>(),
    place: vi.fn<SceneEvents['place']>(),
    drawBox: vi.fn<SceneEvents['drawBox']>(),
    paint: vi.fn<SceneEvents['paint']>(),
    look: vi.fn<SceneEvents['look']>(),
  }
  const context: ToolContext = {
    viewport: () => ({ zoom: 2, x: 10, y: 20 }),
    pick: ({ x, y }) => (x >= 100 && x <= 150 && y >= 100 && y <= 150 ? layer : null),
    snapTargets: () => ({ rects: targets, others: [], horizon: null }),
    horizonFor: () => (horizon === null ? null : () => horizon),
    showPlacement: vi.fn(),
    showGuides: vi.fn(),
    showBox: vi.fn(),
    brush: () => BRUSH,
    showStroke: vi.fn<ToolContext['showStroke']>(),
    showBrush: vi.fn(),
    events,
  }
  return { context, events }
}

/** A pointer at a point of the document, at zoom 2. */
const at = (x: number, y: number, keys: Partial<ToolPointer> = {}): ToolPointer => ({
  screen: { x: x * 2 + 10, y: y * 2 + 20 },
  document: { x, y },
  shift: false,
  free: false,
  alt: false,
  pressure: 1,
  ...keys,
})

describe('select tool', () => {
  it('selects on a click and lets go on empty ground', () => {
    const { context, events } = world()
    const tool = selectTool(context)
    tool.down(at(120, 120))
    tool.up(at(120, 120))
    tool.down(at(10, 10))
    tool.up(at(10, 10))
    expect(events.select.mock.calls).toEqual([['cube'], [null]])
    expect(events.place).not.toHaveBeenCalled()
  })
  it('moves by whole pixels and tells once', () => {
    const { context, events } = world()
    const tool = selectTool(context)
    tool.down(at(120, 120))
    for (let i = 1; i <= 10; i++) tool.move(at(120 + i * 1.04, 120 + i))
    tool.up(at(130.4, 130))
    expect(events.place).toHaveBeenCalledTimes(1)
    expect(events.place.mock.calls[0][1].box).toEqual({ x: 110, y: 110, width: 50, height: 50 })
  })
  it('snaps within 8 css px, not while Ctrl is held, and keeps to one axis with Shift', () => {
    const { context, events } = world([{ x: 113, y: 0, width: 400, height: 400 }])
    const tool = selectTool(context)
    const drag = (to: ToolPointer) => {
      tool.down(at(120, 120))
      tool.move(to)
      tool.up(to)
      return events.place.mock.lastCall?.[1].box
    }
    expect(drag(at(130, 150))?.x).toBe(113)
    expect(drag(at(130, 150, { free: true }))?.x).toBe(110)
    expect(drag(at(160, 123, { shift: true }))?.y).toBe(100)
  })
  it('lets the size follow the ground, not while Alt is held', () => {
    const { context, events } = world([], 50)
    const drag = (to: ToolPointer) => {
      const tool = selectTool(context)
      tool.down(at(120, 120))
      tool.move(to)
      tool.up(to)
      return events.place.mock.lastCall?.[1].box
    }
    expect(drag(at(120, 170))).toEqual({ x: 88, y: 125, width: 75, height: 75 })
    expect(drag(at(120, 170, { alt: true }))).toEqual({ x: 100, y: 150, width: 50, height: 50 })
  })
  it('leaves no trace when cancelled', () => {
    const { context, events } = world()
    const tool = selectTool(context)
    tool.down(at(120, 120))
    expect(tool.cancel()).toBe(false)
    tool.down(at(120, 120))
    tool.move(at(140, 140))
    expect(tool.cancel()).toBe(true)
    tool.up(at(140, 140))
    expect(events.place).not.toHaveBeenCalled()
    expect(context.showPlacement).toHaveBeenLastCalledWith('cube', layer.placement)
  })
})

describe('box tool', () => {
  it('draws from any corner, square with Shift, and ignores clicks', () => {
    const { context, events } = world()
    const tool = boxTool(context)
    tool.down(at(50, 60))
    tool.move(at(20, 10))
    tool.up(at(20, 10))
    expect(events.drawBox).toHaveBeenLastCalledWith({ x: 20, y: 10, width: 30, height: 50 })
    tool.down(at(0, 0))
    tool.move(at(30, 10, { shift: true }))
    tool.up(at(30, 10))
    expect(events.drawBox).toHaveBeenLastCalledWith({ x: 0, y: 0, width: 30, height: 30 })
    tool.down(at(5, 5))
    tool.up(at(5, 5))
    expect(events.drawBox).toHaveBeenCalledTimes(2)
  })
})

describe('brush tool', () => {
  const painted = (events: ReturnType<typeof world>['events']) => {
    const [stroke, erase] = events.paint.mock.lastCall ?? []
    return {
      erase,
      at: (x: number, y: number) => stroke?.values[Math.floor(y / 2) * 100 + Math.floor(x / 2)],
    }
  }

  it('paints from where it is pressed to where it is let go, as one stroke of the mask’s size', () => {
    const { context, events } = world()
    const tool = brushTool(context)
    tool.down(at(20, 20))
    tool.move(at(60, 20))
    tool.move(at(60, 60))
    tool.up(at(60, 60))
    expect(events.paint).toHaveBeenCalledTimes(1)
    const { erase, at: value } = painted(events)
    expect(erase).toBe(false)
    for (const [x, y] of [
      [20, 20],
      [40, 20],
      [60, 40],
      [60, 60],
    ])
      expect(value(x, y)).toBe(255)
    expect(value(40, 45)).toBe(0)
    expect(value(40, 34)).toBe(0)
  })
  it('paints a dot on a click, thinner with a lighter pen, and a line on from it with Shift', () => {
    const { context, events } = world()
    const tool = brushTool(context)
    tool.down(at(50, 50, { pressure: 0.4 }))
    tool.up(at(50, 50, { pressure: 0 }))
    expect(painted(events).at(50, 50)).toBe(255)
    expect(painted(events).at(57, 50)).toBe(0)
    tool.down(at(120, 50, { shift: true }))
    tool.up(at(120, 50))
    expect(painted(events).at(90, 50)).toBe(255)
  })
  it('erases with Alt, decided when it is pressed', () => {
    const { context, events } = world()
    const tool = brushTool(context)
    tool.down(at(50, 50, { alt: true }))
    tool.move(at(60, 50))
    tool.up(at(60, 50))
    expect(painted(events).erase).toBe(true)
  })
  it('erases with the other end of a pen, whatever the brush does', () => {
    for (const erase of [false, true]) {
      const { context, events } = world()
      const tool = brushTool({ ...context, brush: () => ({ ...BRUSH, erase }) })
      tool.down(at(50, 50, { eraser: true }))
      tool.up(at(60, 50))
      expect(painted(events).erase).toBe(true)
    }
  })
  it('leaves no trace when cancelled', () => {
    const { context, events } = world()
    const tool = brushTool(context)
    expect(tool.cancel()).toBe(false)
    tool.down(at(50, 50))
    expect(tool.cancel()).toBe(true)
    tool.up(at(50, 50))
    expect(events.paint).not.toHaveBeenCalled()
    expect(context.showStroke).toHaveBeenLastCalledWith(null)
  })
})

describe('pan tool', () => {
  it('moves the view with the pointer and puts it back when cancelled', () => {
    const { context, events } = world()
    const tool = panTool(context)
    tool.down(at(0, 0))
    tool.move(at(10, 5))
    expect(events.look).toHaveBeenLastCalledWith({ zoom: 2, x: 30, y: 30 })
    tool.cancel()
    expect(events.look).toHaveBeenLastCalledWith({ zoom: 2, x: 10, y: 20 })
  })
})

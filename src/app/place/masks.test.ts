import { describe, expect, it, vi } from 'vitest'

import type { Importing } from '@/app/importing'
import type { Library } from '@/app/library'
import { createMasks } from '@/app/place/masks'
import type { Pixels } from '@/app/pixels/client'
import type { PreparedPicture } from '@/app/pixels/protocol'
import { blankMask, rasterOf } from '@/assets/mask'
import type { Mask } from '@/base/geometry'
import { setBackground } from '@/document/commands'
import { addLight, setPlaceModel } from '@/document/place/commands'
import { createDocumentStore, type DocumentStore } from '@/document/store'
import { emptyDocument } from '@/schema/document'
import { masksOf } from '@/schema/modes/place'
import { createToastStore } from '@/ui/stores/toasts'
import { createViewStore } from '@/ui/stores/view'

const SIZE = { width: 40, height: 30 }
const background = (digit: string) => ({ hash: digit.repeat(64), name: digit, ...SIZE })
const settle = () => new Promise((done) => setTimeout(done, 5))

/** A document by hand whose masks are stored in a map; snapping waits for the test. */
function studio() {
  const document = createDocumentStore({ ...emptyDocument('d'), background: background('a') })
  setPlaceModel(document, 'mini2')
  const view = createViewStore()
  const stored = new Map<string, Mask>()
  const snaps: (() => void)[] = []
  const pixels = {
    takeMask: (mask: Mask, name: string) => {
      const hash = (stored.size + 1).toString(16).padStart(64, '0')
      stored.set(hash, mask)
      const { width, height } = mask
      return Promise.resolve({ ok: true, value: { asset: { hash, name, width, height } } as PreparedPicture })
    },
    raster: ({ hash }) => Promise.resolve({ ok: true, value: rasterOf(stored.get(hash) ?? blankMask(SIZE)) }),
    snapStroke: (_photo, stroke) =>
      new Promise((resolve) => snaps.push(() => resolve({ ok: true, value: stroke }))),
  } as Pick<Pixels, 'takeMask' | 'raster' | 'snapStroke'>
  const importing = { persist: vi.fn(() => Promise.resolve()) }
  const drawn = { listener: (): void => undefined, there: true }
  const masks = createMasks({
    ...{ document, view, toasts: createToastStore() },
    pixels: pixels as Pixels,
    library: {
      add: vi.fn(),
      drawables: () => (drawn.there ? { content: { x: 0, y: 0, ...SIZE } } : null),
      onDrawable: (listener: () => void) => (drawn.listener = listener),
    } as unknown as Library,
    importing: importing as unknown as Importing,
  })
  const painted = () => view.getState().painted?.values
  const front = () => masksOf(document.getState().document.scene).front
  return { document, view, masks, painted, front, snaps, importing, drawn }
}

/** In the lower right quarter. */
function addBall(document: DocumentStore): void {
  const box = { x: 20, y: 15, width: 20, height: 15 }
  const one = {
    kind: 'foreground',
    id: 'one',
    name: 'Ball',
    visible: true,
    asset: background('b'),
  } as const
  const placed = { box, stretch: true, rotationDegrees: 0, flipX: false }
  document.actions.apply('Add', (draft) => void draft.layers.push({ ...one, ...placed }))
}

const dot = (cell: number): Mask => {
  const stroke = blankMask(SIZE)
  stroke.values[cell] = 255
  return stroke
}

describe('painting', () => {
  it('is seen at once, kept as a step each, and follows undo and redo', async () => {
    const { document, view, masks, painted, front, importing } = studio()
    view.actions.paint('front')
    await settle()
    expect(painted()?.every((value) => value === 0)).toBe(true)
    masks.paint(dot(7), false)
    expect(painted()?.[7]).toBe(255)
    await settle()
    masks.paint(dot(8), false)
    await settle()
    expect(front()).toMatchObject({ name: 'In front mask', ...SIZE })
    expect(importing.persist).toHaveBeenCalledTimes(2)
    document.actions.undo()
    await settle()
    expect([painted()?.[7], painted()?.[8]]).toEqual([255, 0])
    document.actions.undo()
    await settle()
    expect([painted()?.[7], front()]).toEqual([0, null])
    document.actions.redo()
    await settle()
    expect(painted()?.[7]).toBe(255)
  })

  it('of several quick strokes loses none, in their order, while they snap', async () => {
    const { document, view, masks, painted, snaps } = studio()
    view.actions.setBrush({ snap: true })
    view.actions.paint('front')
    await settle()
    masks.paint(dot(3), false)
    masks.paint(dot(4), false)
    masks.paint(dot(3), true)
    for (let stroke = 0; stroke < 3; stroke++) {
      await settle()
      expect([painted()?.[3], painted()?.[4]]).toEqual([0, 255])
      snaps.shift()?.()
    }
    await settle()
    expect([painted()?.[3], painted()?.[4]]).toEqual([0, 255])
    document.actions.undo()
    await settle()
    expect([painted()?.[3], painted()?.[4]]).toEqual([255, 255])
  })

  it('that leaves nothing is none, and what is not kept yet stays out of another document', async () => {
    const { document, view, masks, front, snaps } = studio()
    view.actions.paint('front')
    await settle()
    masks.paint(dot(3), false)
    await settle()
    masks.paint(dot(3), true)
    await settle()
    expect(front()).toBeNull()
    view.actions.setBrush({ snap: true })
    masks.paint(dot(5), false)
    await settle()
    document.actions.replace({ ...emptyDocument('other'), background: background('b'), placeModel: 'mini2' })
    snaps.shift()?.()
    await settle()
    expect(front()).toBeNull()
    expect(document.getState().canUndo).toBe(false)
  })

  it('on a layer stays on it: seen over the picture, kept in its own frame', async () => {
    const { document, view, masks, painted } = studio()
    addBall(document)
    view.actions.paint('layer:one')
    await settle()
    expect(view.getState().brush.erase).toBe(true)
    const stroke = blankMask(SIZE)
    for (let y = 15; y < 22; y++) stroke.values.fill(255, y * 40 + 20, y * 40 + 30)
    masks.paint(stroke, true)
    await settle()
    const mask = document.getState().document.layers[0].mask
    expect(mask?.asset).toMatchObject({ name: 'Ball mask', ...SIZE })
    // The upper left quarter of what the box holds.
    expect([painted()?.[17 * 40 + 23], painted()?.[17 * 40 + 36], painted()?.[2]]).toEqual([0, 255, 255])
    document.actions.apply('Move', (draft) => {
      const [layer] = draft.layers
      if (layer.kind === 'foreground') layer.box.x = 0
    })
    await settle()
    expect([painted()?.[17 * 40 + 3], painted()?.[17 * 40 + 23]]).toEqual([0, 255])
    masks.useMask('layer:one', false)
    await settle()
    expect(document.getState().document.layers[0].mask?.off).toBe(true)
    document.actions.apply('Remove', (draft) => void draft.layers.pop())
    expect(view.getState().tool).toBe('select')
  })

  it('beside its layer is no step, and leaves a disabled mask as it is; a locked or hidden one takes none', async () => {
    const { document, view, masks, painted, drawn } = studio()
    addBall(document)
    drawn.there = false
    view.actions.paint('layer:one')
    await settle()
    expect(painted()).toBeUndefined()
    // The picture of the layer has been read.
    drawn.there = true
    drawn.listener()
    await settle()
    expect(painted()?.[0]).toBe(255)
    const steps = () => document.getState().undoLabel
    masks.paint(dot(20 * 40 + 30), true)
    await masks.settle()
    expect(steps()).toBe('Erase the mask of Ball')
    masks.useMask('layer:one', false)
    await masks.settle()
    const { document: before } = document.getState()
    masks.paint(dot(3), true)
    await masks.settle()
    expect(document.getState().document).toBe(before)
    expect(steps()).toBe('Disable the mask of Ball')
    for (const change of [{ visible: false }, { locked: true as const }]) {
      document.actions.apply('Change', (draft) => void Object.assign(draft.layers[0], change))
      expect(view.getState().tool).toBe('select')
      document.actions.undo()
      view.actions.paint('layer:one')
      expect(view.getState().tool).toBe('brush')
    }
  })

  it('is not put on a background, a layer or a document that came meanwhile', async () => {
    const { document, view, masks, front, importing } = studio()
    addBall(document)
    view.actions.paint('front')
    await settle()
    let go = (): void => undefined
    importing.persist.mockImplementation(() => new Promise((done) => (go = done)))
    masks.paint(dot(7), false)
    await settle()
    setBackground(document, background('c'))
    go()
    await masks.settle()
    expect(front()).toBeNull()
    masks.invertMask('layer:one')
    await settle()
    document.actions.apply('Cut', (draft) => void (draft.layers[0].asset = background('d')))
    go()
    await masks.settle()
    expect(document.getState().document.layers[0].mask).toBeUndefined()
    masks.invertMask('front')
    masks.useMask('front', false)
    await settle()
    const other = { ...emptyDocument('other'), background: background('c'), placeModel: 'mini2' as const }
    document.actions.replace(other)
    go()
    await masks.settle()
    expect(document.getState().document).toEqual(other)
  })

  it('of a second shadow needs a second light', () => {
    const { document, view } = studio()
    view.actions.paint('shadow2')
    expect(view.getState().tool).toBe('select')
    addLight(document)
    view.actions.paint('shadow2')
    expect(view.getState().tool).toBe('brush')
  })

  it('inverts and clears, and lets the brush go where light is not set by hand', async () => {
    const { document, view, masks, front } = studio()
    masks.invertMask('front')
    await settle()
    expect(front()).not.toBeNull()
    masks.clearMask('front')
    await settle()
    expect(front()).toBeNull()
    view.actions.paint('ground')
    expect(view.getState().brush.erase).toBe(true)
    setPlaceModel(document, 'dreamfuse')
    expect(view.getState().tool).toBe('select')
  })
})

import { afterEach, describe, expect, it, vi } from 'vitest'

import type { Drawable } from '@/canvas/drawable'
import { MASKED_BYTES, maskedPictures } from '@/canvas/maskedPicture'
import { pictures } from '@/canvas/pictures'
import { emptyDocument, type ForegroundLayer, type FusionDocument } from '@/schema/document'

const SIDE = 100
const drawable = (scale: number): Drawable => ({
  levels: [{ width: SIDE * scale, height: SIDE * scale } as unknown as ImageBitmap],
  width: SIDE,
  height: SIDE,
  content: { x: 0, y: 0, width: SIDE, height: SIDE },
  dust: [],
  opaque: false,
  opaqueAt: () => true,
})
const asset = (hash: string) => ({ hash, name: `${hash}.png`, width: SIDE, height: SIDE })
const layer = (id: string, x: number): ForegroundLayer => ({
  kind: 'foreground',
  id,
  name: id,
  visible: true,
  asset: asset(id),
  box: { x, y: 0, width: SIDE, height: SIDE },
  stretch: false,
  rotationDegrees: 0,
  flipX: false,
})
const documentOf = (...layers: ForegroundLayer[]): FusionDocument => ({
  ...emptyDocument('d'),
  background: { ...asset('b'), width: 400, height: 400 },
  layers,
})

describe('pictures of layers', () => {
  it('leaves a node where a gesture has it, whatever arrives meanwhile, and lays it out once its layer changes', () => {
    const shown = pictures()
    const [cup, dog] = [layer('cup', 10), layer('dog', 200)]
    shown.sync(documentOf(cup, dog), () => drawable(0.5))
    const node = shown.node('cup')
    const setPicture = vi.spyOn(node ?? expect.fail(), 'setPicture')
    // Half-way through a drag of a corner.
    node?.setAttrs({ x: 85, y: 75, scaleX: 1.5, scaleY: 1.5 })
    const held = () => [node?.x(), node?.y(), node?.scaleX(), node?.width()]
    const sharp = drawable(1)
    shown.sync(documentOf(cup, dog), () => sharp)
    expect(setPicture).toHaveBeenCalledWith(sharp, sharp.content, false)
    shown.dress([], documentOf(cup, dog))
    shown.sync(documentOf(cup, layer('dog', 250)), () => sharp)
    expect(held()).toEqual([85, 75, 1.5, SIDE])
    expect(shown.node('dog')?.x()).toBe(300)

    shown.sync(documentOf({ ...cup, box: { x: 0, y: 0, width: 150, height: 150 } }, dog), () => sharp)
    expect(held()).toEqual([75, 75, 1, 150])
    // Undo brings back the layer as it was.
    shown.sync(documentOf(cup, dog), () => sharp)
    expect(held()).toEqual([60, 50, 1, SIDE])
  })

  it('lays a layer out again that was away', () => {
    const shown = pictures()
    const cup = layer('cup', 10)
    shown.sync(documentOf(cup), () => drawable(1))
    shown.sync(documentOf(), () => drawable(1))
    shown.sync(documentOf(cup), () => drawable(1))
    expect(shown.node('cup')?.x()).toBe(60)
  })
})

class Canvas {
  readonly width: number
  readonly height: number
  constructor(width: number, height: number) {
    this.width = width
    this.height = height
  }
  getContext() {
    return {
      drawImage: () => undefined,
      putImageData: () => undefined,
      getImageData: () => ({ data: new Uint8ClampedArray(0) }),
    }
  }
}

describe('pictures as their masks show them', () => {
  afterEach(() => vi.unstubAllGlobals())

  it('are drawn anew when the picture or the mask has more or fewer pixels', () => {
    vi.stubGlobal('OffscreenCanvas', Canvas)
    const masked = maskedPictures()
    const widthOf = ({ levels }: Drawable) => levels[0].width
    const halved = masked.of('cup', drawable(0.5), drawable(0.5), 'cup mask')
    expect(widthOf(halved)).toBe(SIDE / 2)
    expect(masked.of('cup', drawable(0.5), drawable(0.5), 'cup mask')).toBe(halved)
    expect(masked.of('cup', drawable(0.5), drawable(1), 'cup mask')).not.toBe(halved)
    expect(widthOf(masked.of('cup', drawable(1), drawable(1), 'cup mask'))).toBe(SIDE)
    expect(widthOf(masked.of('cup', drawable(0.25), drawable(1), 'cup mask'))).toBe(SIDE / 4)
  })

  it('share a bounded memory: of many, each is drawn from a smaller level', () => {
    vi.stubGlobal('OffscreenCanvas', Canvas)
    const masked = maskedPictures()
    const levels = [3000, 1500, 750, 375].map((side) => ({ width: side, height: side }) as ImageBitmap)
    const large = { ...drawable(1), levels }
    const bytesOf = (one: Drawable) =>
      one.levels.reduce((sum, { width, height }) => sum + width * height * 4, 0)
    const drawn = (count: number) => {
      masked.share(count)
      return Array.from({ length: count }, (_, n) => masked.of(`layer ${n}`, large, drawable(1), 'mask'))
    }
    expect(drawn(1)[0].levels[0].width).toBe(3000)
    const shown = drawn(20)
    expect(new Set(shown.map((one) => one.levels[0].width))).toEqual(new Set([750]))
    expect(shown.reduce((sum, one) => sum + bytesOf(one), 0)).toBeLessThanOrEqual(MASKED_BYTES)
    for (let n = 1; n < 20; n++) masked.forget(`layer ${n}`)
    expect(drawn(1)[0].levels[0].width).toBe(3000)
  })
})

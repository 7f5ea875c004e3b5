import { describe, expect, it } from 'vitest'

import { placeForeground } from '@/assets/paste'
import { pilBicubic, type Samples } from '@/assets/pilResize'
import { affineIds } from '@/backend/kernels/ropeAffine/reference'
import type { Raster } from '@/base/geometry'
import { gridIds } from '@/nets/runner/tokens'
import {
  adjustForeground,
  alphaOf,
  asPlaced,
  bucketFor,
  BUCKETS,
  maskBox,
  placeScene,
} from '@/pipelines/place/dreamfusePrep'
import { onWhite } from '@/pipelines/shared/samples'

/** Bytes without a pattern that a filter could hide in. */
const noise = (count: number, seed: number) =>
  Uint8ClampedArray.from({ length: count }, (_, i) => (i * 7919 + seed * 104729 + ((i * i) % 251) * 13) % 256)

/** FNV-1a. */
function hash(bytes: Uint8ClampedArray): number {
  let value = 0x811c9dc5
  for (const byte of bytes) value = Math.imul(value ^ byte, 0x01000193)
  return value >>> 0
}

/** 37x53, a soft mask of 25x30 at (5, 10). */
function softCutOut(): Raster {
  const [width, height] = [37, 53]
  const rgb = noise(width * height * 3, width + height)
  const soft = noise(25 * 30, 55)
  const data = new Uint8ClampedArray(width * height * 4)
  for (let i = 0; i < width * height; i++) data.set(rgb.subarray(3 * i, 3 * i + 3), 4 * i)
  for (let y = 0; y < 30; y++)
    for (let x = 0; x < 25; x++) data[4 * ((10 + y) * width + 5 + x) + 3] = (soft[y * 25 + x] >> 1) + 100
  return { width, height, data }
}

const ltrb = (mask: Samples) => {
  const box = maskBox(mask)
  return box && [box.x, box.y, box.x + box.width, box.y + box.height]
}

function plain(width: number, height: number, rgba: [number, number, number, number]): Raster {
  const data = new Uint8ClampedArray(width * height * 4)
  for (let i = 0; i < data.length; i += 4) data.set(rgba, i)
  return { width, height, data }
}

describe('buckets', () => {
  it('have the sizes and areas of their lists', () => {
    for (const list of [512, 768, 1024] as const) {
      expect(BUCKETS[list]).toHaveLength(11)
      for (const [width, height] of BUCKETS[list]) {
        expect((width % 16) + (height % 16)).toBe(0)
        expect(width * height).toBeLessThanOrEqual(list * list * 1.01)
      }
    }
  })

  it.each([
    [512, 4000, 3000, 576, 448],
    [512, 1000, 1000, 512, 512],
    [768, 1920, 1080, 960, 576],
    [1024, 1080, 1920, 768, 1280],
    [1024, 10, 1000, 512, 1536],
    [1024, 1000, 10, 1536, 512],
    // 2.3 lies between 704:320 = 2.2 and 768:320 = 2.4: the first of equals.
    [512, 23, 10, 704, 320],
  ] as const)('%d for %dx%d is %dx%d', (list, width, height, bucketWidth, bucketHeight) => {
    expect(bucketFor(list, { width, height })).toEqual({ width: bucketWidth, height: bucketHeight })
  })
})

// Numbers from Pillow 12.3: paste of white through the inverted mask, resize, paste, getbbox.
describe('the cut-out on white', () => {
  it('blends soft masks', () => {
    const white = onWhite(softCutOut())
    expect([...white.data.subarray(3 * (12 * 37 + 6), 3 * (12 * 37 + 6) + 3)]).toEqual([136, 116, 114])
    expect(hash(white.data)).toBe(2984222479)
  })

  it.each([
    [30, 41, 1717973102, 2606244909, [4, 7, 24, 32], 1927054292, 1101028677, [8, 8, 52, 37]],
    [90, 60, 732644398, 1745214256, [31, 13, 56, 43], 4097795282, 1589921531, [21, 10, 40, 35]],
    [37, 20, 2638805926, 1997853294, [13, 3, 23, 16], 2225129908, 3678871990, [22, 6, 41, 39]],
  ])(
    'is brought to %dx%d',
    (width, height, pictureHash, maskHash, box, smallPicture, smallMask, smallBox) => {
      const cutOut = softCutOut()
      const { picture, mask } = adjustForeground(onWhite(cutOut), alphaOf(cutOut), { width, height })
      expect([hash(picture.data), hash(mask.data), ltrb(mask)]).toEqual([pictureHash, maskHash, box])
      const resized = pilBicubic(mask, 64, 48)
      expect([hash(pilBicubic(picture, 64, 48).data), hash(resized.data)]).toEqual([smallPicture, smallMask])
      expect(ltrb(resized)).toEqual(smallBox)
    },
  )

  it('has no box where the mask is empty', () => {
    expect(maskBox({ width: 3, height: 2, channels: 1, data: new Uint8ClampedArray(6) })).toBeNull()
  })
})

describe('a placed cut-out', () => {
  const background = plain(1024, 1024, [10, 20, 30, 255])
  const upright = { stretch: true, rotationDegrees: 0, flipX: false }

  it('gets the affine of its boxes', () => {
    // The object fills the left half of its file: (0,0)-(512,1024) on a frame of its own size.
    const foreground = plain(1024, 1024, [200, 0, 0, 0])
    for (let y = 0; y < 1024; y++) for (let x = 0; x < 512; x++) foreground.data[4 * (y * 1024 + x) + 3] = 255
    const placement = { ...upright, box: { x: 256, y: 512, width: 128, height: 256 } }
    const placed = placeForeground(foreground, placement, background)
    const scene = placeScene(background, foreground, placement, placed, 1024)
    expect(scene).toMatchObject({ width: 1024, height: 1024 })
    expect(scene.sourceBox).toEqual({ x: 0, y: 0, width: 512, height: 1024 })
    expect(scene.targetBox).toEqual(placement.box)
    expect(scene.affine).toMatchObject({ a: 0.25, d: 0.25, tx: 16, ty: 32, rows: 64, columns: 64 })
    // The spec's test vectors are in pixels: token (0,0) of (0.25, 0.25, 256, 512).
    const ids = affineIds(gridIds(64, 64), scene.affine, 3)
    expect(ids[1]).toBeCloseTo(32 + 0.25 * 0.5 * (63 / 64), 5)
    expect(ids[2]).toBeCloseTo(16 + 0.25 * 0.5 * (63 / 64), 5)
    expect(scene.foreground[0]).toBeCloseTo(200 / 127.5 - 1, 6)
    expect(scene.foreground[1023]).toBe(1)
    expect(scene.background[1024 * 1024]).toBeCloseTo(20 / 127.5 - 1, 6)
  })

  it('keeps its size where it hangs over the edge', () => {
    const foreground = plain(100, 100, [0, 0, 0, 255])
    const placement = { ...upright, box: { x: -128, y: 896, width: 256, height: 256 } }
    const placed = placeForeground(foreground, placement, background)
    const { targetBox, sourceBox } = placeScene(background, foreground, placement, placed, 512)
    // On the picture's side the box has the filter's ring of one pixel, as in the release.
    expect(targetBox).toEqual({ x: -64, y: 447, width: 129, height: 129 })
    expect(sourceBox).toMatchObject({ width: 52, height: 52 })
  })

  it('is mirrored and turned before it becomes a picture', () => {
    const foreground = plain(40, 20, [0, 0, 0, 255])
    foreground.data.set([255, 0, 0, 255], 0)
    const box = { x: 0, y: 0, width: 80, height: 40 }
    const mirrored = asPlaced(foreground, { ...upright, box, flipX: true })
    expect([...mirrored.data.subarray(4 * 39, 4 * 40)]).toEqual([255, 0, 0, 255])
    const turned = asPlaced(foreground, { ...upright, box, rotationDegrees: 90 })
    expect([turned.width, turned.height]).toEqual([20, 40])
    // Stretched and turned: the stretch belongs to the object, so it happens before the turn.
    const wide = asPlaced(foreground, { ...upright, box: { ...box, height: 20 }, rotationDegrees: -90 })
    expect([wide.width, wide.height]).toEqual([10, 40])
  })

  it('does not count dust in its file', () => {
    const foreground = plain(50, 50, [0, 0, 0, 3])
    for (let i = 0; i < 10; i++) foreground.data[4 * ((20 + i) * 50 + 20 + i) + 3] = 255
    expect(
      maskBox(alphaOf(asPlaced(foreground, { ...upright, box: { x: 0, y: 0, width: 9, height: 9 } }))),
    ).toEqual({
      x: 20,
      y: 20,
      width: 10,
      height: 10,
    })
    const empty = plain(4, 4, [9, 9, 9, 0])
    expect(() => asPlaced(empty, { ...upright, box: { x: 0, y: 0, width: 9, height: 9 } })).toThrow(
      'empty-foreground',
    )
  })
})

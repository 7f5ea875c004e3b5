import { describe, expect, it } from 'vitest'

import { compositeOver, placeForeground } from '@/assets/paste'
import { blankRaster } from '@/assets/raster'
import type { Raster, Size } from '@/base/geometry'
import { atWork, kleinFrame, laidBack, zoneOf, zoneTokens } from '@/pipelines/place/kleinFrame'

const MOST = 1024 ** 2
const size = (width: number, height: number): Size => ({ width, height })

function noise({ width, height }: Size, key: number): Raster {
  const raster = blankRaster(width, height)
  let state = key
  for (let i = 0; i < raster.data.length; i++) {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0
    raster.data[i] = i % 4 === 3 ? 255 : state >>> 24
  }
  return raster
}

const box = { x: 300, y: 200, width: 90, height: 160 }
const placed = placeForeground(
  noise(size(45, 80), 3),
  { box, stretch: false, rotationDegrees: 0, flipX: false },
  size(700, 500),
)

describe('the crop that klein sees', () => {
  it.each([
    [size(4000, 3000), { x: 1000, y: 900, width: 200, height: 300 }],
    [size(700, 500), box],
    [size(1200, 900), { x: -40, y: 700, width: 300, height: 300 }],
  ])('is the photo’s own pixels where they are few enough (%o)', (photo, object) => {
    const { crop, size: work, enlarged } = kleinFrame(photo, object, MOST)
    expect(work).toEqual(size(crop.width, crop.height))
    expect(enlarged).toBe(1)
    expect(crop.width % 16 || crop.height % 16 || crop.x % 1 || crop.y % 1).toBe(0)
    expect(crop.x >= 0 && crop.x + crop.width <= photo.width).toBe(true)
    expect(crop.y >= 0 && crop.y + crop.height <= photo.height).toBe(true)
  })

  it('is scaled down, and says by how much the result is enlarged, only where it is too large', () => {
    const {
      crop,
      size: work,
      enlarged,
    } = kleinFrame(size(6000, 4000), { x: 1000, y: 500, width: 2000, height: 3000 }, MOST)
    expect(work.width * work.height).toBeLessThanOrEqual(MOST)
    expect(work.width * work.height).toBeGreaterThan(0.9 * MOST)
    expect(enlarged).toBeCloseTo(crop.height / work.height, 1)
    expect(enlarged).toBeGreaterThan(3)
    expect(crop.width / crop.height / (work.width / work.height)).toBeCloseTo(1, 1)
  })

  it('shows less around an object before it is scaled', () => {
    const { enlarged, context } = kleinFrame(
      size(6000, 4000),
      { x: 1000, y: 1000, width: 660, height: 660 },
      MOST,
    )
    expect(enlarged).toBe(1)
    expect(context).toBeLessThan(0.5 * 660)
  })

  it('goes on beyond a photo that is too small or too long, by its edge', () => {
    const photo = noise(size(50, 37), 1)
    const frame = kleinFrame(photo, { x: 0, y: 0, width: 50, height: 37 }, MOST)
    expect(frame).toMatchObject({ crop: { x: 0, y: 0 }, size: size(64, 64), enlarged: 1 })
    const work = atWork(photo, frame)
    for (const [x, y] of [
      [0, 0],
      [49, 36],
      [63, 63],
      [63, 5],
    ])
      expect(work.data[4 * (y * 64 + x)]).toBe(photo.data[4 * (Math.min(36, y) * 50 + Math.min(49, x))])
    const long = kleinFrame(size(2000, 60), { x: 0, y: 0, width: 1900, height: 60 }, MOST).size
    expect(long.width / long.height).toBeLessThanOrEqual(8)
  })
})

describe('the zone that may change', () => {
  const photo = noise(size(700, 500), 7)
  const frame = kleinFrame(photo, box, MOST)
  const zone = zoneOf(placed, frame, photo)

  it('covers the object with room for its shadow and ends softly inside the crop', () => {
    const at = (x: number, y: number): number =>
      zone.values[
        Math.floor(((y - frame.crop.y) / frame.crop.height) * zone.height) * zone.width +
          Math.floor(((x - frame.crop.x) / frame.crop.width) * zone.width)
      ]
    expect(at(345, 280)).toBe(255)
    expect(at(270, 280)).toBe(255)
    expect(at(box.x - 80, 280)).toBe(0)
    expect(new Set(zone.values).size).toBeGreaterThan(4)
    const tokens = zoneTokens(zone, frame.size)
    expect(tokens).toHaveLength((frame.size.width / 16) * (frame.size.height / 16))
    expect(Math.max(...tokens)).toBe(1)
    expect(Math.min(...tokens)).toBe(0)
  })

  it('leaves every pixel outside of it to the bit, whatever the model makes', () => {
    const out = laidBack(photo, noise(frame.size, 99), frame, zone)
    let [outside, spoilt, changed] = [0, 0, 0]
    const reach = 80 + 0.2 * 160
    for (let y = 0; y < 500; y++)
      for (let x = 0; x < 700; x++) {
        const p = 4 * (y * 700 + x)
        const same = [0, 1, 2, 3].every((c) => out.data[p + c] === photo.data[p + c])
        const far =
          x < box.x - reach ||
          x > box.x + box.width + reach ||
          y < box.y - reach ||
          y > box.y + box.height + reach
        if (far) {
          outside++
          if (!same) spoilt++
        } else if (!same) changed++
      }
    expect(spoilt).toBe(0)
    expect(outside).toBeGreaterThan(100_000)
    expect(changed).toBeGreaterThan(box.width * box.height)
  })

  it('gives back the composite where the model gives the composite', () => {
    const pasted = compositeOver(photo, placed)
    const out = laidBack(photo, atWork(pasted, frame), frame, zone)
    expect(out.data.every((value, i) => value === pasted.data[i])).toBe(true)
  })

  it('fades before a border of the crop beyond which the photo goes on', () => {
    const narrow = size(500, 500)
    const object = placeForeground(
      noise(size(480, 300), 3),
      { box: { x: 4, y: 100, width: 480, height: 300 }, stretch: true, rotationDegrees: 0, flipX: false },
      narrow,
    )
    const tight = kleinFrame(narrow, object.contentRect, MOST)
    expect(tight.crop.width).toBe(496)
    const right = zoneOf(object, tight, narrow)
    for (let y = 0; y < right.height; y++) expect(right.values[y * right.width + right.width - 1]).toBe(0)
  })
})

import { expect, it } from 'vitest'

import { blankMask } from '@/assets/mask'
import { cutOutObject, type CutStroke } from '@/assets/objectCut'
import { at, noise, paint } from '@/assets/testImages'
import { InlayError } from '@/base/errors'
import type { Mask, Raster } from '@/base/geometry'

const SIDE = 240

/** A disc of one colour with a square of another hanging on its right, before a noisy wall. */
const isDisc = (x: number, y: number) => Math.hypot(x - 100, y - 120) < 50
const isSquare = (x: number, y: number) => x >= 145 && x < 195 && y >= 95 && y < 145
const next = noise(4)
const picture = paint(SIDE, SIDE, (x, y) => {
  const grain = 12 * next()
  if (isDisc(x, y)) return [200 + grain, 60, 40, 255]
  if (isSquare(x, y)) return [40, 90, 190 + grain, 255]
  return [120 + grain, 130 + grain, 110 + grain, 255]
})

/** What a network might say: blurred, and off by a little. */
function coarse(likely: (x: number, y: number) => boolean): Mask {
  const mask = blankMask({ width: 32, height: 32 })
  const cell = SIDE / 32
  for (let i = 0; i < mask.values.length; i++) {
    const [x, y] = [(i % 32) * cell + 6, Math.floor(i / 32) * cell + 1]
    mask.values[i] = likely(x, y) ? 225 : 25
  }
  return mask
}

function share(cut: Raster, inside: (x: number, y: number) => boolean): number {
  let [both, either] = [0, 0]
  for (let y = 0; y < SIDE; y++)
    for (let x = 0; x < SIDE; x++) {
      const [alpha, wanted] = [at(cut, x, y)[3], inside(x, y) ? 255 : 0]
      both += Math.min(alpha, wanted)
      either += Math.max(alpha, wanted)
    }
  return both / either
}

const stroke = (keep: boolean, covers: (x: number, y: number) => boolean): CutStroke => {
  const mask = blankMask({ width: 120, height: 120 })
  mask.values.forEach((_, i) => (mask.values[i] = covers((i % 120) * 2, Math.floor(i / 120) * 2) ? 255 : 0))
  return { stroke: mask, keep }
}

it('moves the edge of a coarse mask onto the picture’s', async () => {
  const cut = await cutOutObject(picture, coarse(isDisc), [])
  expect(share(cut, isDisc)).toBeGreaterThan(0.97)
})

it('takes in what is kept and leaves out what is removed, and the later stroke wins', async () => {
  const middle = (x: number, y: number) => Math.abs(y - 120) < 16 && x > 150 && x < 190
  const both = (x: number, y: number) => isDisc(x, y) || isSquare(x, y)
  const object = coarse(isDisc)
  const kept = await cutOutObject(picture, object, [stroke(true, middle)])
  expect(share(kept, both)).toBeGreaterThan(0.9)
  const removed = await cutOutObject(picture, object, [stroke(true, middle), stroke(false, isSquare)])
  expect(share(removed, isDisc)).toBeGreaterThan(0.95)
})

it('keeps a patch of the background’s colour within the object, and leaves out the object’s colour elsewhere', async () => {
  const spotted = paint(SIDE, SIDE, (x, y) => {
    const [spot, twin] = [Math.hypot(x - 100, y - 120) < 14, x > 185 && x < 215 && y > 30 && y < 60]
    const [r, g, b] = twin ? at(picture, 100, 90) : at(picture, spot ? x - 80 : x, y)
    return [r, g, b, 255]
  })
  const likely = coarse(isDisc)
  // The network is not sure of the patch, and wonders at the twin.
  likely.values.forEach((_, i) => {
    const [x, y] = [(i % 32) * 7.5 + 4, Math.floor(i / 32) * 7.5 + 4]
    if (Math.hypot(x - 100, y - 120) < 14) likely.values[i] = 140
    if (x > 180 && x < 220 && y > 25 && y < 65) likely.values[i] = 80
  })
  const cut = await cutOutObject(spotted, likely, [])
  expect(at(cut, 100, 120)[3]).toBe(255)
  expect(at(cut, 200, 45)[3]).toBe(0)
  // A stroke in its middle takes in the twin as a whole.
  const twin = await cutOutObject(spotted, likely, [stroke(true, (x, y) => Math.hypot(x - 200, y - 45) < 6)])
  expect([at(twin, 190, 35)[3], at(twin, 210, 55)[3], at(twin, 100, 120)[3]]).toEqual([255, 255, 255])
})

it('says so where there is no object, and a stroke alone is enough to find one', async () => {
  const nothing = blankMask({ width: 8, height: 8 }, 10)
  await expect(cutOutObject(picture, nothing, [])).rejects.toSatisfy(
    (error) => error instanceof InlayError && error.problem.code === 'empty-foreground',
  )
  const cut = await cutOutObject(picture, nothing, [
    stroke(true, (x, y) => Math.hypot(x - 100, y - 120) < 30),
  ])
  expect(at(cut, 100, 120)[3]).toBe(255)
  expect(at(cut, 20, 20)[3]).toBe(0)
})

it('can be stopped', async () => {
  const stop = new AbortController()
  stop.abort()
  await expect(cutOutObject(picture, coarse(isDisc), [], { signal: stop.signal })).rejects.toSatisfy(
    (error) => error instanceof InlayError && error.problem.code === 'cancelled',
  )
})

import { describe, expect, it } from 'vitest'

import { InlayError } from '@/base/errors'
import type { Raster } from '@/base/geometry'

import { cutOutByCornerColour } from '@/assets/cutout'
import { grabCut } from '@/assets/grabCut'
import { blankRaster } from '@/assets/raster'
import { resizeRaster } from '@/assets/resample'
import { at, noise, paint } from '@/assets/testImages'

/** Share of the truth and the answer that they have in common, by alpha. */
function overlap(answer: Raster, truth: Raster): number {
  let both = 0
  let either = 0
  for (let i = 3; i < truth.data.length; i += 4) {
    both += Math.min(answer.data[i], truth.data[i])
    either += Math.max(answer.data[i], truth.data[i])
  }
  return both / either
}

/** A figure with a curved outline, thin legs and a hole, antialiased, at `size` pixels per side. */
function figure(size: number): Raster {
  const big = paint(size * 3, size * 3, (px, py) => {
    const x = px / (size * 3)
    const y = py / (size * 3)
    const body = ((x - 0.5) / 0.22) ** 2 + ((y - 0.4) / 0.18) ** 2 < 1
    const hole = (x - 0.5) ** 2 + (y - 0.36) ** 2 < 0.05 ** 2
    const legs = y > 0.5 && y < 0.8 && (Math.abs(x - 0.38) < 0.03 || Math.abs(x - 0.62) < 0.03)
    return (body && !hole) || legs ? [190 + 40 * x, 60 + 80 * y, 40, 255] : [0, 0, 0, 0]
  })
  return resizeRaster(big, size, size)
}

function onto(foreground: Raster, background: Raster): Raster {
  return paint(foreground.width, foreground.height, (x, y) => {
    const [r, g, b, a] = at(foreground, x, y)
    const below = at(background, x, y)
    return [r, g, b].map((value, c) => (value * a + below[c] * (255 - a)) / 255).concat(255)
  })
}

async function codeOf(run: () => unknown): Promise<string> {
  try {
    await run()
  } catch (error) {
    if (error instanceof InlayError) return error.problem.code
    throw error
  }
  return 'no error'
}

/** Largest difference in colour between answer and truth where both are clearly visible. */
function colourError(answer: Raster, truth: Raster): number {
  let worst = 0
  for (let i = 0; i < truth.data.length; i += 4)
    if (answer.data[i + 3] > 60 && truth.data[i + 3] > 60)
      for (let c = 0; c < 3; c++) worst = Math.max(worst, Math.abs(answer.data[i + c] - truth.data[i + c]))
  return worst
}

describe('cutOutByCornerColour', () => {
  const truth = figure(200)
  const next = noise(3)
  const gradient = paint(200, 200, (x, y) => [225 + x / 10 + next() * 3, 228 + y / 10 + next() * 3, 235, 255])

  it('finds the object on an even, shaded background, with its edges', () => {
    const answer = cutOutByCornerColour(onto(truth, gradient), { holes: true })
    expect(overlap(answer, truth)).toBeGreaterThan(0.985)
    expect(colourError(answer, truth)).toBeLessThan(40)
    expect(at(answer, 0, 0)).toEqual([0, 0, 0, 0])
  })

  it('leaves enclosed areas unless asked, and pixels inside as they are', () => {
    const picture = onto(truth, gradient)
    const answer = cutOutByCornerColour(picture)
    expect(at(answer, 100, 72)).toEqual(at(picture, 100, 72))
    expect(at(answer, 100, 95)).toEqual(at(picture, 100, 95))
  })

  it('cuts hard edges without feather', () => {
    const answer = cutOutByCornerColour(onto(truth, gradient), { feather: 0 })
    const alphas = new Set<number>()
    for (let i = 3; i < answer.data.length; i += 4) alphas.add(answer.data[i])
    expect([...alphas].sort()).toEqual([0, 255])
  })

  it('is not misled by an object that reaches a corner', () => {
    const picture = paint(60, 60, (x, y) => (x > 40 && y > 40 ? [200, 0, 0, 255] : [240, 240, 240, 255]))
    const answer = cutOutByCornerColour(picture)
    expect([at(answer, 5, 5)[3], at(answer, 50, 50)[3]]).toEqual([0, 255])
  })

  it('says so when nothing would be left', async () => {
    const flat = paint(20, 20, () => [9, 9, 9, 255])
    expect(await codeOf(() => cutOutByCornerColour(flat))).toBe('empty-foreground')
  })
})

describe('grabCut', () => {
  const truth = figure(400)
  const next = noise(5)
  const busy = paint(400, 400, (x, y) => {
    const stripe = Math.sin(x / 9) * 20 + Math.sin(y / 13) * 20 + next() * 25
    return [90 + stripe, 110 + stripe, 120 + stripe, 255]
  })
  const picture = onto(truth, busy)
  const box = { x: 90, y: 70, width: 220, height: 270 }

  it('finds the object on a busy background and gives others a turn', async () => {
    let turns = 0
    const timer = setInterval(() => turns++, 0)
    const progress: number[] = []
    const answer = await grabCut(picture, box, { onProgress: (fraction) => progress.push(fraction) })
    clearInterval(timer)
    expect(overlap(answer, truth)).toBeGreaterThan(0.95)
    expect(at(answer, 20, 20)[3]).toBe(0)
    expect(at(answer, 200, 200)).toEqual(at(picture, 200, 200))
    expect(turns).toBeGreaterThan(5)
    expect(progress.at(-1)).toBe(1)
    expect([...progress].sort((a, b) => a - b)).toEqual(progress)
  })

  it('can be stopped', async () => {
    const stop = new AbortController()
    setTimeout(() => stop.abort(), 5)
    expect(await codeOf(() => grabCut(picture, box, { signal: stop.signal }))).toBe('cancelled')
  })

  it('takes a box around the whole picture', async () => {
    const answer = await grabCut(picture, { x: 0, y: 0, width: 400, height: 400 })
    expect(overlap(answer, truth)).toBeGreaterThan(0.9)
  })

  it('refuses boxes outside, and pictures in which nothing stands out', async () => {
    const outside = { x: 500, y: 0, width: 50, height: 50 }
    expect(await codeOf(() => grabCut(picture, outside))).toBe('bad-box')
    expect(await codeOf(() => grabCut(picture, { x: Number.NaN, y: 0, width: 9, height: 9 }))).toBe('bad-box')
    const empty = blankRaster(50, 50)
    expect(await codeOf(() => grabCut(empty, { x: 5, y: 5, width: 30, height: 30 }))).toBe('empty-foreground')
  })
})

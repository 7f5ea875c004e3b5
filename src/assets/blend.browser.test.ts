import { expect, it } from 'vitest'

import { compositeOver } from '@/assets/paste'
import { blankRaster } from '@/assets/raster'
import type { Raster } from '@/base/geometry'
import { BLEND_MODES } from '@/base/look'

const SIDE = 64

/** Every byte occurs, few colours are grey; fully transparent pixels have no colour. */
function noise(seed: number, alphas: readonly number[]): Raster {
  const raster = blankRaster(SIDE, SIDE)
  let state = seed
  for (let at = 0; at < raster.data.length; at++) {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0
    raster.data[at] = at % 4 === 3 ? alphas[(state >>> 24) % alphas.length] : state >>> 24
  }
  return raster
}

const canvasOf = (raster: Raster): OffscreenCanvas => {
  const canvas = new OffscreenCanvas(SIDE, SIDE)
  canvas.getContext('2d')?.putImageData(new ImageData(raster.data.slice(), SIDE, SIDE), 0, 0)
  return canvas
}

it.each(BLEND_MODES)('%s is what the canvas makes of it', (blend) => {
  const below = noise(1, [255])
  const above = noise(2, [0, 128, 255])
  for (const opacity of [1, 0.4]) {
    const rect = { x: 0, y: 0, width: SIDE, height: SIDE }
    const own = compositeOver(below, { rect, image: above, contentRect: rect }, { blend, opacity })
    const context = canvasOf(below).getContext('2d')
    if (!context) throw new Error('there is no canvas')
    context.globalAlpha = opacity
    context.globalCompositeOperation = blend === 'normal' ? 'source-over' : blend
    context.drawImage(canvasOf(above), 0, 0)
    const { data } = context.getImageData(0, 0, SIDE, SIDE)
    const worst = data.reduce((most, value, at) => Math.max(most, Math.abs(value - own.data[at])), 0)
    // Half transparent, a canvas holds colours multiplied with their alpha, in bytes.
    expect(worst, `opacity ${opacity}`).toBeLessThanOrEqual(2)
  }
})

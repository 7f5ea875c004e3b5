import type { Raster } from '@/base/geometry'

import { blankRaster } from '@/assets/raster'

// Pictures made in code, for tests only.

/** A small deterministic stream of numbers in 0..1. */
export function noise(seed: number): () => number {
  let state = seed >>> 0 || 1
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0
    return state / 4294967296
  }
}

/** A picture from a function of pixel position to straight [r, g, b, a], 0..255. */
export function paint(width: number, height: number, pixel: (x: number, y: number) => number[]): Raster {
  const r = blankRaster(width, height)
  for (let y = 0; y < height; y++)
    for (let x = 0; x < width; x++) r.data.set(pixel(x, y), (y * width + x) * 4)
  return r
}

/** Random RGBA; with `opaque` alpha is 255 throughout. */
export function randomRaster(width: number, height: number, seed: number, opaque = false): Raster {
  const next = noise(seed)
  return paint(width, height, () => {
    const alpha = opaque ? 255 : [0, 255, Math.floor(next() * 256)][Math.floor(next() * 3)]
    return [next() * 255, next() * 255, next() * 255, alpha]
  })
}

/** The straight RGBA of one pixel. */
export function at(r: Raster, x: number, y: number): number[] {
  return [...r.data.subarray((y * r.width + x) * 4, (y * r.width + x) * 4 + 4)]
}

export const fromBase64 = (text: string): Uint8Array<ArrayBuffer> =>
  Uint8Array.from(atob(text), (character) => character.charCodeAt(0))

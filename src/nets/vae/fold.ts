/**
 * Pixels that an autoencoder takes in square cells: fold x fold pixels of a colour are as many channels of one cell, colour by
 * colour, row by row. A small network then works at a quarter of the size where the cells are 4 x 4.
 */
import type { VaeConfig } from '@/schema/pack'

/** Pixels per side of a cell; 1 where the autoencoder takes pixels as they are. */
export const foldOf = ({ imageChannels = 3 }: VaeConfig): number => Math.sqrt(imageChannels / 3)

/** [3, height, width] -> [3*fold*fold, height/fold, width/fold] */
export function foldPixels(pixels: Float32Array, height: number, width: number, fold: number): Float32Array {
  if (fold === 1) return pixels
  const out = new Float32Array(pixels.length)
  for (let i = 0; i < pixels.length; i++) out[cellIndex(i, height, width, fold)] = pixels[i]
  return out
}

/** Inverse of `foldPixels`; the size is that of the pixels. */
export function unfoldPixels(cells: Float32Array, height: number, width: number, fold: number): Float32Array {
  if (fold === 1) return cells
  const out = new Float32Array(cells.length)
  for (let i = 0; i < cells.length; i++) out[i] = cells[cellIndex(i, height, width, fold)]
  return out
}

/** Where the pixel at `i` of [3, height, width] lies in its cell. */
function cellIndex(i: number, height: number, width: number, fold: number): number {
  const [x, row] = [i % width, Math.floor(i / width)]
  const [y, colour] = [row % height, Math.floor(row / height)]
  const channel = colour * fold * fold + (y % fold) * fold + (x % fold)
  const [down, across] = [Math.floor(y / fold), Math.floor(x / fold)]
  return (channel * (height / fold) + down) * (width / fold) + across
}

/**
 * Cheap previews: colours as a linear function of latents. No such function is published with the weights, so it is
 * fitted, by least squares, to the very pictures that a job has encoded: their latents and their pixels are both at
 * hand. Costs milliseconds where a decode costs seconds; the preview has an eighth of the picture's side.
 */
import type { Raster } from '@/base/geometry'
import { philoxNormals } from '@/samplers/philox'

/** Pixels per latent along a side. */
const FACTOR = 8
/** Share of the mean power that is added to every direction, so that flat pictures can be fitted too. */
const RIDGE = 1e-3
/** Latents per side of the patchwork, and of one of its patches. */
const PATCHWORK = 16
const PATCH = 4

/** A picture that was encoded; sizes in latents. */
export interface EncodedPicture {
  rows: number
  columns: number
  latent: Float32Array // [channels, rows, columns]
  pixels: Float32Array // [3, 8*rows, 8*columns] in [-1,1]
}

/** [channels + 1, 3]: colour in [-1,1] per latent channel, and what is added. */
export type LatentColours = Float64Array

/** @param pictures at least one */
export function fitLatentColours(pictures: readonly EncodedPicture[], channels: number): LatentColours {
  const size = channels + 1
  const square = new Float64Array(size * size)
  const right = new Float64Array(size * 3)
  const x = new Float64Array(size).fill(1)
  for (const { rows, columns, latent, pixels } of pictures)
    for (let row = 0; row < rows; row++)
      for (let column = 0; column < columns; column++) {
        for (let c = 0; c < channels; c++) x[c] = latent[(c * rows + row) * columns + column]
        for (let i = 0; i < size; i++) {
          for (let j = 0; j < size; j++) square[i * size + j] += x[i] * x[j]
          for (let c = 0; c < 3; c++)
            right[i * 3 + c] += x[i] * blockMean(pixels, rows, columns, c, row, column)
        }
      }
  let power = 0
  for (let i = 0; i < channels; i++) power += square[i * size + i] / channels
  for (let i = 0; i < channels; i++) square[i * size + i] += RIDGE * power + Number.MIN_VALUE
  return solve(square, right, size)
}

function blockMean(
  pixels: Float32Array,
  rows: number,
  columns: number,
  channel: number,
  row: number,
  column: number,
): number {
  const width = columns * FACTOR
  let sum = 0
  for (let y = 0; y < FACTOR; y++) {
    const at = (channel * rows * FACTOR + row * FACTOR + y) * width + column * FACTOR
    for (let x = 0; x < FACTOR; x++) sum += pixels[at + x]
  }
  return sum / FACTOR ** 2
}

/** Solves the symmetric positive definite system for three right sides by Cholesky's factorisation, in place. */
function solve(square: Float64Array, right: Float64Array, size: number): LatentColours {
  for (let i = 0; i < size; i++)
    for (let j = 0; j <= i; j++) {
      let sum = square[i * size + j]
      for (let k = 0; k < j; k++) sum -= square[i * size + k] * square[j * size + k]
      // A direction without any power (all latents 0) gets no say.
      square[i * size + j] = i === j ? Math.sqrt(Math.max(sum, 1e-12)) : sum / square[j * size + j]
    }
  for (let c = 0; c < 3; c++) {
    for (let i = 0; i < size; i++) {
      let sum = right[i * 3 + c]
      for (let k = 0; k < i; k++) sum -= square[i * size + k] * right[k * 3 + c]
      right[i * 3 + c] = sum / square[i * size + i]
    }
    for (let i = size - 1; i >= 0; i--) {
      let sum = right[i * 3 + c]
      for (let k = i + 1; k < size; k++) sum -= square[k * size + i] * right[k * 3 + c]
      right[i * 3 + c] = sum / square[i * size + i]
    }
  }
  return right
}

/**
 * The same where no picture was encoded: learnt from what the decoder makes of a patchwork of noise, whose patches are of
 * equal latents, so that colours and not edges are seen.
 * @param decode to pixels [3, 8*rows, 8*columns] in [-1,1]
 */
export async function coloursOfDecoder(
  channels: number,
  decode: (latent: Float32Array, rows: number, columns: number) => Promise<Float32Array>,
): Promise<LatentColours> {
  const side = PATCHWORK
  const patches = side / PATCH
  const noise = philoxNormals(0, 0, channels * patches ** 2)
  const latent = new Float32Array(channels * side * side).map((_, i) => {
    const [c, row, column] = [Math.floor(i / side ** 2), Math.floor(i / side) % side, i % side]
    return noise[(c * patches + Math.floor(row / PATCH)) * patches + Math.floor(column / PATCH)]
  })
  const pixels = await decode(latent, side, side)
  return fitLatentColours([{ rows: side, columns: side, latent, pixels }], channels)
}

/** A picture of one pixel per latent. */
export function previewOf(
  latent: Float32Array,
  rows: number,
  columns: number,
  colours: LatentColours,
): Raster {
  const area = rows * columns
  const channels = latent.length / area
  const data = new Uint8ClampedArray(4 * area).fill(255)
  for (let pixel = 0; pixel < area; pixel++)
    for (let c = 0; c < 3; c++) {
      let value = colours[channels * 3 + c]
      for (let k = 0; k < channels; k++) value += colours[k * 3 + c] * latent[k * area + pixel]
      data[4 * pixel + c] = 127.5 * (value + 1)
    }
  return { width: columns, height: rows, data }
}

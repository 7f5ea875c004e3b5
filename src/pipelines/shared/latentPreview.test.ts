import { describe, expect, it } from 'vitest'

import { fitLatentColours, previewOf, type EncodedPicture } from '@/pipelines/shared/latentPreview'

const wave = (count: number, seed: number) =>
  Float32Array.from({ length: count }, (_, i) => Math.sin(0.7371 * i * (1 + seed / 10) + 1.913 * seed))

/** A picture whose colours are a known linear function of its latents, with texture that averages out. */
function picture(rows: number, columns: number, channels: number, seed: number): EncodedPicture {
  const area = rows * columns
  const latent = wave(channels * area, seed)
  const pixels = new Float32Array(3 * 64 * area)
  for (let c = 0; c < 3; c++)
    for (let y = 0; y < 8 * rows; y++)
      for (let x = 0; x < 8 * columns; x++) {
        const at = (y >> 3) * columns + (x >> 3)
        const colour = 0.1 * c + 0.3 * latent[c * area + at] - 0.2 * latent[3 * area + at]
        pixels[(c * 8 * rows + y) * 8 * columns + x] = colour + (x % 2 ? 0.1 : -0.1)
      }
  return { rows, columns, latent, pixels }
}

describe('a preview from latents', () => {
  it('finds the colours that the pictures show', () => {
    const colours = fitLatentColours([picture(6, 9, 4, 1), picture(5, 4, 4, 2)], 4)
    const unseen = picture(3, 7, 4, 3)
    const preview = previewOf(unseen.latent, 3, 7, colours)
    expect([preview.width, preview.height]).toEqual([7, 3])
    for (let pixel = 0; pixel < 21; pixel++)
      for (let c = 0; c < 3; c++) {
        const want = 0.1 * c + 0.3 * unseen.latent[c * 21 + pixel] - 0.2 * unseen.latent[3 * 21 + pixel]
        expect(Math.abs(preview.data[4 * pixel + c] - 127.5 * (want + 1))).toBeLessThan(1.5)
        expect(preview.data[4 * pixel + 3]).toBe(255)
      }
  })

  it('of a flat picture is its colour', () => {
    const flat = {
      rows: 2,
      columns: 2,
      latent: new Float32Array(16),
      pixels: new Float32Array(3 * 256).fill(0.5),
    }
    expect(previewOf(flat.latent, 2, 2, fitLatentColours([flat], 4)).data[0]).toBe(191)
  })
})

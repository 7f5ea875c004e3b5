import { describe, expect, it } from 'vitest'

import { paint } from '@/assets/testImages'
import { scorePixels } from '@/pipelines/align/score'
import { cosine } from '@/pipelines/shared/features'

/** A picture without symmetry, by its size. */
const picture = (width: number, height: number, alpha = 255) =>
  paint(width, height, (x, y) => [
    ...[0, 1, 2].map((c) => (x * 37 + y * 101 + c * 53 + x * y * 7) % 256),
    alpha,
  ])

const sum = (values: Float32Array) => values.reduce((total, value) => total + value, 0)
const weighted = (values: Float32Array) => values.reduce((total, value, i) => total + i * value, 0)

/**
 * What Pillow 12.3 and NumPy make of it at 16 x 16, resize and centre crop as CLIP's processor does them: a value of
 * each channel, the sum, the sum weighted by the index; the sum in [-1,1].
 */
const PILLOW: [size: [number, number], values: number[], sum: number, weighted: number, symmetric: number][] =
  [
    [[45, 29], [-0.244829, 0.078851, 0.411049], 138.9535, 71201.66, -2.8078],
    [[29, 46], [-0.171837, 0.093858, -0.058213], 106.7474, 60105.27, -20.0706],
    [[12, 20], [-0.186436, -0.416406, -0.399495], 138.983, 71484.23, -3.1922],
  ]

describe('what the scorer sees', () => {
  it.each(PILLOW)(
    'the middle of %o as Pillow gives it',
    ([width, height], values, total, moment, symmetric) => {
      const seen = scorePixels(picture(width, height), 16, 'clip')
      expect(seen).toHaveLength(3 * 16 * 16)
      ;[0, 257, 767].forEach((at, i) => expect(seen[at]).toBeCloseTo(values[i], 5))
      expect(sum(seen)).toBeCloseTo(total, 2)
      expect(weighted(seen)).toBeCloseTo(moment, 0)
      expect(sum(scorePixels(picture(width, height), 16, 'symmetric'))).toBeCloseTo(symmetric, 2)
    },
  )

  it('keeps the pixels of a picture that has its size', () => {
    const raster = picture(16, 16)
    const seen = scorePixels(raster, 16, 'symmetric')
    const bytes = [...seen].map((value) => Math.round((value + 1) * 127.5))
    for (let pixel = 0; pixel < 256; pixel++)
      for (let c = 0; c < 3; c++) expect(bytes[c * 256 + pixel]).toBe(raster.data[4 * pixel + c])
  })

  it('sees white where the picture is transparent', () => {
    expect([...scorePixels(picture(20, 30, 0), 16, 'symmetric')].every((value) => value === 1)).toBe(true)
  })
})

it('a cosine of unit vectors', () => {
  expect(cosine(Float32Array.of(0.6, 0.8), Float32Array.of(0.8, -0.6))).toBeCloseTo(0, 6)
  expect(cosine(Float32Array.of(0.6, 0.8), Float32Array.of(0.6, 0.8))).toBeCloseTo(1, 6)
})

import { describe, expect, it } from 'vitest'

import { addNoise, dynamicMu, eulerStep, flowSigmas, velocityOfBalanced } from '@/samplers/flowMatch'
import { philox4x32, philoxNormals } from '@/samplers/philox'

describe('flow-match sigmas', () => {
  it("are FLUX dev's published ones", () => {
    const sigmas = flowSigmas(12, { kind: 'dynamic', mu: dynamicMu(4096) })
    const published = [
      1, 0.97202, 0.94044, 0.90453, 0.86332, 0.81555, 0.75951, 0.69286, 0.61227, 0.51284, 0.38712, 0.22306, 0,
    ]
    published.forEach((sigma, i) => expect(sigmas[i]).toBeCloseTo(sigma, 4))
  })

  it('end in the clean prediction', () => {
    const x = Float32Array.of(0.3, -2)
    const clean = Float32Array.of(0.1, 0.9)
    const velocity = x.map((value, i) => (value - clean[i]) / 0.25)
    eulerStep(x, velocity, 0.25, 0)
    clean.forEach((value, i) => expect(x[i]).toBeCloseTo(value, 6))
  })
})

it('a balanced network says a velocity, which needs no division by what is nearly nothing', () => {
  const [data, noise] = [Float32Array.of(0.3, -2, 1), Float32Array.of(-1, 0.5, 0.25)]
  for (const sigma of [1, 0.7, 0.5, 0.1, 0]) {
    const root = Math.hypot(sigma, 1 - sigma)
    const said = data.map((value, i) => (sigma * value - (1 - sigma) * noise[i]) / root)
    velocityOfBalanced(said, addNoise(data, noise, sigma), sigma)
    said.forEach((value, i) => expect(value).toBeCloseTo(noise[i] - data[i], 5))
  }
})

describe('Philox', () => {
  it('gives the published words', () => {
    const hex = (words: Uint32Array) => [...words].map((word) => word.toString(16).padStart(8, '0'))
    expect(hex(philox4x32([0, 0, 0, 0], [0, 0]))).toEqual(['6627e8d5', 'e169c58d', 'bc57ac4c', '9b00dbd8'])
    const ones = 0xffffffff
    expect(hex(philox4x32([ones, ones, ones, ones], [ones, ones]))).toEqual([
      '408f276d',
      '41c83b0e',
      'a20bc7c6',
      '6d5451fd',
    ])
  })

  it('is standard normal, and differs by seed and stream', () => {
    const values = philoxNormals(42, 0, 40_001)
    const mean = values.reduce((sum, value) => sum + value, 0) / values.length
    const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length
    expect(Math.abs(mean)).toBeLessThan(0.02)
    expect(Math.abs(variance - 1)).toBeLessThan(0.03)
    expect(values.every(Number.isFinite)).toBe(true)
    expect(philoxNormals(43, 0, 8)).not.toEqual(values.slice(0, 8))
    expect(philoxNormals(42, 1, 8)).not.toEqual(values.slice(0, 8))
    expect(philoxNormals(42, 0, 7)).toEqual(values.slice(0, 7))
  })
})

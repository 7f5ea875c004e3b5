import { describe, expect, it } from 'vitest'

import { cut, interleave, mergeMoments } from '@/nets/strips/picture'
import { after, cellsOf, flopsOf, reads, writes } from '@/nets/strips/steps'
import { decoderSteps, encoderSteps } from '@/nets/vae/vae'
import type { VaeConfig } from '@/schema/pack'

const CONFIG: VaeConfig = {
  latentChannels: 16,
  channels: [128, 256, 512, 512],
  resnets: 2,
  groups: 32,
  quantConvs: false,
  scaling: 0.3611,
  shift: 0.1159,
}

describe('cut', () => {
  it.each([
    [0, 10, 3],
    [5, 6, 100],
    [2, 9, 1],
    [0, 7, 0],
    [3, 3, 4],
  ])('rows %i to %i by at most %i', (from, to, most) => {
    const parts = cut({ from, to }, most)
    expect(parts.reduce((at, part) => (expect(part.from).toBe(at), part.to), from)).toBe(to)
    for (const part of parts) expect(part.to - part.from).toBeLessThanOrEqual(Math.max(1, most))
  })
})

it('statistics of rows merge into those of the whole, far from zero too', () => {
  const [rows, width, channels, groups] = [7, 11, 6, 2]
  const value = (row: number, x: number, c: number) =>
    1000 * (c + 1) + Math.sin(3 * row + 5 * x + 7 * c) * (row + 1)
  const parts: Float32Array[] = []
  for (const [from, to] of [
    [0, 3],
    [3, 7],
  ]) {
    const part = new Float32Array((to - from) * 2 * channels)
    for (let row = from; row < to; row++)
      for (let c = 0; c < channels; c++) {
        const line = Array.from({ length: width }, (_, x) => value(row, x, c))
        const mean = Math.fround(line.reduce((sum, v) => sum + v, 0) / width)
        part[(row - from) * 2 * channels + c] = mean
        part[(row - from) * 2 * channels + channels + c] =
          line.reduce((sum, v) => sum + (v - mean) ** 2, 0) / width
      }
    parts.push(part)
  }
  const merged = mergeMoments(parts, channels, groups)
  for (let group = 0; group < groups; group++) {
    const all: number[] = []
    for (let row = 0; row < rows; row++)
      for (let x = 0; x < width; x++)
        for (let c = 3 * group; c < 3 * group + 3; c++) all.push(value(row, x, c))
    const mean = all.reduce((sum, v) => sum + v, 0) / all.length
    const variance = all.reduce((sum, v) => sum + (v - mean) ** 2, 0) / all.length
    expect(Math.abs(merged.mean[group] / mean - 1)).toBeLessThan(1e-7)
    expect(Math.abs(merged.variance[group] / variance - 1)).toBeLessThan(1e-6)
  }
})

it('interleaves channels', () => {
  const planar = Float32Array.of(1, 2, 3, 10, 20, 30)
  expect([...interleave(planar, 2)]).toEqual([1, 10, 2, 20, 3, 30])
})

describe('steps', () => {
  it("have the released models' parameters", () => {
    const count = (steps: ReturnType<typeof encoderSteps>): number =>
      steps.reduce((sum, step) => {
        if (step.kind === 'attention')
          return sum + 3 * (step.channels + 1) * step.channels + 2 * step.channels
        const weights = (step.kernel ** 2 * step.cin + 1) * step.cout
        const shortcut = step.saves?.shortcut ? (step.cin + 1) * step.cout : 0
        return sum + weights + shortcut + (step.norm ? 2 * step.cin : 0)
      }, 0)
    expect(count(encoderSteps(CONFIG))).toBe(34_274_208)
    expect(count(decoderSteps(CONFIG))).toBe(49_545_475)
    const sd = { ...CONFIG, latentChannels: 4, quantConvs: true }
    expect(count(encoderSteps(sd))).toBe(34_163_592 + 72)
    expect(count(decoderSteps(sd))).toBe(49_490_179 + 20)
    expect(count([...encoderSteps(sd), ...decoderSteps(sd)])).toBe(83_653_863)
  })

  it('write every row once, and read each that they need', () => {
    for (const steps of [encoderSteps(CONFIG), decoderSteps(CONFIG)]) {
      let extent = { height: 72, width: 64 }
      for (const step of steps) {
        const out = after(step, extent)
        const parts = cut(cellsOf(step, extent.height), 5)
        const written = parts.reduce((at, part) => {
          const { from, to } = writes(step, part)
          expect(from).toBe(at)
          return to
        }, 0)
        expect(written).toBe(out.height)
        const halo = step.kind === 'conv' ? step.kernel >> 1 : 0
        const factor = step.kind === 'conv' && step.resample === 'down' ? 2 : 1
        for (const part of parts) {
          const { from, to } = reads(step, part, extent.height)
          // A stride of two pads below alone.
          expect(from).toBe(Math.max(0, factor * part.from - (factor === 1 ? halo : 0)))
          expect(to).toBe(Math.min(extent.height, factor * part.to + halo))
        }
        extent = out
      }
    }
  })

  it('cost what the specification says, two per multiply-add, attention included', () => {
    const encode = flopsOf(encoderSteps(CONFIG), { height: 1024, width: 1024 })
    const decode = flopsOf(decoderSteps(CONFIG), { height: 128, width: 128 })
    expect(encode / 2e12).toBeCloseTo(2.44, 1)
    expect(decode / 2e12).toBeCloseTo(5.24, 1)
  })
})

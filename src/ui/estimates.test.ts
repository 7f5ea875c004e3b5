import { describe, expect, it } from 'vitest'

import { estimateSeconds, forwardTflop, TYPICAL, workOf } from '@/ui/estimates'

describe('estimates', () => {
  it('of one forward are the table of the FLUX specification, to its digits', () => {
    const table: [tokens: number, linear: number, attention: number][] = [
      [1536, 19.8, 1.7],
      [2482, 32.0, 4.3],
      [3328, 43.0, 7.8],
      [4608, 59.5, 14.9],
      [5632, 72.7, 22.2],
      [12544, 161.9, 110.2],
    ]
    for (const [tokens, linear, attention] of table) {
      const found = forwardTflop(tokens)
      expect(found.linear).toBeCloseTo(linear, 0)
      expect(Math.abs(found.linear - linear)).toBeLessThanOrEqual(0.06)
      expect(Math.abs(found.attention - attention)).toBeLessThanOrEqual(0.06)
    }
  })

  it('count 239,075,328 multiply-adds for a rank-128 DreamO LoRA, its parameters', () => {
    const [with128, without] = [forwardTflop(1, 128).linear, forwardTflop(1).linear]
    // The double blocks' adapters exist twice, for picture and text; a token passes one of them.
    const perToken = ((with128 - without) * 1e12) / 2
    const twice = 19 * 128 * 6 * 3072
    expect(perToken + twice).toBeCloseTo(239_075_328, -1)
  })

  it('have as many tokens as the specs say', () => {
    const [dreamfuse] = TYPICAL
    const steps = dreamfuse.one.steps
    expect(workOf({ ...dreamfuse.one, loraRank: 0 }).linear / steps).toBeCloseTo(forwardTflop(3328).linear, 6)
    const compose = TYPICAL[3].one
    expect(workOf({ ...compose, loraRank: 0 }).attention / compose.steps).toBeCloseTo(
      forwardTflop(6656).attention,
      6,
    )
  })

  it('become seconds by the slower of arithmetic and disk', () => {
    const probe = { linearTflops: 8, attentionTflops: 4, diskGBps: 2 }
    const { one } = TYPICAL[0]
    const { once, linear, attention } = workOf(one)
    const compute = linear / 8 + attention / 4
    expect(estimateSeconds(probe, one)).toBeCloseTo(once / 8 + compute, 6)
    expect(estimateSeconds(probe, one, { streamedBytes: 1e9 })).toBeCloseTo(once / 8 + compute, 6)
    expect(estimateSeconds(probe, one, { streamedBytes: 100e9 })).toBeCloseTo(once / 8 + (28 * 100) / 2, 6)
    expect(estimateSeconds({ ...probe, diskGBps: null }, one, { streamedBytes: 100e9 })).toBeCloseTo(
      once / 8 + compute,
      6,
    )
  })

  it('shrink with a pruned transformer', () => {
    const probe = { linearTflops: 8, attentionTflops: 4, diskGBps: null }
    const { one } = TYPICAL[0]
    const { once, linear, attention } = workOf(one)
    expect(estimateSeconds(probe, one, { parameters: 11_901_408_320 / 4 })).toBeCloseTo(
      once / 8 + (linear / 8 + attention / 4) / 4,
      6,
    )
  })

  it('of Align run three pictures with and without the prompt', () => {
    const one = { mode: 'align', width: 512, height: 512, steps: 20, guided: true } as const
    // specs: D-Fusion §10, 120 forwards of 0.80 TFLOP
    expect(workOf(one).linear).toBeCloseTo(120 * 0.804, 6)
    expect(workOf({ ...one, guided: false, width: 256, height: 256 }).linear).toBeCloseTo((60 * 0.804) / 4, 6)
  })

  it('grow with every step that runs twice', () => {
    const one = TYPICAL[3].one
    if (one.mode !== 'dreamo') throw new Error('not a Compose case')
    const probe = { linearTflops: 8, attentionTflops: 8, diskGBps: null }
    expect(estimateSeconds(probe, { ...one, guidedSteps: 10 })).toBeGreaterThan(estimateSeconds(probe, one))
  })
})

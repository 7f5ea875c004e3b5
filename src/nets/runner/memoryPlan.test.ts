import { describe, expect, it } from 'vitest'

import { FLUX_DEV as FLUX } from '@/families/flux/transformer'
import { fluxDit } from '@/nets/flux/flux'
import {
  adapterRanks,
  forwardWork,
  planRun,
  secondsOf,
  type RunPlan,
  type RunPlanRequest,
  type SegmentShape,
} from '@/nets/runner/memoryPlan'
import { networkLinears } from '@/nets/runner/network'
import type { PackManifest, TensorFormat } from '@/schema/pack'

const MIB = 2 ** 20
const GB = 1e9

const packOf = (format: TensorFormat, config = FLUX): PackManifest['tensors'] =>
  Object.fromEntries(
    networkLinears(fluxDit(config)).map(([name, rows, cols]) => [
      `${name}.weight`,
      { format, shape: [rows, cols] },
    ]),
  )

/** [text, target, others …] under full attention; `fixed` others are modulated apart, as DreamFuse's conditions. */
function sequence(text: number, target: number, others: number[] = [], fixed = false): SegmentShape[] {
  const names = ['text', 'target', ...others.map((_, index) => `other${index}`)]
  return names.map((name, index) => ({
    name,
    weights: index === 0 ? 'text' : 'image',
    tokens: [text, target, ...others][index],
    modulation: fixed && index > 1 ? 'fixed' : 'step',
    sees: names,
  }))
}

const request = (change: Partial<RunPlanRequest> = {}): RunPlanRequest => ({
  network: fluxDit(FLUX),
  tensors: packOf('q4'),
  segments: sequence(512, 1024),
  conditionings: 28,
  limits: null,
  budgetBytes: 64 * GB,
  arithmetic: 'exact',
  speed: null,
  ...change,
})

describe('the plan for FLUX', () => {
  it.each([
    ['plain 512²', sequence(512, 1024), 19.8, 1.7],
    ['MDeNoise 512²', sequence(729, 1024), 22.6, 2.2],
    ['BNoise', sequence(1458, 1024), 32.0, 4.3],
    ['DreamFuse 512²', sequence(256, 1024, [1024, 1024], true), 43.0, 7.8],
    ['plain 1024²', sequence(512, 4096), 59.5, 14.9],
    ['DreamO 1024² with one 512² reference', sequence(512, 4096, [1024]), 72.7, 22.2],
    ['DreamFuse 1024²', sequence(256, 4096, [4096, 4096], true), 161.9, 110.2],
  ])('counts the arithmetic of %s as the specification', (_, segments, linear, attention) => {
    const { linearTflop, attentionTflop } = planRun(request({ segments }))
    expect(Math.abs(linearTflop - linear)).toBeLessThan(0.06)
    expect(Math.abs(attentionTflop - attention)).toBeLessThan(0.06)
  })

  it('counts weights as the specification: all but modulation and conditioning', () => {
    const half = planRun(request({ tensors: packOf('f16') }))
    expect(half.residentBytes / MIB).toBeGreaterThan(16_506 - 70) // conditioning's MLPs are not resident
    expect(half.residentBytes / MIB).toBeLessThan(16_506)
    // A double block without modulation: 226,548,224 numbers, biases and norms in f32.
    expect(half.blockBytes / MIB).toBeCloseTo(648.2 - 216.1 + 0.1, 0)
    // Quantised with f32 scales per 32: 9 and 5 bits.
    const bits = (format: TensorFormat) => planRun(request({ tensors: packOf(format) })).residentBytes
    expect(bits('q8') / half.residentBytes).toBeCloseTo(9 / 16, 3)
    expect(bits('q4') / half.residentBytes).toBeCloseTo(5 / 16, 3)
    expect(bits('f32') / half.residentBytes).toBeCloseTo(2, 3)
  })

  it('counts modulations: 4.03 MiB per step', () => {
    const { modulationBytes } = planRun(request())
    expect(modulationBytes).toBe(28 * 1_056_768 * 4)
  })

  it('counts adapters', () => {
    const pieces = new Map([['single_blocks.0.linear1', [{ rank: 8 }, { rank: 16 }]]])
    const loraRank = adapterRanks([{ pieces }, { pieces }])
    expect(loraRank('single_blocks.0.linear1')).toBe(48)
    expect(loraRank('single_blocks.1.linear1')).toBe(0)
    const extra = planRun(request({ loraRank })).residentBytes - planRun(request()).residentBytes
    expect(extra).toBe(48 * (21504 + 3072) * 4)
  })

  it('goes from resident to streaming to too large as memory shrinks', () => {
    const speed = { linearTflops: 2, attentionTflops: 1, diskGBps: 2 }
    const verdict = (budgetBytes: number) => planRun(request({ budgetBytes, speed }))
    const stepOf = (plan: RunPlan, diskGBps: number | null = speed.diskGBps) =>
      secondsOf(plan, { ...speed, diskGBps }, plan.streamedBytes)
    const roomy = verdict(16 * GB)
    const tight = verdict(3 * GB)
    expect(roomy.verdict).toBe('resident')
    expect(roomy.streamedBytes).toBe(0)
    expect(stepOf(roomy)).toBeCloseTo(19.8 / 2 + 1.65, 1)
    expect(tight.verdict).toBe('stream')
    expect(tight.streamedBytes + tight.residentBytes).toBe(roomy.residentBytes)
    // Blocks are read while others run: what costs time is the slower of the two.
    expect(stepOf(tight)).toBe(stepOf(roomy))
    expect(tight.reason).toMatch(/read from disk in every step: allow more memory/)
    const slow = planRun(request({ budgetBytes: 3 * GB, speed: { ...speed, diskGBps: 0.1 } }))
    expect(stepOf(slow, 0.1)).toBeCloseTo(slow.streamedBytes / 0.1e9, 6)
    expect(slow.reason).toMatch(/in every step, about \d+ s more each: allow more memory/)
    expect(stepOf(tight, null)).toBeNull()
    expect(verdict(1 * GB).verdict).toBe('too-large')
    // Exactly enough is enough.
    const need = roomy.residentBytes + roomy.activationBytes
    expect(verdict(need).verdict).toBe('resident')
    expect(verdict(need - 1).verdict).toBe('stream')
  })

  it('counts what is kept of conditions, and the steps that do without them', () => {
    const segments = sequence(256, 1024, [1024, 1024], true)
    const kept = { every: 3, steps: 28, names: ['other0', 'other1'] }
    const more =
      planRun(request({ segments, kept })).activationBytes - planRun(request({ segments })).activationBytes
    expect(more).toBeCloseTo((9 / 8) * 2 * 2048 * 57 * 3072 * 4, -3)
    const whole = forwardWork(request({ segments }))
    const mean = forwardWork(request({ segments, kept }))
    // 10 of 28 steps are whole; 1,280 of 3,328 tokens run in the others, over all keys.
    const share = (10 + 18 * (1280 / 3328)) / 28
    expect(mean.linearTflop / whole.linearTflop).toBeCloseTo(share, 2)
    expect(mean.attentionTflop / whole.attentionTflop).toBeCloseTo(share, 6)
    expect(forwardWork(request({ segments, kept: { ...kept, steps: 1 } }))).toEqual(whole)
    expect(forwardWork(request({ segments, kept: { ...kept, every: 1 } }))).toEqual(whole)
  })

  it('counts keys and values of fast arithmetic as halves, kept and of the step', () => {
    const segments = sequence(256, 1024, [1024, 1024], true)
    const names = ['other0', 'other1']
    const tokensSaved = (change: Partial<RunPlanRequest>) =>
      (planRun(request(change)).activationBytes -
        planRun(request({ ...change, arithmetic: 'fast' })).activationBytes) /
      ((9 / 8) * 2 * 3072 * 2)
    expect(tokensSaved({ segments })).toBeCloseTo(3328, 0)
    // Beside them 2,048 tokens in each of 57 blocks.
    const kept = { every: 2, steps: 28, names }
    expect(tokensSaved({ segments, kept })).toBeCloseTo(3328 + 57 * 2048, 0)
    // Conditions that see themselves alone are cached; the peak is a step or the caching pass.
    const apart = segments.map((one) => (names.includes(one.name) ? { ...one, sees: names } : one))
    expect([1280, 2048]).toContain(Math.round(tokensSaved({ segments: apart }) - 57 * 2048))
  })

  it('respects the largest tensor that the device binds', () => {
    const limits = { maxBufferSize: 4 * 2 ** 30, maxStorageBufferBindingSize: 128 * MIB }
    const small = planRun(request({ limits, segments: sequence(256, 1024) }))
    expect(small.verdict).toBe('resident')
    const picture = planRun(request({ limits, segments: sequence(512, 4096) }))
    expect(picture).toMatchObject({ verdict: 'too-large' })
    expect(picture.reason).toMatch(/the picture.*smaller picture/)
    const tensors = packOf('f16')
    const weight = planRun(request({ limits, tensors, segments: sequence(256, 256) }))
    expect(weight.reason).toMatch(/a weight.*4 or 8 bits/)
    // Rows in chunks bind one by one.
    for (const name of Object.keys(tensors)) {
      const [rows] = tensors[name].shape
      tensors[name].chunks = Array.from({ length: Math.ceil(rows / 2048) }, () => 2048)
    }
    expect(planRun(request({ limits, tensors, segments: sequence(256, 256) })).verdict).toBe('resident')
  })
})

import { describe, expect, it } from 'vitest'

import { FLUX_DEV } from '@/families/flux/transformer'
import { fluxDit } from '@/nets/flux/flux'
import { forwardWork } from '@/nets/runner/memoryPlan'
import { composeTypical, composeWork } from '@/pipelines/compose/work'
import { workSeconds, type FluxSizes } from '@/pipelines/flux/fluxPlan'
import { FLUX_VAE, T5_XXL } from '@/pipelines/flux/typical'
import { placeTypical, placeWork, type PlaceSizes } from '@/pipelines/place/work'
import { defaultCompose } from '@/schema/modes/compose'

const SIZES: FluxSizes = { transformer: FLUX_DEV, t5: T5_XXL, vae: FLUX_VAE }
const SPEED = { linearTflops: 8, attentionTflops: 4, diskGBps: 2 }
const NO_LORA = () => 0
const PLACE: PlaceSizes = {
  background: { width: 512, height: 512 },
  foregrounds: [0],
  steps: 28,
  strength: 1,
  flux: { size: 512, textStrength: 1, refreshEvery: 1 },
}
const COMPOSE = { compose: defaultCompose(), references: [0, 1] }

const tokens = (segments: readonly { tokens: number }[]) => segments.reduce((sum, one) => sum + one.tokens, 0)
const network = fluxDit(FLUX_DEV)
/** Seconds of one forward at SPEED. */
const forward = (segments: Parameters<typeof forwardWork>[0]['segments']) => {
  const work = forwardWork({ network, segments })
  return work.linearTflop / 8 + work.attentionTflop / 4
}

describe('the work of a picture', () => {
  it('has the sequences of the specifications', () => {
    expect(tokens(placeWork(PLACE).segments)).toBe(256 + 3 * 1024)
    expect(tokens(composeWork(COMPOSE).segments)).toBe(512 + 4096 + 2 * 1024)
  })

  it('is done for every foreground, by as many steps as the strength leaves', () => {
    const work = placeWork({ ...PLACE, foregrounds: [0, 1, 2], strength: 0.5 })
    expect(work.forwards).toMatchObject([{ count: 3 * 14 }])
    expect(work.conditionings).toBe(15)
    expect(work.encoded[0].count).toBe(9)
    expect(work.decoded[0].count).toBe(6)
  })

  it('is done twice without references where true guidance is on', () => {
    const compose = { ...COMPOSE.compose, trueCfg: 3, cfgStart: 2, cfgEnd: 12 }
    const { forwards, texts, conditionings } = composeWork({ ...COMPOSE, compose })
    expect(forwards.map(({ count }) => count)).toEqual([25, 10])
    expect(tokens(forwards[1].segments)).toBe(512 + 4096)
    expect(texts).toEqual([512, 512])
    expect(conditionings).toBe(35)
    expect(composeWork({ ...COMPOSE, compose: { ...compose, trueCfg: 1 } }).forwards[1].count).toBe(0)
  })
})

describe('its time', () => {
  it('is that of texts, autoencoder and all forwards', () => {
    const work = placeWork(PLACE)
    const seconds = workSeconds(SIZES, work, NO_LORA, SPEED, 0) ?? 0
    // specs: FLUX §10, encoders §1, §3: T5 192.9 M multiply-adds a layer and token, the autoencoder 2.44 and 5.24 T
    const pixels = 512 ** 2 / 1024 ** 2
    const around = (2 * (24 * 192_937_984 * 256 + pixels * (2 * 2.44e12 + 2 * 5.24e12))) / 8e12
    // The attention in the middle of the autoencoder shrinks faster than its pixels.
    expect(Math.abs(seconds - 28 * forward(work.segments) - around)).toBeLessThan(0.06)
    const without = workSeconds({ ...SIZES, t5: null }, work, NO_LORA, SPEED, 0) ?? 0
    expect(seconds - without).toBeCloseTo((2 * 24 * 192_937_984 * 256) / 8e12, 6)
  })

  it('goes by the slower of arithmetic and disk', () => {
    const work = placeWork(PLACE)
    const at = (bytes: number, diskGBps: number | null = 2) =>
      workSeconds(SIZES, work, NO_LORA, { ...SPEED, diskGBps }, bytes)
    const computing = at(0) ?? 0
    expect(at(1e9)).toBe(computing)
    expect(at(100e9)).toBeCloseTo(computing + 28 * (50 - forward(work.segments)), 6)
    expect(at(1e9, null)).toBeNull()
  })

  it('grows with adapters', () => {
    const work = composeWork(COMPOSE)
    const rank = (linear: string) => (linear.endsWith('qkv') ? 128 : 0)
    const more =
      (workSeconds(SIZES, work, rank, SPEED, 0) ?? 0) - (workSeconds(SIZES, work, NO_LORA, SPEED, 0) ?? 0)
    expect(more).toBeCloseTo((2 * 25 * 19 * tokens(work.segments) * 128 * (3072 + 3 * 3072)) / 8e12, 6)
  })

  it('is told for typical pictures of either mode', () => {
    const [full, turbo] = placeTypical(SPEED)
    expect(full.label).toContain('28 steps')
    expect(full.seconds).toBeGreaterThan(28 * forward(placeWork(PLACE).segments))
    expect(full.seconds / turbo.seconds).toBeGreaterThan(2)
    const [one, two] = composeTypical(SPEED)
    expect(two.seconds).toBeGreaterThan(2 * one.seconds)
  })
})

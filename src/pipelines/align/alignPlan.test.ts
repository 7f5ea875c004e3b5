import { describe, expect, it } from 'vitest'

import { unetFlops } from '@/nets/unet/unetMemory'
import { vaeFlops } from '@/nets/vae/vae'
import { alignSeconds } from '@/pipelines/align/alignPlan'
import type { AlignSet } from '@/pipelines/align/alignSet'
import { emptyDocument } from '@/schema/document'
import type { AlignStart } from '@/schema/modes/align'
import type { UnetConfig, VaeConfig } from '@/schema/pack'

const unet: UnetConfig = {
  inChannels: 4,
  outChannels: 4,
  channels: [32, 64],
  heads: [1, 2],
  attention: [true, false],
  resnets: 1,
  contextDim: 48,
  groups: 8,
  prediction: 'epsilon',
}
const vae = { latentChannels: 4, channels: [16, 32], resnets: 1, groups: 8 } as unknown as VaeConfig
const set = {
  unet: { manifest: { config: unet } },
  vae: { manifest: { config: vae } },
} as unknown as AlignSet

const SPEED = { linearTflops: 0.5, attentionTflops: 0.1, diskGBps: null }
const align = { ...emptyDocument('d').align.settings, width: 128, height: 64, steps: 10, guidance: 7.5 }
const seed: AlignStart = { kind: 'seed', seed: '1' }
const picture: AlignStart = {
  kind: 'picture',
  asset: { hash: 'a'.repeat(64), name: 'a.png', width: 9, height: 9 },
}

describe("the seconds of Align's run", () => {
  const size = { width: 128, height: 64 }
  const forward = unetFlops(unet, 32, 64, 77)
  const decoded = 3 * vaeFlops(vae, 'decoder', size)
  /** A clean latent, one forward for its first noise and at most four for every step. */
  const inverted = vaeFlops(vae, 'encoder', size) + (1 + 4 * 10) * forward
  const seconds = (base: AlignStart, reference: AlignStart, guidance = 7.5) =>
    alignSeconds(set, { align: { ...align, guidance }, base, reference }, SPEED)
  const flops = (count: number) => count / 1e12 / 0.5

  it('are three passes from seeds, twice under guidance', () => {
    expect(seconds(seed, seed)).toBeCloseTo(flops(60 * forward + decoded), 12)
    expect(seconds(seed, seed, 1)).toBeCloseTo(flops(30 * forward + decoded), 12)
  })

  it('count the inversion of pictures, as base and as reference', () => {
    const one = flops(60 * forward + decoded + inverted)
    expect(seconds(picture, seed)).toBeCloseTo(one, 12)
    expect(seconds(seed, picture)).toBeCloseTo(one, 12)
  })

  it('count no guidance where both are pictures', () => {
    expect(seconds(picture, picture)).toBeCloseTo(flops(30 * forward + decoded + 2 * inverted), 12)
  })
})

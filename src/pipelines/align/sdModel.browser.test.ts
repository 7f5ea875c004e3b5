/** Align on a tiny Stable Diffusion made of waves: phases, scores, sizes, memory; both backends agree. */
import { afterEach, describe, expect, it } from 'vitest'

import { createBackend } from '@/backend/create'
import type { Backend } from '@/backend/types'
import { f16ToF32, f32ToF16 } from '@/base/half'
import { align } from '@/pipelines/align/align'
import { sampleGallery } from '@/pipelines/align/alignGallery'
import type { SampledCandidate } from '@/pipelines/align/report'
import type { AlignSet } from '@/pipelines/align/alignSet'
import { SdModel } from '@/pipelines/align/sdModel'
import { CLIP_PIECES, clipTokenizer } from '@/pipelines/flux/testFlux'
import { pack, testPicture, WAVES } from '@/pipelines/shared/testPacks'
import {
  defaultAlignSettings,
  type AlignRecipe,
  type AlignSettings,
  type SampleRecipe,
} from '@/schema/modes/align'
import type { WeightSource } from '@/weights/formats/source'

const runtimeUrl = new URL('/ort/', location.href).href
const PROMPT = 'a cat, on mats'

/** Convolutions as an imported pack has them: halves. */
const HALVES: WeightSource = {
  ...WAVES,
  tensor: async (name, shape) => {
    const values = await WAVES.tensor(name, shape)
    return shape.length === 4 ? f16ToF32(f32ToF16(values)) : values
  },
  halves: async (name, shape) => f32ToF16(await WAVES.tensor(name, shape)),
}

const text = {
  width: 20,
  heads: 2,
  layers: 1,
  mlp: 40,
  vocabulary: CLIP_PIECES.length,
  positions: 77,
  activation: 'gelu',
  projection: null,
} as const

const tinySd = (fewSteps = false): AlignSet => ({
  unet: pack(
    'unet',
    {
      inChannels: 4,
      outChannels: 4,
      channels: [32, 32, 64, 64],
      heads: [2, 2, 4, 4],
      attention: [true, true, true, false],
      resnets: 1,
      contextDim: text.width,
      groups: 8,
      prediction: 'epsilon',
      fewSteps,
    },
    { source: HALVES },
  ),
  vae: pack('vae', {
    latentChannels: 4,
    channels: [4, 4, 8, 8],
    resnets: 1,
    groups: 2,
    quantConvs: false,
    scaling: 0.18215,
    shift: 0,
  }),
  text: pack('clipText', text),
  tokenizer: clipTokenizer(),
  scorer: pack('clip', {
    text: { ...text, projection: 16 },
    vision: {
      width: 24,
      heads: 2,
      layers: 1,
      mlp: 32,
      image: 28,
      patch: 14,
      activation: 'gelu',
      projection: 16,
    },
  }),
  adapters: [],
})

const settings = (own: Partial<AlignSettings> = {}): AlignSettings => ({
  ...defaultAlignSettings(),
  width: 128,
  height: 96,
  steps: 2,
  guidance: 5,
  maps: 'code',
  layers: { first: 3, last: 6 },
  fused: { first: 0, last: 1 },
  ...own,
})

const model = { name: 'tiny', hash: '', parts: [] }
const asset = { hash: '0'.repeat(64), name: 'mine', width: 90, height: 70 }

const sample = (starts: SampleRecipe['starts']): SampleRecipe => ({
  model,
  prompt: PROMPT,
  starts,
  align: settings(),
})

const fusion = (own: Partial<AlignRecipe> = {}): AlignRecipe => ({
  schema: 2,
  mode: 'align',
  model,
  prompt: PROMPT,
  // "cat": every letter is a token, so its columns are several.
  words: [{ index: 1, threshold: 0.03 }],
  base: { kind: 'seed', seed: '3' },
  reference: { kind: 'seed', seed: '4' },
  align: settings(),
  ...own,
})

const quiet = () => ({ onProgress: () => undefined, signal: new AbortController().signal })

let open: { backend: Backend; sd: SdModel } | null = null

async function start(name: 'cpu' | 'webgpu', keepAll = false, fewSteps = false): Promise<SdModel> {
  const { backend } = await createBackend(name, runtimeUrl)
  open = { backend, sd: new SdModel(backend, tinySd(fewSteps), { keepAll }) }
  return open.sd
}

afterEach(async () => {
  open?.sd.dispose()
  expect(open?.backend.memory().residentBytes).toBe(0)
  await open?.backend.dispose()
  open = null
})

describe('Align on Stable Diffusion', () => {
  it('reads words as the tokens that they add', async () => {
    const sd = await start('cpu')
    expect(await sd.columnsOf(PROMPT)).toEqual([[1], [2, 3, 4], [6, 7], [8, 9, 10, 11]])
  })

  it('announces candidates at once and scores them when the U-Net has gone', async () => {
    const sd = await start('cpu')
    const made: SampledCandidate[] = []
    const recipe = sample([
      { kind: 'seed', seed: '3' },
      { kind: 'picture', asset },
    ])
    await sampleGallery(sd, { recipe, pictures: [testPicture(90, 70, 1)] }, quiet(), (one) => made.push(one))
    expect(made.map(({ index, score }) => [index, score !== null])).toEqual([
      [0, false],
      [1, false],
      [0, true],
      [1, true],
    ])
    const [seeded, inverted] = made
    expect([seeded.image.width, seeded.image.height]).toEqual([128, 96])
    expect(seeded.reconstruction).toBeNull()
    expect(inverted.reconstruction).toBeGreaterThan(0)
    // Latents 12 x 16; the maps have a quarter of that.
    expect(seeded.maps).toMatchObject({ rows: 3, columns: 4, words: 4 })
    expect(seeded.maps.steps).toHaveLength(2)
    expect(seeded.maps.steps[0].every((share) => share > 0 && share < 1)).toBe(true)
  }, 300_000)

  it('scores at once where all fits, and takes a picture as the reference', async () => {
    const sd = await start('cpu', true)
    const recipe = fusion({ reference: { kind: 'picture', asset } })
    const { image, record } = await align(sd, { recipe, pictures: [testPicture(90, 70, 1)] }, quiet())
    expect([image.width, image.height]).toEqual([128, 96])
    expect(record.scores?.target).toBeGreaterThanOrEqual(-1)
    expect(record.reconstruction.base).toBeNull()
    expect(record.reconstruction.reference).toBeGreaterThan(0)
    expect(record.trajectories.reference.logProbability).toBeNull()
    expect(record.trajectories.target.logProbability).toHaveLength(2)
    expect(record.latent).toEqual({ channels: 4, rows: 12, columns: 16 })
    expect(record.frames[0].target).toMatchObject({ width: 16, height: 12 })
    // Keys and values, two branches, halves: middle 2x2 of 64; up 3x4 of 64, 6x8 and 12x16 of 32, two attentions each.
    expect(record.keptBytes).toBe(2 * 2 * 2 * (4 * 64 + 2 * (12 * 64 + 48 * 32 + 192 * 32)))
  }, 300_000)

  it('works without guidance too, as SD-Turbo does', async () => {
    const sd = await start('cpu', false, true)
    expect(sd.ddim(4).timesteps).toEqual([999, 749, 499, 249])
    const recipe = fusion({ align: settings({ guidance: 1 }) })
    const { record } = await align(sd, { recipe, pictures: [] }, quiet())
    expect(record.keptBytes).toBe(2 * 2 * (4 * 64 + 2 * (12 * 64 + 48 * 32 + 192 * 32)))
  }, 300_000)

  it('is the same on both backends, with convolutions as halves on the GPU', async () => {
    const targets: Float32Array[] = []
    for (const name of ['cpu', 'webgpu'] as const) {
      const sd = await start(name)
      const recipe = fusion({ align: settings({ width: 64, height: 64 }) })
      const { record } = await align(sd, { recipe, pictures: [] }, quiet())
      targets.push(record.trajectories.target.latents)
      sd.dispose()
      if (name === 'cpu') await open?.backend.dispose()
    }
    const worst = targets[0].reduce((most, x, i) => Math.max(most, Math.abs(x - targets[1][i])), 0)
    expect(worst).toBeLessThan(5e-3)
  }, 600_000)
})

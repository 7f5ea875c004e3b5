/** Align's pipeline against PyTorch on a tiny model, on both backends (training/unet/fixture.py writes the numbers). */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'

import { createBackend } from '@/backend/create'
import type { Backend } from '@/backend/types'
import type { Raster } from '@/base/geometry'
import { align, isAdopted } from '@/pipelines/align/align'
import { sampleGallery } from '@/pipelines/align/alignGallery'
import type { SampledCandidate } from '@/pipelines/align/report'
import type { AlignModel } from '@/pipelines/align/alignModel'
import { meanError } from '@/pipelines/align/alignSession'
import { fitPicture } from '@/pipelines/shared/fitPicture'
import { loadPainter } from '@/pipelines/align/painterModel'
import type { AlignRecipe, AlignSettings } from '@/schema/modes/align'
import { openPack, readPack } from '@/weights/packs/pack'
import { parseSafetensors, toFloat32 } from '@/weights/formats/safetensors'

const runtimeUrl = new URL('/ort/', location.href).href
const folder = new URL('/src/pipelines/fixtures/painter-tiny/', location.href).href

interface Case {
  prompt: string
  words: number[]
  thresholds: number[]
  reference: number
  base: number
  steps: number
  guidance: number
  eta: number
  layers: [number, number]
  fused: [number, number]
  keptBytesF16: number
}

const json = async <T>(name: string): Promise<T> => (await (await fetch(folder + name)).json()) as T
const nothing = { onProgress: () => undefined, signal: new AbortController().signal }

let golden: Case
let expected: Map<string, Float32Array>

beforeAll(async () => {
  golden = await json<Case>('case.json')
  const bytes = new Uint8Array(await (await fetch(`${folder}expected.safetensors`)).arrayBuffer())
  expected = new Map(
    [...parseSafetensors(bytes, 'expected')].map(([name, tensor]) => [name, toFloat32(tensor)]),
  )
})

const of = (name: string): Float32Array => expected.get(name) ?? new Float32Array()

function settings(): AlignSettings {
  const [firstLayer, lastLayer] = golden.layers
  const [first, last] = golden.fused
  return {
    width: 64,
    height: 64,
    steps: golden.steps,
    guidance: golden.guidance,
    eta: golden.eta,
    union: 'or',
    maps: 'code',
    layers: { first: firstLayer, last: lastLayer },
    fused: { first, last },
    fusion: 'keys',
    adoption: 1,
    noise: 'torch',
  }
}

const recipe = (): AlignRecipe => ({
  schema: 2,
  mode: 'align',
  model: { name: 'tiny', hash: '', parts: [] },
  prompt: golden.prompt,
  words: golden.words.map((index, i) => ({ index, threshold: golden.thresholds[i] })),
  base: { kind: 'seed', seed: String(golden.base) },
  reference: { kind: 'seed', seed: String(golden.reference) },
  align: settings(),
})

const largest = (a: ArrayLike<number>, b: ArrayLike<number>): number => {
  expect(a.length).toBe(b.length)
  return Array.from(a).reduce((worst, value, i) => Math.max(worst, Math.abs(value - b[i])), 0)
}

describe.each(['cpu', 'webgpu'] as const)('Align on %s', (name) => {
  let backend: Backend
  let model: AlignModel

  beforeAll(async () => {
    backend = (await createBackend(name, runtimeUrl)).backend
    const pack = await openPack(folder, 'painter')
    model = await loadPainter(backend, pack.manifest, pack.hash, await readPack(pack, () => undefined))
  }, 120_000)

  afterAll(async () => {
    model.dispose()
    await backend.dispose()
  })

  it('makes what PyTorch makes: latents, maps, masks, log-densities, picture and scores', async () => {
    const { image, record } = await align(model, { recipe: recipe(), pictures: [] }, nothing)
    for (const run of ['reference', 'base', 'target'] as const) {
      const { latents } = record.trajectories[run]
      // Keys wait as halves for the target; the others are f32 throughout.
      expect(largest(latents.slice(-of(run).length), of(run))).toBeLessThan(run === 'target' ? 5e-3 : 2e-3)
    }
    const maps = of('maps') // [steps, cells, chosen words]
    const cells = record.maps.rows * record.maps.columns
    const chosen = record.maps.steps.flatMap((map) =>
      Array.from({ length: cells }, (_, cell) =>
        golden.words.map((word) => map[cell * record.maps.words + word]),
      ).flat(),
    )
    expect(largest(chosen, maps)).toBeLessThan(1e-4)
    record.frames.forEach(({ mask }, step) => {
      const active = step >= golden.fused[0] && step <= golden.fused[1]
      if (!active) return expect(mask).toBeNull()
      expect(Array.from(mask ?? [])).toEqual(Array.from(of('masks').slice(step * cells, (step + 1) * cells)))
    })
    expect(largest(record.trajectories.target.logProbability ?? [], of('logp'))).toBeLessThan(2e-2)
    expect(record.keptBytes).toBe(golden.keptBytesF16)
    const pixels = Array.from({ length: 3 }, (_, c) =>
      Array.from({ length: 4096 }, (__, i) => image.data[4 * i + c]),
    )
    expect(largest(pixels.flat(), of('image'))).toBeLessThanOrEqual(2)
    const { reference, base, target } = record.scores ?? { reference: 0, base: 0, target: 0 }
    expect(largest([reference, base, target], of('scores'))).toBeLessThan(5e-3)
    expect(record.adopted).toBe(isAdopted({ reference, base, target }, 1))
  }, 300_000)

  it('gives the same pictures in the gallery, and the base itself where nothing is fused', async () => {
    const candidates: SampledCandidate[] = []
    const { prompt, model: ref, align: own, base, reference } = recipe()
    const job = { recipe: { prompt, model: ref, align: own, starts: [reference, base] }, pictures: [] }
    await sampleGallery(model, job, nothing, (one) => candidates.push(one))
    expect(candidates.map(({ index }) => index)).toEqual([0, 1])
    expect(
      largest([candidates[0].score ?? 0, candidates[1].score ?? 0], of('scores').slice(0, 2)),
    ).toBeLessThan(5e-3)

    const untouched = { ...recipe(), words: [{ index: 1, threshold: 1 }] }
    const { image, record } = await align(model, { recipe: untouched, pictures: [] }, nothing)
    expect(image.data).toEqual(record.base.data)
    expect(record.base.data).toEqual(candidates[1].image.data)
  }, 300_000)
})

describe('pictures instead of seeds, on cpu', () => {
  it('come back from their inversion, and are refused where they are missing', async () => {
    const { backend } = await createBackend('cpu', runtimeUrl)
    const pack = await openPack(folder, 'painter')
    const model = await loadPainter(backend, pack.manifest, pack.hash, await readPack(pack, () => undefined))
    const { prompt, model: ref, align: own } = recipe()
    const picture = softPicture(96, 80)
    const start = {
      kind: 'picture',
      asset: { hash: '0'.repeat(64), name: 'p', width: 96, height: 80 },
    } as const
    const stages: string[] = []
    const context = {
      ...nothing,
      onProgress: (progress: { kind: string }) => void stages.push(progress.kind),
    }
    const made: SampledCandidate[] = []
    const sample = { prompt, model: ref, align: { ...own, steps: 10 }, starts: [start] }
    await sampleGallery(model, { recipe: sample, pictures: [picture] }, context, (one) => made.push(one))
    expect(stages).toContain('stage')
    // This model's latent keeps a third of a picture: what counts is what inversion adds to that.
    const fitted = fitPicture(picture, { width: 64, height: 64 })
    const kept = await model.decode(await model.encode(fitted, nothing.signal), 16, 16, nothing.signal)
    expect(meanError(made[0].image, kept)).toBeLessThan(0.01)
    expect(made[0].reconstruction).toBeCloseTo(meanError(made[0].image, fitted), 6)
    const work = align(model, { recipe: { ...recipe(), base: start }, pictures: [] }, nothing)
    await expect(work).rejects.toThrow(/bad-recipe/)
    model.dispose()
    await backend.dispose()
  }, 300_000)
})

function softPicture(width: number, height: number): Raster {
  const data = new Uint8ClampedArray(4 * width * height).fill(255)
  for (let y = 0; y < height; y++)
    for (let x = 0; x < width; x++)
      data.set([128 + 80 * Math.sin(x / 20), 128 + 80 * Math.cos(y / 17), 90 + x], 4 * (y * width + x))
  return { width, height, data }
}

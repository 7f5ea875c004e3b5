/** Align's pipeline against PyTorch on tiny models, on both backends (training/unet/fixture.py, painter/fixture.py write the numbers). */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'

import { createBackend } from '@/backend/create'
import type { Backend } from '@/backend/types'
import type { Raster } from '@/base/geometry'
import { align, isAdopted } from '@/pipelines/align/align'
import { sampleGallery } from '@/pipelines/align/alignGallery'
import type { SampledCandidate } from '@/pipelines/align/report'
import { meanError } from '@/pipelines/align/alignSession'
import { fitPicture } from '@/pipelines/shared/fitPicture'
import { loadPainter } from '@/pipelines/align/painterModel'
import { painterU } from '@/pipelines/align/painterU'
import { Painter2 } from '@/pipelines/painter/painter2'
import type { AlignRecipe, AlignSettings } from '@/schema/modes/align'
import { openPack, readPack } from '@/weights/packs/pack'
import { parseSafetensors, toFloat32 } from '@/weights/formats/safetensors'

const runtimeUrl = new URL('/ort/', location.href).href

/** Tiny models, and pixels per side of their pictures. */
const MODELS = { painter: 64, painter2: 128 } as const
type Family = keyof typeof MODELS

/** Cells of their latents, along a side. */
const CELLS = 16

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

const nothing = { onProgress: () => undefined, signal: new AbortController().signal }
const folderOf = (family: Family): string =>
  new URL(`/src/pipelines/fixtures/${family}-tiny/`, location.href).href

async function caseOf(family: Family) {
  const folder = folderOf(family)
  const golden = (await (await fetch(`${folder}case.json`)).json()) as Case
  const bytes = new Uint8Array(await (await fetch(`${folder}expected.safetensors`)).arrayBuffer())
  const expected = parseSafetensors(bytes, 'expected')
  const of = (name: string): Float32Array => {
    const tensor = expected.get(name)
    if (!tensor) throw new Error(`the case lacks ${name}`)
    return toFloat32(tensor)
  }
  return { golden, of, recipe: recipeOf(golden, MODELS[family]) }
}

function settingsOf(golden: Case, side: number): AlignSettings {
  const [firstLayer, lastLayer] = golden.layers
  const [first, last] = golden.fused
  return {
    width: side,
    height: side,
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

const recipeOf = (golden: Case, side: number): AlignRecipe => ({
  schema: 2,
  mode: 'align',
  model: { name: 'tiny', hash: '', parts: [] },
  prompt: golden.prompt,
  words: golden.words.map((index, i) => ({ index, threshold: golden.thresholds[i] })),
  base: { kind: 'seed', seed: String(golden.base) },
  reference: { kind: 'seed', seed: String(golden.reference) },
  align: settingsOf(golden, side),
})

async function load(family: Family, name: 'cpu' | 'webgpu') {
  const { backend } = await createBackend(name, runtimeUrl)
  const pack = await openPack(folderOf(family), family)
  const { manifest, hash } = pack
  const source = await readPack(pack, () => undefined)
  if (manifest.family === 'painter') {
    const model = await loadPainter(backend, manifest, hash, source)
    return { model, close: () => closed(model, backend) }
  }
  const painter = new Painter2(backend, manifest, hash, source)
  return { model: painterU(painter), close: () => closed(painter, backend) }
}

async function closed(model: { dispose(): void }, backend: Backend): Promise<void> {
  model.dispose()
  await backend.dispose()
}

const largest = (a: ArrayLike<number>, b: ArrayLike<number>): number => {
  expect(a.length).toBe(b.length)
  return Array.from(a).reduce((worst, value, i) => Math.max(worst, Math.abs(value - b[i])), 0)
}

const ALL = (['painter', 'painter2'] as const).flatMap((family) =>
  (['cpu', 'webgpu'] as const).map((backend) => ({ family, backend })),
)

describe.each(ALL)('Align with a tiny $family on $backend', ({ family, backend }) => {
  let open: Awaited<ReturnType<typeof load>>

  beforeAll(async () => {
    open = await load(family, backend)
  }, 120_000)

  afterAll(() => open.close())

  it('makes what PyTorch makes: latents, maps, masks, log-densities, picture and scores', async () => {
    const { golden, of, recipe } = await caseOf(family)
    const { image, record } = await align(open.model, { recipe, pictures: [] }, nothing)
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
      Array.from({ length: MODELS[family] ** 2 }, (__, i) => image.data[4 * i + c]),
    )
    expect(largest(pixels.flat(), of('image'))).toBeLessThanOrEqual(2)
    const { reference, base, target } = record.scores ?? { reference: 0, base: 0, target: 0 }
    expect(largest([reference, base, target], of('scores'))).toBeLessThan(5e-3)
    expect(record.adopted).toBe(isAdopted({ reference, base, target }, 1))
  }, 300_000)

  it('gives the same pictures in the gallery, and the base itself where nothing is fused', async () => {
    const candidates: SampledCandidate[] = []
    const { of, recipe } = await caseOf(family)
    const { prompt, model: ref, align: own, base, reference } = recipe
    const job = { recipe: { prompt, model: ref, align: own, starts: [reference, base] }, pictures: [] }
    await sampleGallery(open.model, job, nothing, (one) => candidates.push(one))
    expect(candidates.map(({ index }) => index)).toEqual([0, 1])
    expect(
      largest([candidates[0].score ?? 0, candidates[1].score ?? 0], of('scores').slice(0, 2)),
    ).toBeLessThan(5e-3)

    const untouched = { ...recipe, words: [{ index: 1, threshold: 1 }] }
    const { image, record } = await align(open.model, { recipe: untouched, pictures: [] }, nothing)
    expect(image.data).toEqual(record.base.data)
    expect(record.base.data).toEqual(candidates[1].image.data)
  }, 300_000)
})

describe.each(['painter', 'painter2'] as const)(
  'pictures instead of seeds, with a tiny %s on cpu',
  (family) => {
    it('come back from their inversion, and are refused where they are missing', async () => {
      const { model, close } = await load(family, 'cpu')
      const { recipe } = await caseOf(family)
      const { prompt, model: ref, align: own } = recipe
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
      // A random latent keeps little of a picture: what counts is what inversion adds to that.
      const fitted = fitPicture(picture, { width: MODELS[family], height: MODELS[family] })
      const latent = await model.encode(fitted, nothing.signal)
      const kept = await model.decode(latent, CELLS, CELLS, nothing.signal)
      expect(meanError(made[0].image, kept)).toBeLessThan(0.02)
      expect(made[0].reconstruction).toBeCloseTo(meanError(made[0].image, fitted), 6)
      const work = align(model, { recipe: { ...recipe, base: start }, pictures: [] }, nothing)
      await expect(work).rejects.toThrow(/bad-recipe/)
      await close()
    }, 300_000)
  },
)

function softPicture(width: number, height: number): Raster {
  const data = new Uint8ClampedArray(4 * width * height).fill(255)
  for (let y = 0; y < height; y++)
    for (let x = 0; x < width; x++)
      data.set([128 + 80 * Math.sin(x / 20), 128 + 80 * Math.cos(y / 17), 90 + x], 4 * (y * width + x))
  return { width, height, data }
}

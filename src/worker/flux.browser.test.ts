import { afterAll, beforeAll, describe, expect, it } from 'vitest'

// The tiny models are the end-to-end tests' too.
// eslint-disable-next-line no-restricted-imports
import { dreamFuseSet, dreamoSet, mixSet, type ModelFiles } from '../../e2e/tinyModels'
import type { Raster } from '@/base/geometry'
import type { ModelPart } from '@/schema/modelRef'
import type { ComposeSettings } from '@/schema/modes/compose'
import { defaultMixSettings, type MixRecipe } from '@/schema/modes/mix'
import type { PlaceRecipe } from '@/schema/modes/place'
import { Engine } from '@/worker/engine'
import { Librarian } from '@/worker/librarian'
import type {
  ExtraEvent,
  FuseEvent,
  FuseJob,
  ImportEvent,
  InstalledModel,
  ReportOf,
  TriedMixture,
  WantedTrials,
} from '@/worker/protocol'

const runtimeUrl = new URL('/ort/', location.href).href
const packUrls = {
  painter: new URL('/src/pipelines/fixtures/painter-tiny/', location.href).href,
  painter2: null,
  scene: new URL('/src/pipelines/fixtures/scene-tiny/', location.href).href,
  geometry: new URL('/src/pipelines/fixtures/geometry-tiny/', location.href).href,
  cutout: new URL('/src/pipelines/fixtures/cutout-tiny/', location.href).href,
}

const librarian = new Librarian()

const asFiles = (files: ModelFiles): File[] =>
  Object.entries(files).map(([name, bytes]) => new File([bytes], name))

async function install(files: ModelFiles): Promise<InstalledModel> {
  const events: ImportEvent[] = []
  const request = {
    id: crypto.randomUUID(),
    source: { kind: 'files' as const, files: asFiles(files) },
    precision: 'q8' as const,
    name: '',
    role: null,
  }
  await librarian.importModel(request, (event) => events.push(event))
  const last = events.at(-1)
  if (last?.kind !== 'done') throw new Error(JSON.stringify(last))
  return last.model
}

const part = ({ family, name, hash }: InstalledModel): ModelPart => ({ family, name, hash, weight: 1 })

function raster(width: number, height: number, pixel: (x: number, y: number) => number[]): Raster {
  const data = new Uint8ClampedArray(4 * width * height)
  for (let y = 0; y < height; y++) for (let x = 0; x < width; x++) data.set(pixel(x, y), 4 * (y * width + x))
  return { width, height, data }
}

const asset = (name: string, { width, height }: Raster) => ({ hash: '0'.repeat(64), name, width, height })
// The narrowest bucket keeps the sequence short.
const background = () => raster(256, 96, (x, y) => [x % 256, 2 * y, 99, 255])
const disc = () => raster(50, 40, (x, y) => [220, 30, 30, Math.hypot(x - 25, y - 20) < 18 ? 255 : 0])

function placeJob(parts: ModelPart[], steps = 2): FuseJob {
  const recipe: PlaceRecipe = {
    schema: 2,
    mode: 'place',
    model: { name: 'FLUX', hash: '', parts },
    background: asset('b', background()),
    foregrounds: [
      {
        asset: asset('f', disc()),
        box: { x: 90, y: 30, width: 60, height: 50 },
        stretch: false,
        rotationDegrees: 0,
        flipX: false,
      },
    ],
    prompt: '',
    seed: '3',
    steps,
    strength: 1,
    flux: {
      size: 512,
      guidance: 3.5,
      textStrength: 1,
      noise: 'philox',
      detail: 0,
      guessUnder: 0,
      refreshEvery: 1,
    },
  }
  return { id: crypto.randomUUID(), recipe, rasters: [background(), disc()] }
}

const COMPOSE: ComposeSettings = {
  width: 256,
  height: 256,
  steps: 2,
  guidance: 4.5,
  firstStepGuidance: 0,
  trueCfg: 1,
  cfgStart: 0,
  cfgEnd: 0,
  negativePrompt: '',
  negativeGuidance: 3.5,
  referenceSize: 256,
  noise: 'philox',
  refreshEvery: 1,
}

function composeJob(parts: ModelPart[], compose: Partial<ComposeSettings> = {}): FuseJob {
  const pictures = [disc(), background()]
  const references = pictures.map((picture, i) => ({
    asset: asset(`r${i}`, picture),
    role: i === 0 ? ('subject' as const) : ('style' as const),
    face: null,
  }))
  return {
    id: crypto.randomUUID(),
    recipe: {
      schema: 2,
      mode: 'compose',
      model: { name: 'FLUX', hash: '', parts },
      references,
      prompt: 'a [ref#1] in the style of [ref#2]',
      seed: '5',
      compose: { ...COMPOSE, ...compose },
    },
    rasters: pictures,
  }
}

async function run(engine: Engine, job: FuseJob, on: (event: FuseEvent) => void = () => undefined) {
  const events: FuseEvent[] = []
  await engine.fuse(job, (event) => {
    events.push(event)
    on(event)
  })
  const last = events.at(-1)
  if (!last) throw new Error('no events')
  return { events, last }
}

async function done(engine: Engine, job: FuseJob) {
  const { last } = await run(engine, job)
  if (last.kind !== 'done') throw new Error(JSON.stringify(last))
  return last
}

const spread = ({ data }: Raster): number => {
  let low = 255
  let high = 0
  for (let i = 0; i < data.length; i += 4) {
    low = Math.min(low, data[i])
    high = Math.max(high, data[i])
  }
  return high - low
}

async function started(): Promise<Engine> {
  const engine = new Engine()
  await engine.start({ backend: 'cpu', packUrls, runtimeUrl })
  return engine
}

let place: ModelPart[] = []
let compose: ModelPart[] = []
const mix: ModelPart[] = []

beforeAll(async () => {
  const all: InstalledModel[] = []
  for (const files of dreamFuseSet()) all.push(await install(files))
  place = all.map(part)
  const more: InstalledModel[] = []
  for (const files of dreamoSet()) more.push(await install(files))
  compose = more.map(part)
  for (const files of mixSet()) mix.push(part(await install(files)))
}, 300_000)

afterAll(async () => {
  const listed = await librarian.list()
  if (listed.ok) for (const { id } of listed.value) await librarian.remove(id)
})

describe('imported models in the engine', () => {
  it('place a cut-out with DreamFuse, twice the same, and the second time without T5', async () => {
    const engine = await started()
    const first = await done(engine, placeJob(place))
    expect([first.image.width, first.image.height]).toEqual([256, 96])
    expect(spread(first.image)).toBeGreaterThan(20)
    expect(first.image.data).not.toEqual(background().data)
    // The prompt is kept: T5 itself is not needed again.
    const listed = await librarian.list()
    const t5 = listed.ok ? listed.value.find(({ family }) => family === 't5') : undefined
    expect(t5).toBeDefined()
    const again = await done(await started(), placeJob(place))
    expect(again.image.data).toEqual(first.image.data)
  }, 300_000)

  it('compose from two references and say who read from whom', async () => {
    const engine = await started()
    const { image, report } = await done(engine, composeJob(compose))
    const maps = report as ReportOf<'compose'>
    expect([image.width, image.height]).toEqual([256, 256])
    expect(spread(image)).toBeGreaterThan(20)
    expect(maps?.references).toHaveLength(2)
    expect(maps && [maps.rows, maps.columns]).toEqual([16, 16])
    const share = maps?.references[0] ?? new Float32Array(0)
    expect(share).toHaveLength(256)
    expect(Math.max(...share)).toBeLessThanOrEqual(1)
    expect(Math.min(...share)).toBeGreaterThan(0)
  }, 300_000)

  it('give the same picture streamed as resident, and say before what will happen', async () => {
    const engine = await started()
    const job = composeJob(compose, { trueCfg: 2, cfgStart: 0, cfgEnd: 1, negativePrompt: 'blue' })
    const resident = await engine.plan(job.recipe, 8e9)
    expect(resident.verdict).toBe('resident')
    // Between what streams and what stays there is little room in a model this small: search for it.
    const whole = resident.residentBytes + resident.activationBytes
    const streamed = await engine.plan(job.recipe, whole - 1)
    expect(['stream', 'too-large']).toContain(streamed.verdict)
    const first = await done(engine, job)
    if (streamed.verdict === 'stream') {
      const second = await done(await started(), { ...job, memoryBytes: whole - 1 })
      expect(second.image.data).toEqual(first.image.data)
    }
    const tiny = await engine.plan(job.recipe, 1e6)
    expect(tiny.verdict).toBe('too-large')
    const { last } = await run(engine, { ...job, memoryBytes: 1e6 })
    expect(last.kind === 'failed' && last.problem.code).toBe('out-of-memory')
  }, 300_000)

  it('stop in the middle and go on afterwards', async () => {
    const engine = await started()
    const job = placeJob(place, 20)
    const { last } = await run(engine, job, (event) => {
      if (event.kind === 'step' && event.step === 1) engine.cancel(job.id)
    })
    expect(last.kind).toBe('cancelled')
    await done(engine, placeJob(place, 1))
  }, 300_000)

  it('name what is not installed', async () => {
    const engine = await started()
    const without = place.filter(({ family }) => family !== 'vae')
    const { last } = await run(engine, placeJob(without))
    expect(last.kind === 'failed' && last.problem.code).toBe('missing-asset')
    expect(last.kind === 'failed' && last.problem.message).toContain('VAE')
    // Without packs it is the built-in model that is asked for, which these tests do not have.
    expect((await run(engine, composeJob([]))).last).toMatchObject({
      kind: 'failed',
      problem: { code: 'missing-asset', message: 'Inlay Painter 2 does not come with this studio.' },
    })
  }, 300_000)
})

const mixRecipe = (change: Partial<MixRecipe> = {}): MixRecipe => ({
  schema: 2,
  mode: 'mix',
  model: { name: 'FLUX', hash: '', parts: mix },
  objects: [
    { asset: { ...asset('a', disc()), hash: 'a'.repeat(64) }, label: 'red ball' },
    { asset: { ...asset('b', background()), hash: 'b'.repeat(64) }, label: 'room' },
  ],
  prompt: 'A photo of a ball fused with a room.',
  seed: '5',
  point: { shares: [0.5, 0.5], strengths: [1, 1], round: 0 },
  mix: { ...defaultMixSettings(), size: 256, steps: 2 },
  search: null,
  ...change,
})
const objects = () => [disc(), background()]

describe('Mix on imported models', () => {
  const trials = async (
    engine: Engine,
    wanted: WantedTrials,
    on: (made: number) => void = () => undefined,
  ) => {
    const made: TriedMixture[] = []
    let last: ExtraEvent<'mixtures'> | undefined
    const recipe = { recipe: mixRecipe(), wanted, known: [] }
    await engine.extra({ kind: 'mixtures', id: 'trials', recipe, rasters: objects() }, (event) => {
      last = event as ExtraEvent<'mixtures'>
      if (last.kind === 'item' && 'judgement' in last.item) made.push(last.item)
      if (last.kind === 'item') on(made.length)
    })
    return { made, last: last! }
  }
  const mixed = async (engine: Engine, change: Partial<MixRecipe> = {}) => {
    const { image, report } = await done(engine, { id: 'mix', recipe: mixRecipe(change), rasters: objects() })
    return { image, report: report as ReportOf<'mix'> }
  }

  it('makes a picture of two objects, judges it, and the same in a draft', async () => {
    const engine = await started()
    const { image, report } = await mixed(engine)
    expect([image.width, image.height]).toEqual([256, 256])
    expect(spread(image)).toBeGreaterThan(20)
    expect(report.judgement?.likeness).toHaveLength(2)
    expect(report.judgement?.crops.objects[0]).toBe('outline')
    expect(report.judgement?.range.measured).toBe(true)
    expect(report.tokens).toBe(9)
    const point = mixRecipe().point
    const { made, last } = await trials(engine, { kind: 'points', points: [point] })
    expect(last.kind).toBe('done')
    expect(made[0].image.data).toEqual(image.data)
    expect(made[0].judgement).toEqual(report.judgement)
    const other = await mixed(engine, { point: { ...point, shares: [0.2, 0.8] } })
    expect(other.image.data).not.toEqual(image.data)
    // A place that is all of the picture shows one object alone: the mixture that has nothing of the other.
    const box = { x: 0, y: 0, width: 1, height: 1 }
    const all = { ...mixRecipe().mix, places: [{ object: 1, box }] }
    const placed = await mixed(engine, { mix: all })
    const alone = await mixed(engine, { point: { ...point, shares: [0, 1] } })
    const worst = placed.image.data.reduce(
      (most, value, i) => Math.max(most, Math.abs(value - alone.image.data[i])),
      0,
    )
    expect(worst).toBeLessThanOrEqual(1)
  }, 300_000)

  it('searches, and stops in the middle with what is there', async () => {
    const engine = await started()
    const { made, last } = await trials(engine, { kind: 'search', rounds: 1 })
    expect(last.kind).toBe('done')
    expect(made.length).toBeGreaterThan(7)
    expect(made.length).toBeLessThanOrEqual(14)
    const stopped = await trials(engine, { kind: 'search', rounds: 1 }, (count) => {
      if (count === 2) engine.cancel('trials')
    })
    expect([stopped.last.kind, stopped.made.length]).toEqual(['cancelled', 2])
    expect(stopped.made[0].image.data).toEqual(made[0].image.data)
  }, 300_000)

  it('says which encoder is missing, and mixes without scorers', async () => {
    const engine = await started()
    const without = (family: string): Partial<MixRecipe> => ({
      model: { name: '', hash: '', parts: mix.filter((one) => one.family !== family) },
    })
    for (const [family, words] of [
      ['siglip', 'SigLIP'],
      ['redux', 'Redux'],
    ] as const) {
      const job = { id: 'mix', recipe: mixRecipe(without(family)), rasters: objects() }
      expect((await run(engine, job)).last).toMatchObject({
        kind: 'failed',
        problem: { code: 'missing-asset', message: expect.stringContaining(words) as string },
      })
    }
    expect((await mixed(engine, without('dino'))).report.judgement).toBeNull()
  }, 300_000)
})

import { afterEach, describe, expect, it, vi } from 'vitest'

import type { Raster } from '@/base/geometry'
import { ENGINE_MODES } from '@/pipelines/modes'
import { defaultAlignSettings, type AlignRecipe } from '@/schema/modes/align'
import { defaultPlaceScene, MINI_2, type PlaceRecipe, type PlacedForeground } from '@/schema/modes/place'
import { Engine } from '@/worker/engine'
import type { FuseEvent, FuseJob } from '@/worker/protocol'

const runtimeUrl = new URL('/ort/', location.href).href
const packUrls = {
  painter: new URL('/src/pipelines/fixtures/painter-tiny/', location.href).href,
  painter2: null,
  scene: new URL('/src/pipelines/fixtures/scene-tiny/', location.href).href,
  geometry: new URL('/src/pipelines/fixtures/geometry-tiny/', location.href).href,
  cutout: new URL('/src/pipelines/fixtures/cutout-tiny/', location.href).href,
}

function raster(width: number, height: number, pixel: (x: number, y: number) => number[]): Raster {
  const data = new Uint8ClampedArray(4 * width * height)
  for (let y = 0; y < height; y++) for (let x = 0; x < width; x++) data.set(pixel(x, y), 4 * (y * width + x))
  return { width, height, data }
}

const asset = (name: string, { width, height }: Raster) => ({ hash: '0'.repeat(64), name, width, height })
const background = () => raster(333, 201, (x, y) => [x % 256, y, 99, 255])
const disc = () => raster(50, 40, (x, y) => [220, 30, 30, Math.hypot(x - 25, y - 20) < 18 ? 255 : 0])

// A software GPU compiles the shaders of a network for as long as a minute on a busy machine.
vi.setConfig({ testTimeout: 300_000 })

let jobs = 0

/** A picture of Place with the layers that are built in. */
function placed(boxes = [{ x: 30, y: 80, width: 40, height: 40 }], pictures = boxes.map(disc)): FuseJob {
  const foregrounds: PlacedForeground[] = boxes.map((box, i) => ({
    asset: asset(`f${i}`, pictures[i]),
    box,
    stretch: false,
    rotationDegrees: 15 * i,
    flipX: false,
  }))
  const recipe: PlaceRecipe = {
    schema: 2,
    mode: 'place',
    model: MINI_2,
    background: asset('b', background()),
    foregrounds,
    prompt: '',
    seed: '7',
    steps: 4,
    strength: 1,
    scene: defaultPlaceScene(),
  }
  return { id: `job${jobs++}`, recipe, rasters: [background(), ...pictures] }
}

/** A picture of Align, which is made in steps. */
function stepped(steps = 2): FuseJob {
  const recipe: AlignRecipe = {
    schema: 2,
    mode: 'align',
    model: { name: 'tiny', hash: '', parts: [] },
    prompt: 'the ball above the cube',
    words: [{ index: 1, threshold: 0.1 }],
    base: { kind: 'seed', seed: '9' },
    reference: { kind: 'seed', seed: '5' },
    align: { ...defaultAlignSettings(), steps },
  }
  return { id: `job${jobs++}`, recipe, rasters: [] }
}

async function run(engine: Engine, work: FuseJob, on: (event: FuseEvent) => void = () => undefined) {
  const events: FuseEvent[] = []
  await engine.fuse(work, (event) => {
    events.push(event)
    on(event)
  })
  const last = events.at(-1)
  if (!last) throw new Error('no events')
  return { events, last }
}

afterEach(() => vi.restoreAllMocks())

describe.each(['cpu', 'webgpu'] as const)('the engine on %s', (backend) => {
  it('fuses two foregrounds, keeps far pixels to the bit, and repeats itself', async () => {
    const engine = new Engine()
    const info = await engine.start({ backend, packUrls, runtimeUrl })
    expect(info).toMatchObject({ backend, lacking: ['painter2'], builtIn: { painter2: null } })
    const boxes = [
      { x: 30, y: 80, width: 40, height: 40 },
      { x: 60, y: 90, width: 50, height: 50 },
    ]
    const first = await run(engine, placed(boxes))
    if (first.last.kind !== 'done') throw new Error(JSON.stringify(first.last))
    const { image, stats } = first.last
    const original = background()
    expect([image.width, image.height]).toEqual([333, 201])
    for (let y = 0; y < 201; y++)
      expect(image.data.slice(4 * (y * 333 + 250), 4 * (y * 333 + 333))).toEqual(
        original.data.slice(4 * (y * 333 + 250), 4 * (y * 333 + 333)),
      )
    expect(image.data).not.toEqual(original.data)
    expect(stats.backend).toBe(backend)
    expect(stats.peakBytes).toBeGreaterThanOrEqual(stats.residentBytes)

    const again = await run(engine, placed(boxes))
    expect(again.last.kind === 'done' && again.last.image.data).toEqual(image.data)
    // The model stays loaded, and nothing piles up.
    expect(again.events.some((event) => event.kind === 'loading')).toBe(false)
    if (backend === 'cpu' && again.last.kind === 'done')
      expect(again.last.stats.residentBytes).toBe(stats.residentBytes)
  })

  it('stops within 300 ms and fuses again afterwards', async () => {
    const engine = new Engine()
    await engine.start({ backend, packUrls, runtimeUrl })
    let asked = 0
    const long = stepped(60)
    const stopped = await run(engine, long, (event) => {
      if (event.kind !== 'step' || event.step !== 3) return
      asked = performance.now()
      engine.cancel(long.id)
    })
    expect(stopped.last.kind).toBe('cancelled')
    expect(performance.now() - asked).toBeLessThan(300)
    expect((await run(engine, placed())).last.kind).toBe('done')
  })

  it('drops a queued job that is cancelled before its turn', async () => {
    const engine = new Engine()
    await engine.start({ backend, packUrls, runtimeUrl })
    const [one, two] = [placed(), placed()]
    const first = run(engine, one)
    const second = run(engine, two)
    engine.cancel(two.id)
    expect((await first).last.kind).toBe('done')
    expect((await second).last.kind).toBe('cancelled')
  })
})

describe('the device', () => {
  const options = { backend: 'webgpu' as const, packUrls, runtimeUrl }
  /** What is not installed: a plan of it asks for the device and then fails. */
  const imported = (): PlaceRecipe => {
    const part = { family: 'fluxDit' as const, hash: 'f'.repeat(64), name: 'absent', weight: 1 }
    return { ...(placed().recipe as PlaceRecipe), model: { name: 'absent', hash: '', parts: [part] } }
  }

  it('is one, whoever asks for it at once: starts, plans and fuses', async () => {
    const asked = vi.spyOn(GPUAdapter.prototype, 'requestDevice')
    const destroyed = vi.spyOn(GPUDevice.prototype, 'destroy')
    const engine = new Engine()
    const plan = () => engine.plan(imported(), 1e9).catch((error: { problem: { code: string } }) => error)
    const [info, first, fused, second] = await Promise.all([
      engine.start(options),
      plan(),
      run(engine, placed()),
      plan(),
    ])
    expect(info.backend).toBe('webgpu')
    expect(fused.last.kind).toBe('done')
    for (const planned of [first, second])
      expect(planned).toMatchObject({ problem: { code: 'missing-asset' } })
    expect(asked).toHaveBeenCalledTimes(1)
    expect(destroyed).not.toHaveBeenCalled()

    // One plan is under way when the restart begins, the other comes while it goes on.
    await Promise.all([plan(), engine.start(options), plan()])
    await plan()
    expect(asked).toHaveBeenCalledTimes(2)
    expect(destroyed).toHaveBeenCalledTimes(1)
  })

  it('is asked for again after a start that failed', async () => {
    const spy = vi.spyOn(GPUAdapter.prototype, 'requestDevice').mockRejectedValueOnce(new Error('busy'))
    const engine = new Engine()
    await expect(engine.start(options)).rejects.toThrow('refused to start')
    expect((await engine.start(options)).backend).toBe('webgpu')
    expect(spy).toHaveBeenCalledTimes(2)
  })
})

describe('what was measured', () => {
  it('holds for the backend it was measured on, and no other', async () => {
    const plan = vi.spyOn(ENGINE_MODES.place, 'plan').mockRejectedValue(new Error('not planned here'))
    const engine = new Engine()
    const speedAt = async () => {
      await engine.plan(placed().recipe, 1e9).catch(() => undefined)
      return plan.mock.lastCall?.[0].speed
    }
    const start = (backend: 'cpu' | 'webgpu') => engine.start({ backend, packUrls, runtimeUrl })
    expect((await start('cpu')).probe).toBeNull()
    expect(await speedAt()).toBeNull()
    const probe = await engine.probe()
    expect(probe.backend).toBe('cpu')
    expect(await speedAt()).toMatchObject({ linearTflops: probe.linearTflops })
    expect((await start('webgpu')).probe).toBeNull()
    expect(await speedAt()).toBeNull()
    expect((await start('cpu')).probe).toEqual(probe)
    expect(await speedAt()).toMatchObject({ linearTflops: probe.linearTflops })
  })
})

describe('trouble', () => {
  it('a lost device fails the job, says so, and the next job works', async () => {
    const engine = new Engine()
    await engine.start({ backend: 'webgpu', packUrls, runtimeUrl })
    const lost = await run(engine, stepped(3), (event) => {
      if (event.kind === 'step' && event.step === 1) void engine.loseDevice()
    })
    expect(lost.last.kind === 'failed' && lost.last.problem.code).toBe('device-lost')
    expect((await run(engine, placed())).last.kind).toBe('done')
  })

  it('a lost device is let go also where the job was cancelled meanwhile', async () => {
    const engine = new Engine()
    await engine.start({ backend: 'webgpu', packUrls, runtimeUrl })
    const destroyed = vi.spyOn(GPUDevice.prototype, 'destroy')
    const work = placed()
    vi.spyOn(ENGINE_MODES.place, 'run').mockImplementation(async ({ backend, signal }) => {
      engine.cancel(work.id)
      await engine.loseDevice()
      await vi.waitFor(() => expect(() => backend.assertAlive()).toThrow())
      signal.throwIfAborted()
      throw new Error('not cancelled')
    })
    const lost = await run(engine, work)
    expect(lost.last.kind).toBe('cancelled')
    // Once by the test, once when the engine let go of it.
    expect(destroyed).toHaveBeenCalledTimes(2)
  })

  it('a failure after a stop is told as a failure', async () => {
    const engine = new Engine()
    await engine.start({ backend: 'cpu', packUrls, runtimeUrl })
    const work = placed()
    vi.spyOn(ENGINE_MODES.place, 'run').mockImplementation(() => {
      engine.cancel(work.id)
      return Promise.reject(new RangeError('Array buffer allocation failed'))
    })
    const { last } = await run(engine, work)
    expect(last.kind === 'failed' && last.problem.code).toBe('out-of-memory')
  })

  it('pictures and boxes that cannot work are named, and the engine stays loaded', async () => {
    const engine = new Engine()
    await engine.start({ backend: 'cpu', packUrls, runtimeUrl })
    const codeOf = async (work: FuseJob) => {
      const { last } = await run(engine, work)
      return last.kind === 'failed' ? last.problem.code : last.kind
    }
    const clear = raster(20, 20, () => [0, 0, 0, 0])
    expect(await codeOf(placed([{ x: 900, y: 80, width: 40, height: 40 }]))).toBe('bad-box')
    expect(await codeOf(placed([{ x: 30, y: 80, width: 40, height: 40 }], [clear]))).toBe('empty-foreground')
    expect(await codeOf(placed())).toBe('done')
  })

  it.each([
    ['a broken manifest', 'bad-manifest', (bytes: Uint8Array) => bytes.slice(0, 40), 'manifest.json'],
    [
      'a manifest of another kind',
      'bad-manifest',
      () => new TextEncoder().encode('{"schema":9}'),
      'manifest.json',
    ],
    [
      'damaged weights',
      'hash-mismatch',
      (bytes: Uint8Array) => bytes.map((byte, i) => (i === 5000 ? byte ^ 1 : byte)),
      'model-00001.safetensors',
    ],
  ])('%s is refused with %s', async (_, code, change, file) => {
    const real = globalThis.fetch
    const spy = vi.spyOn(globalThis, 'fetch').mockImplementation(async (input, init) => {
      const response = await real(input, init)
      if (!String(input).endsWith(file)) return response
      return new Response(change(new Uint8Array(await response.arrayBuffer())) as Uint8Array<ArrayBuffer>)
    })
    const engine = new Engine()
    await engine.start({ backend: 'cpu', packUrls, runtimeUrl })
    const { last } = await run(engine, stepped(1))
    expect(last.kind === 'failed' && last.problem.code).toBe(code)
    // Place goes by the outlines of its cut-outs then.
    expect((await run(engine, placed())).last.kind).toBe('done')
    // Once the files are whole again, the same engine works.
    spy.mockRestore()
    expect((await run(engine, stepped(1))).last.kind).toBe('done')
  })
})

import { afterEach, describe, expect, it } from 'vitest'

import { problemOf } from '@/base/errors'
import { f16ToF32, f32ToF16 } from '@/base/half'
import { createBackend } from '@/backend/create'
import type { Backend, Tensor } from '@/backend/types'
import type { WebgpuBackend } from '@/backend/webgpu/backend'
import type { Residency } from '@/nets/runner/blockWeights'
import { FLUX_DEV } from '@/families/flux/transformer'
import { Transformer } from '@/nets/runner/transformer'
import { fluxDit } from '@/nets/flux/flux'
import type { FluxConfig } from '@/schema/pack'
import { planRun } from '@/nets/runner/memoryPlan'
import { networkLinears } from '@/nets/runner/network'
import { gridIds, type TokenSegment, type Tap } from '@/nets/runner/tokens'
import {
  mapLinears,
  mergeLora,
  quantiseLinear,
  type LinearWeights,
  type WeightSource,
} from '@/weights/formats/source'

const runtimeUrl = new URL('/ort/', location.href).href

/** Odd sizes on purpose. */
const CONFIG: FluxConfig = {
  hidden: 54,
  heads: 3,
  axesDim: [2, 8, 8],
  theta: 500,
  doubleBlocks: 1,
  singleBlocks: 2,
  mlpRatio: 2,
  inChannels: 10,
  outChannels: 7,
  contextDim: 5,
  vectorDim: 9,
  guidance: true,
}

/** Waves instead of weights: every parameter another one, none of them random. */
function waves(count: number, seed: number, scale: number): Float32Array {
  return Float32Array.from({ length: count }, (_, i) => scale * Math.sin(0.7371 * i + 1.913 * seed))
}

const seedOf = (name: string) => [...name].reduce((sum, letter) => sum + letter.charCodeAt(0), 0) % 1009

const SOURCE: WeightSource = {
  has: () => true,
  tensor: (name, shape) => Promise.resolve(waves(shape[0], seedOf(name), 0.1).map((value) => 1 + value)),
  linear: (name, rows, cols): Promise<LinearWeights> =>
    Promise.resolve({
      rows,
      cols,
      format: 'f32',
      chunks: [{ rows, weight: waves(rows * cols, seedOf(name), 0.15), scales: null }],
      bias: waves(rows, seedOf(name) + 1, 0.1),
      lora: null,
    }),
}

/** The same linear, its rows cut into three chunks. */
function chunked(linear: LinearWeights): LinearWeights {
  const [{ weight }] = linear.chunks
  const sizes = [Math.floor(linear.rows / 3), 1, linear.rows - Math.floor(linear.rows / 3) - 1].filter(
    (rows) => rows > 0,
  )
  let first = 0
  const chunks = sizes.map((rows) => {
    const part = weight.subarray(first * linear.cols, (first + rows) * linear.cols)
    first += rows
    return { rows, weight: part, scales: null }
  })
  return { ...linear, chunks }
}

const sees = ['text', 'image', 'fg']
const IMAGE = 7
const SEGMENTS: TokenSegment[] = [
  {
    name: 'text',
    weights: 'text',
    tokens: 3,
    modulation: 'step',
    sees,
    ids: new Float32Array(9),
    affine: null,
  },
  {
    name: 'image',
    weights: 'image',
    tokens: IMAGE,
    modulation: 'step',
    sees,
    ids: gridIds(7, 1),
    affine: null,
  },
  {
    name: 'fg',
    weights: 'image',
    tokens: 5,
    modulation: 'fixed',
    sees: ['fg'],
    ids: gridIds(1, 5, { row: 0.5, column: 0.5 }),
    affine: null,
  },
]

/** One evaluation of the given batch items: [items, 7, outChannels]. Frees all that it takes. */
async function forward(
  backend: Backend,
  source: WeightSource,
  items: number[],
  { residency, signal, tap }: { residency?: Residency; signal?: AbortSignal; tap?: Tap } = {},
): Promise<Float32Array> {
  const dit = await Transformer.load(backend, fluxDit(CONFIG), source, { residency })
  const owned: Tensor[] = []
  const keep = (tensor: Tensor): Tensor => {
    owned.push(tensor)
    return tensor
  }
  const stack = (tokens: number, width: number, salt: number) => {
    const values = items.flatMap((item) => [...waves(tokens * width, salt + 31 * item, 1)])
    return keep(backend.upload(Float32Array.from(values), [items.length, tokens, width], 'x'))
  }
  const embedded = {
    text: keep(await dit.embedText(stack(3, CONFIG.contextDim, 1))),
    image: keep(await dit.embedImage(stack(IMAGE, CONFIG.inChannels, 2), null)),
    fg: keep(await dit.embedImage(stack(5, CONFIG.inChannels, 3), null)),
  }
  const pooled = Float32Array.from(items.flatMap((item) => [...waves(9, item, 1)]))
  const at = (sigma: number) => ({
    sigma: items.map(() => sigma),
    guidance: items.map((item) => 1 + item),
    pooled,
  })
  const [fixed, step] = await dit.modulations([at(0), at(0.6)])
  const run = dit.layout(SEGMENTS, items.length)
  try {
    await run.begin(embedded, fixed, signal)
    return await backend.read(keep(await run.step(embedded, step, 'image', signal, tap)))
  } finally {
    run.dispose()
    fixed.dispose()
    step.dispose()
    backend.free(...owned)
    dit.dispose()
  }
}

const largest = (a: Float32Array, b: Float32Array): number =>
  a.reduce((worst, value, i) => (Math.abs(value - b[i]) <= worst ? worst : Math.abs(value - b[i])), 0)

let backend: Backend | null = null
afterEach(async () => {
  await backend?.dispose()
  backend = null
})

describe.each(['cpu', 'webgpu'] as const)('the FLUX transformer on %s', (name) => {
  it('treats a batch as its items', async () => {
    ;({ backend } = await createBackend(name, runtimeUrl))
    const both = await forward(backend, SOURCE, [0, 1])
    const each = both.length / 2
    expect(largest(both.subarray(0, each), await forward(backend, SOURCE, [0]))).toBeLessThan(2e-5)
    expect(largest(both.subarray(each), await forward(backend, SOURCE, [1]))).toBeLessThan(2e-5)
    expect(largest(both.subarray(0, each), both.subarray(each))).toBeGreaterThan(1e-2)
  })

  it('gives the same for linears in row chunks, and for a LoRA merged or as a side branch', async () => {
    ;({ backend } = await createBackend(name, runtimeUrl))
    const whole = await forward(backend, SOURCE, [0])
    const parts = mapLinears(SOURCE, (_, linear) => chunked(linear))
    expect(largest(await forward(backend, parts, [0]), whole)).toBeLessThan(2e-5)

    const branch = mapLinears(SOURCE, (id, linear) => {
      if (!id.includes('qkv') && !id.includes('linear1')) return linear
      const rank = 3
      const [a, b] = [waves(rank * linear.cols, 5, 0.2), waves(linear.rows * rank, 6, 0.2)]
      return { ...linear, lora: { rank, a, b } }
    })
    const side = await forward(backend, branch, [0])
    const merged = await forward(
      backend,
      mapLinears(branch, (_, linear) => mergeLora(linear)),
      [0],
    )
    expect(largest(side, merged)).toBeLessThan(5e-5)
    expect(largest(side, whole)).toBeGreaterThan(1e-3)
  })

  it('streams its blocks with one read ahead, to the same bits', async () => {
    ;({ backend } = await createBackend(name, runtimeUrl))
    const reads: string[] = []
    const watched: WeightSource = {
      ...SOURCE,
      linear: async (id, rows, cols) => {
        await new Promise((done) => setTimeout(done, 1))
        reads.push(id)
        return SOURCE.linear(id, rows, cols)
      },
    }
    const resident = await forward(backend, SOURCE, [0, 1])
    let seen: string[] = []
    const tap = (point: string): Promise<void> => {
      if (point === 'double0.out') seen = [...reads]
      return Promise.resolve()
    }
    const streamed = await forward(backend, watched, [0, 1], { residency: 'stream', tap })
    expect(streamed).toEqual(resident)
    // The caching pass and the step read every block; in the step's block 0 nobody has asked for block 2 yet.
    const reading = (id: string, list: string[]) => list.filter((read) => read === id).length
    expect(reading('double_blocks.0.img_attn.qkv', seen)).toBe(2)
    expect(reading('single_blocks.1.linear2', seen)).toBe(1)
    expect(reading('single_blocks.1.linear2', reads)).toBe(2)
  })

  it('gives its memory back, ten times over, aborted or not', async () => {
    ;({ backend } = await createBackend(name, runtimeUrl))
    const { trim, memory } = {
      trim: () => backend?.trim(),
      memory: () => backend?.memory().residentBytes,
    }
    trim()
    const start = memory()
    for (let round = 0; round < 10; round++) {
      const residency = round % 2 ? 'stream' : 'resident'
      const abort = new AbortController()
      const aborting = round % 4 > 1
      const tap = (point: string): Promise<void> => {
        if (aborting && point === 'single0.out') abort.abort()
        return Promise.resolve()
      }
      const done = forward(backend, SOURCE, [0], { residency, signal: abort.signal, tap })
      if (aborting) await expect(done).rejects.toThrow(/abort/i)
      else await done
      trim()
      expect(memory()).toBe(start)
    }
  })

  it('leaves nothing behind when a block cannot be read', async () => {
    ;({ backend } = await createBackend(name, runtimeUrl))
    const broken: WeightSource = {
      ...SOURCE,
      linear: (id, rows, cols) =>
        id === 'single_blocks.1.linear2'
          ? Promise.reject(new Error(`cannot read ${id}`))
          : SOURCE.linear(id, rows, cols),
    }
    for (const residency of ['resident', 'stream'] as const) {
      await expect(forward(backend, broken, [0], { residency })).rejects.toThrow(/cannot read/)
      backend.trim()
      expect(backend.memory().residentBytes).toBe(0)
    }
  })

  it('really uses quantised weights', async () => {
    ;({ backend } = await createBackend(name, runtimeUrl))
    const whole = await forward(backend, SOURCE, [0])
    const q8 = await forward(
      backend,
      mapLinears(SOURCE, (_, linear) => quantiseLinear(linear, 'q8')),
      [0],
    )
    expect(largest(q8, whole)).toBeLessThan(0.2)
    expect(largest(q8, whole)).toBeGreaterThan(1e-5)
  })
})

describe.each(['cpu', 'webgpu'] as const)('f16 linears on %s', (name) => {
  it('stay half as large and give the bits of their widened numbers', async () => {
    ;({ backend } = await createBackend(name, runtimeUrl))
    const half = mapLinears(SOURCE, (_, linear) => ({
      ...chunked(linear),
      format: 'f16',
      chunks: chunked(linear).chunks.map(({ rows, weight }) => ({
        rows,
        weight: f32ToF16(weight as Float32Array),
        scales: null,
      })),
    }))
    const wide = mapLinears(half, (_, linear) => ({
      ...linear,
      format: 'f32',
      chunks: linear.chunks.map((chunk) => ({ ...chunk, weight: f16ToF32(chunk.weight as Uint16Array) })),
    }))
    expect(await forward(backend, half, [0])).toEqual(await forward(backend, wide, [0]))
    const sizes: number[] = []
    for (const source of [half, wide]) {
      backend.trim()
      const dit = await Transformer.load(backend, fluxDit(CONFIG), source)
      sizes.push(backend.memory().residentBytes)
      dit.dispose()
    }
    expect(sizes[0] / sizes[1]).toBeLessThan(0.6)
  })
})

it('takes the memory that the plan foresees', async () => {
  ;({ backend } = await createBackend('cpu', runtimeUrl))
  const { residentBytes, activationBytes, verdict } = planRun({
    network: fluxDit(CONFIG),
    tensors: {},
    segments: SEGMENTS,
    conditionings: 2,
    limits: null,
    budgetBytes: 1e9,
    arithmetic: 'exact',
    speed: null,
  })
  expect(verdict).toBe('resident')
  const dit = await Transformer.load(backend, fluxDit(CONFIG), SOURCE)
  expect(backend.memory().residentBytes).toBe(residentBytes)
  dit.dispose()
  await forward(backend, SOURCE, [0])
  const activations = backend.memory().peakBytes - residentBytes
  expect(activations).toBeLessThan(activationBytes)
  expect(activations).toBeGreaterThan(activationBytes / 3)
})

it('says that the GPU is out of memory when a weight finds no place', async () => {
  ;({ backend } = await createBackend('webgpu', runtimeUrl))
  const { device } = (backend as WebgpuBackend).gpu
  const full: WeightSource = {
    ...SOURCE,
    linear: (id, rows, cols) => {
      const error = new GPUOutOfMemoryError('no place')
      if (id.startsWith('single_blocks.1'))
        device.dispatchEvent(new GPUUncapturedErrorEvent('uncapturederror', { error }))
      return SOURCE.linear(id, rows, cols)
    },
  }
  const error: unknown = await Transformer.load(backend, fluxDit(CONFIG), full).catch(
    (reason: unknown) => reason,
  )
  expect(problemOf(error)).toMatchObject({ code: 'out-of-memory', detail: 'no place' })
  backend.trim()
  expect(backend.memory().residentBytes).toBe(0)
})

it('knows every linear of FLUX.1 dev by size', () => {
  const linears = networkLinears(fluxDit(FLUX_DEV)).reduce(
    (sum, [, rows, cols]) => sum + rows * (cols + 1),
    0,
  )
  const norms = (19 * 4 + 38 * 2) * 128
  expect(linears + norms).toBe(11_901_408_320)
})

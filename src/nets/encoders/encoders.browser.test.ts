import { afterEach, describe, expect, it } from 'vitest'

import { createBackend } from '@/backend/create'
import type { Backend } from '@/backend/types'
import { f16ToF32, f32ToF16 } from '@/base/half'
import { ClipText } from '@/nets/encoders/clipText'
import { T5Encoder } from '@/nets/encoders/t5'
import type { ClipTextConfig, T5Config } from '@/schema/pack'
import {
  dequantiseLinear,
  mapLinears,
  quantiseLinear,
  type LinearWeights,
  type WeightSource,
} from '@/weights/formats/source'

const runtimeUrl = new URL('/ort/', location.href).href

/** Odd sizes on purpose; a head of T5 is not a share of its width. */
const CLIP: ClipTextConfig = {
  width: 54,
  heads: 3,
  layers: 2,
  mlp: 70,
  vocabulary: 41,
  positions: 19,
  activation: 'quickGelu',
  projection: 11,
}
const T5: T5Config = {
  width: 44,
  heads: 3,
  headDim: 10,
  layers: 3,
  mlp: 50,
  vocabulary: 37,
  buckets: 32,
  maxDistance: 128,
}

/** Waves instead of weights: every parameter another one, none of them random. */
function waves(count: number, seed: number, scale: number): Float32Array {
  return Float32Array.from({ length: count }, (_, i) => scale * Math.sin(0.7371 * i + 1.913 * seed))
}
const seedOf = (name: string) => [...name].reduce((sum, letter) => sum + letter.charCodeAt(0), 0) % 1009

const SOURCE: WeightSource = {
  has: () => true,
  tensor: (name, shape) => {
    const count = shape.reduce((product, size) => product * size, 1)
    const values = waves(count, seedOf(name), shape.length === 1 ? 0.1 : 0.8)
    return Promise.resolve(name.includes('norm') ? values.map((value) => 1 + value) : values)
  },
  linear: (name, rows, cols): Promise<LinearWeights> =>
    Promise.resolve({
      rows,
      cols,
      format: 'f32',
      chunks: [{ rows, weight: waves(rows * cols, seedOf(name), 0.15), scales: null }],
      bias: name.startsWith('text_model') ? waves(rows, seedOf(name) + 1, 0.1) : null,
      lora: null,
    }),
}

/** Weights rounded to f16, kept so or widened again. */
const halved = (widen: boolean): WeightSource =>
  mapLinears(SOURCE, (_, linear) => {
    const chunks = linear.chunks.map((chunk) => {
      const half = f32ToF16(chunk.weight as Float32Array)
      return { ...chunk, weight: widen ? f16ToF32(half) : half }
    })
    return { ...linear, chunks, format: widen ? 'f32' : 'f16' }
  })

/** The stored form and the numbers that it stands for. */
function pair(format: 'f16' | 'q8' | 'q4'): [stored: WeightSource, plain: WeightSource] {
  if (format === 'f16') return [halved(false), halved(true)]
  const stored = mapLinears(SOURCE, (_, linear) => quantiseLinear(linear, format))
  return [stored, mapLinears(stored, (_, linear) => dequantiseLinear(linear))]
}

const ids = (count: number, of: number) =>
  Int32Array.from({ length: count }, (_, i) => (7 * i * i + 3 * i + 1) % of)

const largest = (a: Float32Array, b: Float32Array): number => {
  expect(a.length).toBe(b.length)
  return a.reduce((worst, value, i) => (Math.abs(value - b[i]) <= worst ? worst : Math.abs(value - b[i])), 0)
}

let backend: Backend
afterEach(() => backend.dispose())

async function encodeClip(source: WeightSource, tokens: Int32Array, config = CLIP) {
  const clip = await ClipText.load(backend, config, source)
  const found = await clip.encode(tokens)
  clip.dispose()
  return found
}

const encodeT5 = (source: WeightSource, tokens: Int32Array) =>
  new T5Encoder(backend, T5, source).encode(tokens)

describe.each(['cpu', 'webgpu'] as const)('text encoders on %s', (name) => {
  it("CLIP's tokens do not see what follows them", async () => {
    ;({ backend } = await createBackend(name, runtimeUrl))
    const [one, other] = [ids(19, 41), ids(19, 41)]
    other.fill(5, 12)
    const [a, b] = [(await encodeClip(SOURCE, one)).hidden, (await encodeClip(SOURCE, other)).hidden]
    const seen = 12 * CLIP.width
    expect(largest(a.subarray(0, seen), b.subarray(0, seen))).toBeLessThan(2e-5)
    expect(largest(a.subarray(seen), b.subarray(seen))).toBeGreaterThan(1e-2)
  })

  it('CLIP pools at the first of the highest ids, whatever pads the text', async () => {
    ;({ backend } = await createBackend(name, runtimeUrl))
    const text = [1, 8, 30, 3, 40]
    const { hidden, pooled, projected } = await encodeClip(SOURCE, Int32Array.from([...text, 40, 40, 40]))
    expect(pooled).toEqual(hidden.slice(4 * CLIP.width, 5 * CLIP.width))
    expect(projected).toHaveLength(11)
    const zeros = await encodeClip(SOURCE, Int32Array.from([...text, 0, 0, 0]), { ...CLIP, projection: null })
    expect(largest(zeros.pooled, pooled)).toBeLessThan(2e-5)
    expect(zeros.projected).toBeNull()
  })

  it.each(['f16', 'q8', 'q4'] as const)('%s weights are the numbers that they stand for', async (format) => {
    ;({ backend } = await createBackend(name, runtimeUrl))
    const [stored, plain] = pair(format)
    const clip = ids(9, 41)
    const inClip = await encodeClip(stored, clip)
    expect(largest(inClip.hidden, (await encodeClip(plain, clip)).hidden)).toBeLessThan(5e-5)
    expect(largest(inClip.hidden, (await encodeClip(SOURCE, clip)).hidden)).toBeGreaterThan(1e-5)
    const t5 = ids(9, 37)
    const inT5 = await encodeT5(stored, t5)
    expect(largest(inT5, await encodeT5(plain, t5))).toBeLessThan(5e-5)
    expect(largest(inT5, await encodeT5(SOURCE, t5))).toBeGreaterThan(1e-5)
  })

  it("T5 takes an adapter's rows for the ids that they have, within its table and after it", async () => {
    ;({ backend } = await createBackend(name, runtimeUrl))
    const table = await SOURCE.tensor('shared.weight', [37, 44])
    const rows = table.slice(2 * 44, 4 * 44)
    const plain = await encodeT5(SOURCE, Int32Array.of(2, 9, 3, 1))
    for (const first of [30, 37]) {
      const encoder = new T5Encoder(backend, T5, SOURCE, { added: { first, rows } })
      expect(largest(await encoder.encode(Int32Array.of(first, 9, first + 1, 1)), plain)).toBe(0)
    }
    expect(largest(await encodeT5(SOURCE, Int32Array.of(30, 9, 31, 1)), plain)).toBeGreaterThan(1e-2)
  })

  it('T5 leaves nothing on the device, done, aborted or failed', async () => {
    ;({ backend } = await createBackend(name, runtimeUrl))
    const tokens = ids(7, 37)
    const layers: number[] = []
    const whole = new T5Encoder(backend, T5, SOURCE)
    await whole.encode(tokens, { onLayer: (done, total) => layers.push(done, total) })
    expect(layers).toEqual([1, 3, 2, 3, 3, 3])
    backend.trim()
    const before = backend.memory().residentBytes
    await whole.encode(tokens)

    const abort = new AbortController()
    const stopped = whole.encode(tokens, { signal: abort.signal, onLayer: () => abort.abort() })
    await expect(stopped).rejects.toThrow(/abort/i)

    const lacking: WeightSource = {
      ...SOURCE,
      linear: (id, rows, cols) =>
        id.includes('block.2.layer.1')
          ? Promise.reject(new Error(`no ${id}`))
          : SOURCE.linear(id, rows, cols),
    }
    await expect(encodeT5(lacking, tokens)).rejects.toThrow('no encoder.block.2.layer.1')
    backend.trim()
    expect(backend.memory().residentBytes).toBe(before)
  })
})

it('says which of encoder and tokenizer does not fit', async () => {
  ;({ backend } = await createBackend('cpu', runtimeUrl))
  await expect(encodeClip(SOURCE, Int32Array.of(1, 41))).rejects.toThrow(/tokenizer does not fit/)
  await expect(encodeClip(SOURCE, ids(20, 41))).rejects.toThrow(/number of tokens/)
  await expect(encodeT5(SOURCE, Int32Array.of(-1))).rejects.toThrow(/tokenizer does not fit/)
  const added = { first: 30, rows: new Float32Array(45) }
  await expect(new T5Encoder(backend, T5, SOURCE, { added }).encode(ids(3, 37))).rejects.toThrow(
    /added tokens/,
  )
  await expect(ClipText.load(backend, { ...CLIP, heads: 4 }, SOURCE)).rejects.toThrow(/make no sense/)
})

it('T5 reads one layer ahead and no further', async () => {
  ;({ backend } = await createBackend('cpu', runtimeUrl))
  const read = new Set<string>()
  const watched: WeightSource = {
    ...SOURCE,
    linear: (id, rows, cols) => {
      read.add(/block\.\d/.exec(id)?.[0] ?? id)
      return SOURCE.linear(id, rows, cols)
    },
  }
  const seen: number[] = []
  const config = { ...T5, layers: 5 }
  await new T5Encoder(backend, config, watched).encode(ids(4, 37), { onLayer: () => seen.push(read.size) })
  expect(seen).toEqual([2, 3, 4, 5, 5])
})

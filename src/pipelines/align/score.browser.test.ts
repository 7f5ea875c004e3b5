import { afterEach, describe, expect, it } from 'vitest'

import { paint } from '@/assets/testImages'
import { createBackend } from '@/backend/create'
import type { Backend } from '@/backend/types'
import { f16ToF32, f32ToF16 } from '@/base/half'
import { ClipVision } from '@/nets/encoders/clipVision'
import { Scorer, scorePixels } from '@/pipelines/align/score'
import { cosine } from '@/pipelines/shared/features'
import type { ClipConfig } from '@/schema/pack'
import { mapLinears, type WeightSource } from '@/weights/formats/source'

const runtimeUrl = new URL('/ort/', location.href).href

/** Odd sizes on purpose: heads of 18 channels, patches that leave two pixels over. */
const CONFIG: ClipConfig = {
  text: {
    width: 36,
    heads: 2,
    layers: 2,
    mlp: 50,
    vocabulary: 31,
    positions: 9,
    activation: 'gelu',
    projection: 13,
  },
  vision: {
    width: 54,
    heads: 3,
    layers: 2,
    mlp: 70,
    image: 20,
    patch: 6,
    activation: 'gelu',
    projection: 13,
  },
}

/** Waves instead of weights: every parameter another one, none of them random. */
function waves(count: number, name: string, scale: number): Float32Array {
  const seed = [...name].reduce((sum, letter) => sum + letter.charCodeAt(0), 0) % 1009
  return Float32Array.from({ length: count }, (_, i) => scale * Math.sin(0.7371 * i + 1.913 * seed))
}

const SOURCE: WeightSource = {
  has: () => true,
  tensor: (name, shape) => {
    const count = shape.reduce((product, size) => product * size, 1)
    const values = waves(count, name, shape.length === 1 ? 0.1 : 0.4)
    return Promise.resolve(/norm/.test(name) ? values.map((value) => 1 + value) : values)
  },
  linear: (name, rows, cols) =>
    Promise.resolve({
      rows,
      cols,
      format: 'f32',
      chunks: [{ rows, weight: waves(rows * cols, name, 0.2), scales: null }],
      bias: name.includes('projection') ? null : waves(rows, `${name} bias`, 0.1),
      lora: null,
    }),
}

/** Linears rounded to f16, kept so or widened again. */
const halved = (widen: boolean): WeightSource =>
  mapLinears(SOURCE, (_, linear) => {
    const chunks = linear.chunks.map((chunk) => {
      const half = f32ToF16(chunk.weight as Float32Array)
      return { ...chunk, weight: widen ? f16ToF32(half) : half }
    })
    return { ...linear, chunks, format: widen ? 'f32' : 'f16' }
  })

const picture = (salt: number) =>
  paint(33, 25, (x, y) => [(x * salt * 9) % 256, (y * salt * 13) % 256, (x * y + salt) % 256, 255])
const IDS = [29, 3, 14, 30, 0, 0, 0, 0, 0]

const largest = (a: Float32Array, b: Float32Array): number => {
  expect(a.length).toBe(b.length)
  return a.reduce((worst, value, i) => (Math.abs(value - b[i]) <= worst ? worst : Math.abs(value - b[i])), 0)
}

let backend: Backend
afterEach(() => backend.dispose())

/** What the other backend must find too. */
const found = new Map<string, { text: Float32Array; pictures: Float32Array[]; score: number }>()

describe.each(['cpu', 'webgpu'] as const)('scores on %s', (name) => {
  it('are cosines of unit features, and leave nothing on the device', async () => {
    ;({ backend } = await createBackend(name, runtimeUrl))
    const scorer = await Scorer.load(backend, CONFIG, SOURCE, 'clip')
    const text = await scorer.text(IDS)
    const pictures = [await scorer.picture(picture(1)), await scorer.picture(picture(3))]
    const score = await scorer.score(picture(1), text)
    scorer.dispose()
    for (const features of [text, ...pictures]) expect(Math.hypot(...features)).toBeCloseTo(1, 6)
    expect(score).toBeCloseTo(cosine(pictures[0], text), 6)
    expect(largest(pictures[0], pictures[1])).toBeGreaterThan(1e-2)
    found.set(name, { text, pictures, score })
    const other = found.get('cpu')!
    expect(largest(text, other.text)).toBeLessThan(1e-5)
    pictures.forEach((features, i) => expect(largest(features, other.pictures[i])).toBeLessThan(1e-5))

    backend.trim()
    const before = backend.memory().residentBytes
    const again = await Scorer.load(backend, CONFIG, SOURCE, 'clip')
    await again.score(picture(1), text)
    again.dispose()
    backend.trim()
    expect(backend.memory().residentBytes).toBe(before)
  })

  it('know which normalisation the tower was trained on', async () => {
    ;({ backend } = await createBackend(name, runtimeUrl))
    const scorer = await Scorer.load(backend, CONFIG, SOURCE, 'symmetric')
    const features = await scorer.picture(picture(1))
    scorer.dispose()
    const vision = await ClipVision.load(backend, CONFIG.vision, SOURCE)
    const raw = await vision.embed(scorePixels(picture(1), 20, 'symmetric'), 1)
    vision.dispose()
    const length = Math.hypot(...raw)
    expect(
      largest(
        features,
        raw.map((value) => value / length),
      ),
    ).toBeLessThan(1e-6)
    expect(largest(features, found.get(name)!.pictures[0])).toBeGreaterThan(1e-3)
  })

  it('f16 weights are the numbers that they stand for; a batch is its pictures', async () => {
    ;({ backend } = await createBackend(name, runtimeUrl))
    const both = Float32Array.from([1, 3].flatMap((salt) => [...scorePixels(picture(salt), 20, 'clip')]))
    const embed = async (source: WeightSource, pixels: Float32Array, batch: number) => {
      const vision = await ClipVision.load(backend, CONFIG.vision, source)
      const values = await vision.embed(pixels, batch)
      vision.dispose()
      return values
    }
    const stored = await embed(halved(false), both, 2)
    expect(largest(stored, await embed(halved(true), both, 2))).toBeLessThan(2e-5)
    const plain = await embed(SOURCE, both, 2)
    expect(largest(stored, plain)).toBeGreaterThan(1e-5)
    expect(largest(plain.subarray(13), await embed(SOURCE, both.subarray(both.length / 2), 1))).toBeLessThan(
      1e-5,
    )
  })

  it('stop when they are told to, and free what they had', async () => {
    ;({ backend } = await createBackend(name, runtimeUrl))
    const scorer = await Scorer.load(backend, CONFIG, SOURCE, 'clip')
    await scorer.picture(picture(1))
    backend.trim()
    const before = backend.memory().residentBytes
    await expect(scorer.picture(picture(1), AbortSignal.abort())).rejects.toThrow(/abort/i)
    backend.trim()
    expect(backend.memory().residentBytes).toBe(before)
    scorer.dispose()
  })
})

it('says what does not fit', async () => {
  ;({ backend } = await createBackend('cpu', runtimeUrl))
  const { text, vision } = CONFIG
  const load = (config: ClipConfig, source = SOURCE) => Scorer.load(backend, config, source, 'clip')
  await expect(load({ text: { ...text, projection: null }, vision })).rejects.toThrow(/do not belong/)
  await expect(load({ text, vision: { ...vision, heads: 4 } })).rejects.toThrow(
    /vision encoder make no sense/,
  )
  const before = backend.memory().residentBytes
  const lacking: WeightSource = {
    ...SOURCE,
    tensor: (name, shape) =>
      name.includes('pre_layrnorm') ? Promise.reject(new Error(`no ${name}`)) : SOURCE.tensor(name, shape),
  }
  await expect(load(CONFIG, lacking)).rejects.toThrow('no vision_model.pre_layrnorm.weight')
  expect(backend.memory().residentBytes).toBe(before)
  const tower = await ClipVision.load(backend, vision, SOURCE)
  await expect(tower.embed(new Float32Array(7), 1)).rejects.toThrow(/7 values for 1 pictures/)
  tower.dispose()
})

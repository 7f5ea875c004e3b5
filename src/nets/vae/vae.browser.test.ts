import { afterEach, describe, expect, it } from 'vitest'

import { createBackend } from '@/backend/create'
import { mhaGraph } from '@/backend/kernels/sharedAttention/cpu'
import type { Backend } from '@/backend/types'
import { InlayError } from '@/base/errors'
import { Vae, type VaeOptions } from '@/nets/vae/vae'
import type { VaeConfig } from '@/schema/pack'
import type { WeightSource } from '@/weights/formats/source'

const runtimeUrl = new URL('/ort/', location.href).href

/** Odd sizes on purpose; latents of 5 x 7. */
const CONFIG: VaeConfig = {
  latentChannels: 3,
  channels: [6, 9, 12],
  resnets: 1,
  groups: 3,
  quantConvs: true,
  scaling: 0.5,
  shift: 0.1,
}
const [ROWS, COLUMNS] = [5, 7]
const ONE_ROW = { runFlops: 1, stripBytes: 1 }

function waves(count: number, seed: number, scale: number): Float32Array {
  return Float32Array.from({ length: count }, (_, i) => scale * Math.sin(0.7371 * i + 1.913 * seed))
}

const seedOf = (name: string) => [...name].reduce((sum, letter) => sum + letter.charCodeAt(0), 0) % 1009

const SOURCE: WeightSource = {
  has: () => true,
  tensor: (name, shape) => {
    const count = shape.reduce((product, size) => product * size, 1)
    const inputs = count / shape[0]
    if (shape.length > 1) return Promise.resolve(waves(count, seedOf(name), 1.2 / Math.sqrt(inputs)))
    const gain = name.includes('norm') && name.endsWith('weight') ? 1 : 0
    return Promise.resolve(waves(count, seedOf(name), 0.1).map((value) => gain + value))
  },
  linear: (name, rows, cols) => {
    const weight = waves(rows * cols, seedOf(name), 1 / Math.sqrt(cols))
    const chunks = [{ rows, weight, scales: null }]
    return Promise.resolve({ rows, cols, format: 'f32', chunks, bias: null, lora: null })
  },
}

/** Large features only, as a picture has them. */
const smooth = (channels: number, height: number, width: number) =>
  Float32Array.from({ length: channels * height * width }, (_, i) => {
    const [c, y, x] = [Math.floor(i / (height * width)), Math.floor(i / width) % height, i % width]
    return Math.sin(c + (4 * y) / height) * Math.cos(2 * c + (5 * x) / width)
  })

const largest = (values: Float32Array): number => values.reduce((most, v) => Math.max(most, Math.abs(v)), 0)

function difference(a: Float32Array, b: Float32Array): number {
  expect(a.length).toBe(b.length)
  return largest(a.map((value, i) => value - b[i]))
}

const rms = (values: Float32Array) => Math.sqrt(values.reduce((sum, v) => sum + v * v, 0) / values.length)

let backend: Backend
const start = async (name: 'cpu' | 'webgpu') => (backend = (await createBackend(name, runtimeUrl)).backend)
/** Bytes in use, without what is kept for reuse. */
const used = async (): Promise<number> => {
  await backend.settle()
  backend.trim()
  return backend.memory().residentBytes
}

afterEach(() => backend.dispose())

describe.each(['cpu', 'webgpu'] as const)('autoencoder on %s', (name) => {
  // Products of one row and of many sum in another order; the golden cases hold strips to 1e-6.
  const rounding = 5e-6

  it('gives the same in strips as in one, at odd sizes', async () => {
    const vae = await Vae.load(await start(name), CONFIG, SOURCE)
    const latent = waves(3 * ROWS * COLUMNS, 1, 1)
    const whole = await vae.decode(latent, ROWS, COLUMNS)
    expect(whole.length).toBe(3 * 16 * ROWS * COLUMNS)
    expect(rms(whole)).toBeGreaterThan(0.01)
    const ticks: [number, number][] = []
    const onProgress = (done: number, total: number) => ticks.push([done, total])
    const strips = await vae.decode(latent, ROWS, COLUMNS, { limits: ONE_ROW, onProgress })
    expect(difference(strips, whole)).toBeLessThan(rounding * Math.max(1, largest(whole)))
    expect(ticks.length).toBeGreaterThan(100)
    expect(ticks.every(([done], i) => i === 0 || done > ticks[i - 1][0])).toBe(true)
    const [done, total] = ticks[ticks.length - 1]
    expect(done).toBe(total)

    const image = waves(3 * 16 * ROWS * COLUMNS, 2, 0.9)
    const posterior = await vae.encode(image, 4 * ROWS, 4 * COLUMNS)
    const inStrips = await vae.encode(image, 4 * ROWS, 4 * COLUMNS, { limits: ONE_ROW })
    expect(posterior.mean.length).toBe(3 * ROWS * COLUMNS)
    expect(difference(inStrips.mean, posterior.mean)).toBeLessThan(rounding)
    expect(difference(inStrips.logvar, posterior.logvar)).toBeLessThan(rounding)
    vae.dispose()
  })

  it('frees everything when stopped half-way, refused or unloaded', async () => {
    await start(name)
    const before = await used()
    for (let i = 0; i < 10; i++) (await Vae.load(backend, CONFIG, SOURCE)).dispose()
    expect(await used()).toBe(before)

    const broken = {
      ...SOURCE,
      tensor: (tensor: string, shape: readonly number[]) =>
        tensor === 'decoder.conv_out.weight'
          ? Promise.reject(new Error('missing'))
          : SOURCE.tensor(tensor, shape),
    }
    await expect(Vae.load(backend, CONFIG, broken)).rejects.toThrow('missing')
    expect(await used()).toBe(before)

    const vae = await Vae.load(backend, CONFIG, SOURCE)
    const loaded = await used()
    const latent = waves(3 * ROWS * COLUMNS, 1, 1)
    for (const limit of [0, 0.4, 0.95]) {
      const stop = new AbortController()
      const options: VaeOptions = {
        signal: stop.signal,
        limits: ONE_ROW,
        onProgress: (done, total) => {
          if (done >= limit * total) stop.abort()
        },
      }
      await expect(vae.decode(latent, ROWS, COLUMNS, options)).rejects.toThrow(/abort/i)
      expect(await used()).toBe(loaded)
    }
    await vae.decode(latent, ROWS, COLUMNS)
    expect(await used()).toBe(loaded)
    vae.dispose()
    expect(await used()).toBe(before)
  })

  it('attends over 512 channels', async () => {
    await start(name)
    const [tokens, width] = [11, 512]
    const [q, k, v] = [4, 5, 6].map((seed) => waves(tokens * width, seed, 0.4))
    const inputs = Object.fromEntries(
      Object.entries({ q, k, v }).map(([key, values]) => [
        key,
        backend.upload(values, [1, tokens, width], key),
      ]),
    )
    const segment = await backend.compile(mhaGraph(1, width, 1 / Math.sqrt(width), false))
    const { out } = await backend.run(segment, inputs, { out: [1, tokens, width] })
    const found = await backend.read(out)
    const expected = new Float32Array(tokens * width)
    for (let i = 0; i < tokens; i++) {
      const weights = Array.from({ length: tokens }, (_, j) => {
        let dot = 0
        for (let c = 0; c < width; c++) dot += q[i * width + c] * k[j * width + c]
        return Math.exp(dot / Math.sqrt(width))
      })
      const sum = weights.reduce((total, weight) => total + weight, 0)
      for (let c = 0; c < width; c++)
        expected[i * width + c] =
          weights.reduce((total, weight, j) => total + weight * v[j * width + c], 0) / sum
    }
    expect(difference(found, expected)).toBeLessThan(1e-5)
    backend.free(out, ...Object.values(inputs))
  })
})

describe('autoencoder', () => {
  it('refuses a picture that would take more memory than allowed', async () => {
    const vae = await Vae.load(await start('cpu'), CONFIG, SOURCE)
    const limits = { pictureBytes: 16 * 26 * 22 * 48 * 0.6 }
    await expect(vae.decode(smooth(3, 26, 22), 26, 22, { limits })).rejects.toMatchObject({
      problem: { code: 'image-too-large' },
    })
    await expect(vae.encode(smooth(3, 104, 88), 104, 88, { limits })).rejects.toMatchObject({
      problem: { code: 'image-too-large' },
    })
    vae.dispose()
  })

  it('holds two fine pictures and some strips, not more', async () => {
    const vae = await Vae.load(await start('cpu'), CONFIG, SOURCE)
    const loaded = backend.memory().residentBytes
    const [rows, columns] = [40, 40]
    const stripBytes = 20_000
    await vae.decode(smooth(3, rows, columns), rows, columns, { limits: { stripBytes } })
    // 6 channels twice or 9 once: the finest level's 48 bytes per pixel, and statistics of 6*2 floats per row.
    const pictures = 16 * rows * columns * 48
    const { peakBytes } = backend.memory()
    expect(peakBytes - loaded).toBeGreaterThan(pictures)
    expect(peakBytes - loaded).toBeLessThan(pictures + 5 * stripBytes + 4 * rows * 48)
    vae.dispose()
  })

  it('refuses what does not fit', async () => {
    await start('cpu')
    const code = async (work: Promise<unknown>) =>
      work.then(
        () => 'nothing',
        (error: unknown) => (error instanceof InlayError ? error.problem.code : String(error)),
      )
    expect(await code(Vae.load(backend, { ...CONFIG, groups: 4 }, SOURCE))).toBe('bad-manifest')
    const vae = await Vae.load(backend, CONFIG, SOURCE)
    expect(await code(vae.encode(new Float32Array(3 * 18 * 20), 18, 20))).toBe('bad-image')
    expect(await code(vae.encode(new Float32Array(7), 20, 20))).toBe('bad-image')
    expect(await code(vae.decode(new Float32Array(0), 0, 5))).toBe('bad-image')
    expect(await code(vae.decode(new Float32Array(3 * 35 + 1), ROWS, COLUMNS))).toBe('bad-image')
    const tiny = { limits: { pictureBytes: 100 } }
    expect(await code(vae.decode(waves(105, 1, 1), ROWS, COLUMNS, tiny))).toBe('image-too-large')
    const loaded = await used()
    const decoder = await Vae.load(backend, CONFIG, SOURCE, ['decoder'])
    expect((await used()) - loaded).toBeLessThan(loaded)
    expect(await code(decoder.encode(new Float32Array(3 * 400), 20, 20))).toBe('internal')
    decoder.dispose()
    vae.dispose()
  })
})

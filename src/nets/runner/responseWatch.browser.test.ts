import { afterEach, describe, expect, it } from 'vitest'

import { createBackend } from '@/backend/create'
import type { Backend } from '@/backend/types'
import { Transformer } from '@/nets/runner/transformer'
import type { TransformerRun } from '@/nets/runner/transformerRun'
import { fluxDit } from '@/nets/flux/flux'
import type { FluxConfig } from '@/schema/pack'
import type { WatchOptions } from '@/nets/runner/responseWatch'
import { gridIds, type TokenSegment } from '@/nets/runner/tokens'
import type { WeightSource } from '@/weights/formats/source'

const runtimeUrl = new URL('/ort/', location.href).href

const CONFIG: FluxConfig = {
  hidden: 54,
  heads: 3,
  axesDim: [2, 8, 8],
  theta: 500,
  doubleBlocks: 2,
  singleBlocks: 1,
  mlpRatio: 2,
  inChannels: 6,
  outChannels: 6,
  contextDim: 5,
  vectorDim: null,
  guidance: false,
}

const waves = (count: number, seed: number, scale: number): Float32Array =>
  Float32Array.from({ length: count }, (_, i) => scale * Math.sin(0.7371 * i + 1.913 * seed))
const seedOf = (name: string): number =>
  [...name].reduce((sum, letter) => sum + letter.charCodeAt(0), 0) % 1009

const SOURCE: WeightSource = {
  has: () => true,
  tensor: (name, shape) => Promise.resolve(waves(shape[0], seedOf(name), 0.1).map((value) => 1.5 + value)),
  linear: (name, rows, cols) =>
    Promise.resolve({
      rows,
      cols,
      format: 'f32',
      chunks: [{ rows, weight: waves(rows * cols, seedOf(name), 0.3), scales: null }],
      bias: waves(rows, seedOf(name) + 1, 0.1),
      lora: null,
    }),
}

const SIZES = { text: 4, image: 7, first: 5, second: 3 }
const NAMES = ['text', 'image', 'first', 'second'] as const

/** Two references of which the second sees only itself and so is cached. */
const SEGMENTS: TokenSegment[] = NAMES.map((name) => ({
  name,
  weights: name === 'text' ? 'text' : 'image',
  tokens: SIZES[name],
  modulation: name === 'second' ? 'fixed' : 'step',
  sees: name === 'second' ? ['second'] : NAMES,
  ids: gridIds(SIZES[name], 1, { row: NAMES.indexOf(name), column: NAMES.indexOf(name) }),
  affine: null,
}))

const ALL: WatchOptions = { blocks: new Set([0, 1, 2]), target: 'image', groups: NAMES.map((name) => [name]) }

let backend: Backend | null = null
afterEach(async () => {
  await backend?.dispose()
  backend = null
})

describe.each(['cpu', 'webgpu'] as const)('watched attention on %s', (name) => {
  /** Two steps of two batch items; what `use` makes of the run, which it may watch before and read after. */
  async function steps<T>(
    useCache: boolean,
    before: (run: TransformerRun) => T,
    betweenSteps: (watched: T) => void = () => undefined,
  ): Promise<{ watched: T; y: Float32Array; free(): void }> {
    const backend = await started()
    const dit = await Transformer.load(backend, fluxDit(CONFIG), SOURCE)
    const tokens = (part: keyof typeof SIZES, width: number) =>
      backend.upload(waves(2 * SIZES[part] * width, SIZES[part], 1), [2, SIZES[part], width], part)
    const embedded = {
      text: await dit.embedText(tokens('text', CONFIG.contextDim)),
      image: await dit.embedImage(tokens('image', CONFIG.inChannels), null),
      first: await dit.embedImage(tokens('first', CONFIG.inChannels), null),
      second: await dit.embedImage(tokens('second', CONFIG.inChannels), null),
    }
    const sigmas = [0, 0.9, 0.4].map((sigma) => ({ sigma: [sigma, sigma] }))
    const [fixed, high, low] = await dit.modulations(sigmas)
    const run = dit.layout(SEGMENTS, 2, useCache)
    await run.begin(embedded, fixed)
    const watched = before(run)
    await run.step(embedded, high, 'image')
    betweenSteps(watched)
    const y = await backend.read(await run.step(embedded, low, 'image'))
    const free = (): void => {
      run.dispose()
      dit.dispose()
    }
    return { watched, y, free }
  }

  async function started(): Promise<Backend> {
    backend ??= (await createBackend(name, runtimeUrl)).backend
    return backend
  }

  const mapsOf = async (options: WatchOptions, useCache = true): Promise<Float32Array> => {
    const { watched, free } = await steps(useCache, (run) => run.watch(options))
    const maps = await watched.maps()
    free()
    return maps
  }
  const largest = (a: Float32Array, b: Float32Array): number => {
    expect(a.length).toBe(b.length)
    return a.reduce(
      (worst, value, i) => (Math.abs(value - b[i]) <= worst ? worst : Math.abs(value - b[i])),
      0,
    )
  }

  it('adds up to 1 over all keys, whether a reference is cached or not, and leaves the picture alone', async () => {
    const { watched, y, free } = await steps(true, (run) => run.watch(ALL))
    const maps = await watched.maps() // [batch, groups, tokens]
    free()
    expect(maps.length).toBe(2 * NAMES.length * SIZES.image)
    let spread = 0
    for (let item = 0; item < 2; item++)
      for (let token = 0; token < SIZES.image; token++) {
        const shares = NAMES.map((_, group) => maps[(item * NAMES.length + group) * SIZES.image + token])
        const total = shares.reduce((sum, share) => sum + share, 0)
        expect(Math.abs(total - 1)).toBeLessThan(1e-5)
        spread = Math.max(spread, ...shares.map((share, group) => Math.abs(share - SIZES[NAMES[group]] / 19)))
      }
    // Attention is not just even over all keys.
    expect(spread).toBeGreaterThan(0.05)
    expect(largest(await mapsOf(ALL, false), maps)).toBeLessThan(1e-5)
    const plain = await steps(true, () => null)
    plain.free()
    expect(largest(plain.y, y)).toBeLessThan(1e-6)
  })

  it('averages blocks and the steps in which it is active; parts of a segment add up to it', async () => {
    const groups: WatchOptions['groups'] = [
      ['first', { segment: 'text', start: 1, length: 2 }],
      [{ segment: 'first', start: 0, length: 2 }],
      [
        { segment: 'first', start: 2, length: 3 },
        { segment: 'text', start: 1, length: 1 },
      ],
      [{ segment: 'text', start: 2, length: 1 }],
      [],
    ]
    const both = await mapsOf({ ...ALL, groups, blocks: new Set([0, 2]) })
    const [one, two] = [
      await mapsOf({ ...ALL, groups, blocks: new Set([0]) }),
      await mapsOf({ ...ALL, groups, blocks: new Set([2]) }),
    ]
    expect(largest(one, two)).toBeGreaterThan(1e-3)
    expect(
      largest(
        both,
        one.map((value, at) => (value + two[at]) / 2),
      ),
    ).toBeLessThan(1e-6)
    const at = (group: number, token: number): number => both[group * SIZES.image + token]
    for (let token = 0; token < SIZES.image; token++) {
      expect(at(1, token) + at(2, token) + at(3, token)).toBeCloseTo(at(0, token), 6)
      expect(at(4, token)).toBe(0)
    }

    const halves: Float32Array[] = []
    for (const early of [true, false]) {
      const { watched, free } = await steps(
        true,
        (run) => {
          const watch = run.watch({ ...ALL, groups, blocks: new Set([0, 2]) })
          watch.active = early
          return watch
        },
        (watch) => (watch.active = !early),
      )
      halves.push(await watched.maps())
      free()
    }
    expect(largest(halves[0], halves[1])).toBeGreaterThan(1e-4)
    expect(
      largest(
        both,
        halves[0].map((value, i) => (value + halves[1][i]) / 2),
      ),
    ).toBeLessThan(1e-6)
  })

  it('refuses what cannot be watched', async () => {
    const dit = await Transformer.load(await started(), fluxDit(CONFIG), SOURCE)
    const run = dit.layout(SEGMENTS, 2)
    expect(() => run.watch({ ...ALL, target: 'nobody' })).toThrow(/nobody/)
    expect(() => run.watch({ ...ALL, target: 'second' })).toThrow(/second/) // is cached
    expect(() => run.watch({ ...ALL, groups: [['third']] })).toThrow(/third/)
    expect(() => run.watch({ ...ALL, groups: [[{ segment: 'text', start: 3, length: 2 }]] })).toThrow(
      /text 3\+2/,
    )
    expect(run.maps()).toBe(null)
    run.watch(ALL)
    await expect(run.maps()).rejects.toThrow(/No step/)
    run.dispose()
    dit.dispose()
  })
})

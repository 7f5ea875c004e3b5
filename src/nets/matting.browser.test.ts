import { describe, expect, it } from 'vitest'

import { createBackend } from '@/backend/create'
import type { Backend } from '@/backend/types'
import { InlayError, type Problem } from '@/base/errors'
import type { Raster } from '@/base/geometry'
import { mattingOf } from '@/families/matting'
import { MattingNet } from '@/nets/matting'
import { GraphBuilder } from '@/onnx/graph'
import { memoryBytes } from '@/weights/formats/bytes'
import { readOnnxHeader } from '@/weights/formats/onnxHeader'
import { tinyMatting } from '@/weights/testMatting'

const withBackend = async (name: 'cpu' | 'webgpu', work: (backend: Backend) => Promise<void>) => {
  const { backend } = await createBackend(name, new URL('/ort/', location.href).href)
  await work(backend)
  await backend.dispose()
}

async function open(backend: Backend, bytes: Uint8Array<ArrayBuffer>, key: string) {
  const config = mattingOf(await readOnnxHeader(memoryBytes(bytes, key)), key)
  return MattingNet.load(backend, config, key, bytes)
}

/** Every pixel another colour, alpha full. */
function colours(width: number, height: number): Raster {
  const data = new Uint8ClampedArray(4 * width * height).fill(255)
  for (let i = 0; i < width * height; i++) data.set([(i * 37) % 256, (i * 91) % 256, (i * 151) % 256], 4 * i)
  return { width, height, data }
}

const logistic = (x: number): number => 1 / (1 + Math.exp(-x))
const WEIGHTS = [0.9, -0.7, 0.4] as const
/** The tiny model's sum for a pixel, of colours as the family wants them. */
const sumAt = ({ data }: Raster, i: number, mean: readonly number[], std: readonly number[]): number =>
  WEIGHTS.reduce((sum, weight, c) => sum + (weight * (data[4 * i + c] / 255 - mean[c])) / std[c], 0)

const IMAGENET = [
  [0.485, 0.456, 0.406],
  [0.229, 0.224, 0.225],
] as const
const HALVES = [
  [0.5, 0.5, 0.5],
  [0.5, 0.5, 0.5],
] as const

describe.each(['cpu', 'webgpu'] as const)('on %s', (name) => {
  it.each([
    ['birefnet', false, IMAGENET],
    ['birefnet', true, IMAGENET],
    ['modnet', true, HALVES],
  ] as const)(
    '%s, bounded %s: the mask is the sigmoid of what the network was taught to see',
    (kind, bounded, [mean, std]) =>
      withBackend(name, async (backend) => {
        const bytes = tinyMatting({ kind, weights: WEIGHTS, height: 'h', width: 'w', bounded })
        const net = await open(backend, bytes, 'tiny')
        // MODNet's tiny twin adds the picture's own statistics: a picture of one colour has none.
        const photo =
          kind === 'modnet' ? { ...colours(96, 64), data: colours(96, 64).data.fill(200) } : colours(96, 64)
        const mask = await net.predict(photo)
        expect([mask.width, mask.height]).toEqual([96, 64])
        const worst = mask.values.reduce(
          (most, value, i) => Math.max(most, Math.abs(value - 255 * logistic(sumAt(photo, i, mean, std)))),
          0,
        )
        expect(worst).toBeLessThan(0.6)
        net.dispose()
      }),
  )

  it('masks that their authors stretch reach from 0 to 255, at the size that the network gives', () =>
    withBackend(name, async (backend) => {
      const bytes = tinyMatting({ kind: 'isnet', weights: WEIGHTS, height: 64, width: 64, bounded: true })
      const net = await open(backend, bytes, 'tiny')
      expect(net.sizeFor({ width: 1001, height: 333 })).toEqual({ width: 64, height: 64 })
      const photo = colours(64, 64)
      const { width, height, values } = await net.predict(photo)
      expect([width, height]).toEqual([32, 32])
      // Every second pixel of every second row is seen; ISNet's colours are about grey, not scaled.
      const sure = Array.from(values, (_, i) => {
        const at = Math.floor(i / 32) * 2 * 64 + (i % 32) * 2
        return logistic(sumAt(photo, at, [0.5, 0.5, 0.5], [1, 1, 1]))
      })
      const [least, most] = [Math.min(...sure), Math.max(...sure)]
      const worst = values.reduce(
        (far, value, i) => Math.max(far, Math.abs(value - (255 * (sure[i] - least)) / (most - least))),
        0,
      )
      expect(worst).toBeLessThan(0.6)
      expect(Math.min(...values)).toBe(0)
      expect(Math.max(...values)).toBe(255)
      net.dispose()
    }))
})

async function problemOf(work: Promise<unknown>): Promise<Problem> {
  try {
    await work
  } catch (error) {
    if (error instanceof InlayError) return error.problem
    throw error
  }
  throw new Error('expected a problem')
}

/** Looks like BiRefNet, and makes 64 GB of zeros to add up. */
function greedy() {
  const g = new GraphBuilder('greedy')
  const x = g.node('ReduceMean', [g.input('x', 'float32', [1, 3, 32, 32]), g.ints([1])], { keepdims: 1 })
  const zeros = g.node('ConstantOfShape', [g.ints([16, 1024, 1024, 1024])])
  const mean = g.node('ReduceMean', [zeros], { keepdims: 1 })
  g.output(g.node('Add', [g.node('Softmax', [x], { axis: 1 }), mean]), 'mask', [1, 1, 32, 32])
  return g.build().bytes
}

it('an operator that the runtime lacks, and memory that it has not, are said; other networks run on', () =>
  withBackend('cpu', async (backend) => {
    const size = { height: 8, width: 8 }
    const missing = tinyMatting({ kind: 'modnet', weights: WEIGHTS, ...size, bounded: true, odd: 'Bicycle' })
    expect(await problemOf(open(backend, missing, 'missing'))).toMatchObject({
      code: 'unsupported',
      message: expect.stringContaining('Bicycle'),
    })
    const net = open(backend, greedy(), 'greedy').then((loaded) => loaded.predict(colours(32, 32)))
    expect((await problemOf(net)).code).toBe('out-of-memory')

    const plain = tinyMatting({ kind: 'u2net', weights: WEIGHTS, ...size, bounded: false })
    const good = await open(backend, plain, 'good')
    expect((await good.predict(colours(8, 8))).values.length).toBe(64)
    good.dispose()
  }))

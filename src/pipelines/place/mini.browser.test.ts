import { describe, expect, it } from 'vitest'

import { createBackend } from '@/backend/create'
import { applyGate, MiniNet, upsample, type MiniScene } from '@/nets/mini'
import { overWhite } from '@/assets/onWhite'
import { compositeOver, placeForeground } from '@/assets/paste'
import { paint } from '@/assets/testImages'
import type { Raster } from '@/base/geometry'
import { place, sample } from '@/pipelines/place/place'
import type { PlaceRecipe } from '@/schema/modes/place'
import { openPack, readPack } from '@/weights/packs/pack'
import { parseSafetensors, toFloat32 } from '@/weights/formats/safetensors'

const runtimeUrl = new URL('/ort/', location.href).href
const TINY = '/src/pipelines/fixtures/mini-tiny'
const SHIPPED = '/src/pipelines/fixtures/mini'

/** One tensor of a fixture's file: item `index` of its batch. */
async function fixture(folder: string, file: string) {
  const response = await fetch(`${folder}/${file}.safetensors`)
  const tensors = parseSafetensors(new Uint8Array(await response.arrayBuffer()), file)
  return (name: string, index: number): Float32Array => {
    const tensor = tensors.get(name)
    if (!tensor) throw new Error(`fixture lacks ${name}`)
    const values = toFloat32(tensor)
    const each = values.length / tensor.shape[0]
    return values.subarray(index * each, (index + 1) * each)
  }
}

type Get = Awaited<ReturnType<typeof fixture>>

function sceneOf(get: Get, index: number): MiniScene {
  const [a, d, tx, ty] = get('affine', index)
  return {
    background: get('background', index),
    foreground: get('foreground', index),
    paste: get('paste', index),
    alpha: get('alpha', index),
    affine: { a, d, tx, ty },
    words: Int32Array.from(get('words', index)),
  }
}

const largest = (a: Float32Array, b: Float32Array): number =>
  a.reduce((worst, value, i) => Math.max(worst, Number.isNaN(value) ? Infinity : Math.abs(value - b[i])), 0)

async function load(backendName: 'cpu' | 'webgpu', url: string) {
  const { backend } = await createBackend(backendName, runtimeUrl)
  const pack = await openPack(new URL(url, location.href).href, 'mini')
  const source = await readPack(pack, () => undefined)
  const net = await MiniNet.load(backend, pack.manifest.config, pack.manifest.words.length, source)
  return { backend, net, config: pack.manifest.config }
}

/** Runs a fixture's samples and compares every step and the gated maps with PyTorch's. */
async function compare(
  backendName: 'cpu' | 'webgpu',
  packUrl: string,
  folder: string,
  samples: number,
): Promise<number> {
  const { backend, net, config } = await load(backendName, packUrl)
  const inputs = await fixture(folder, 'inputs')
  const expected = await fixture(folder, 'expected')
  let worst = 0
  for (let index = 0; index < samples; index++) {
    const scene = sceneOf(inputs, index)
    const recipe = { seed: '0', steps: config.steps, strength: config.strength }
    const step = (done: number, clean: Float32Array) => {
      worst = Math.max(worst, largest(clean, expected(`step${done - 1}.x_hat`, index)))
    }
    const noise = inputs('noise', index)
    const maps = await sample(net, scene, recipe, 0, new AbortController().signal, { step }, noise)
    applyGate(scene.paste, maps, config.size)
    worst = Math.max(
      worst,
      largest(maps.gain, expected('g_gated', index)),
      largest(maps.offset, expected('o_gated', index)),
    )
  }
  net.dispose()
  await backend.dispose()
  return worst
}

describe.each(['cpu', 'webgpu'] as const)('tiny Mini on %s', (backendName) => {
  it('matches PyTorch with the shipped weights at every step', async () => {
    expect(await compare(backendName, `${TINY}/`, TINY, 2)).toBeLessThan(1e-3)
  })

  it('gives the same with and without cached keys and values, and frees what it took', async () => {
    const { backend, net } = await load(backendName, `${TINY}/`)
    const inputs = await fixture(TINY, 'inputs')
    const scene = sceneOf(inputs, 0)
    // The schedule's modulations stay for the next picture.
    ;(await net.begin(scene, [0.7])).dispose()
    const before = backend.name === 'cpu' ? backend.memory().residentBytes : 0
    const results = []
    for (const useCache of [true, false]) {
      const run = await net.begin(scene, [0.7], { useCache })
      results.push(await run.predict(inputs('noise', 0), 0.7))
      run.dispose()
    }
    expect(largest(results[0].gain, results[1].gain)).toBeLessThan(1e-5)
    expect(largest(results[0].offset, results[1].offset)).toBeLessThan(1e-5)
    if (backend.name === 'cpu') expect(backend.memory().residentBytes).toBe(before)
    net.dispose()
    await backend.dispose()
  })
})

it('sees white where the background is transparent, and keeps its alpha', async () => {
  const { backend, net } = await load('cpu', `${TINY}/`)
  const clear = paint(96, 64, (x, y) => [x * 2, y * 3, 90, x < 32 ? 0 : x < 64 ? 128 : 255])
  const ball = paint(20, 20, (x, y) => [200, 60, 40, Math.hypot(x - 9.5, y - 9.5) < 9 ? 255 : 0])
  const asset = { hash: '0'.repeat(64), name: 'x', width: 96, height: 64 }
  const placement = {
    box: { x: 20, y: 20, width: 24, height: 24 },
    stretch: false,
    rotationDegrees: 0,
    flipX: false,
  }
  const recipe: PlaceRecipe = {
    ...{ schema: 2, mode: 'place', model: { name: 'tiny', hash: '0'.repeat(64), parts: [] } },
    ...{ background: asset, foregrounds: [{ asset, ...placement }] },
    ...{ prompt: '', seed: '1', steps: 1, strength: 0.7 },
  }
  const run = async (background: Raster) =>
    (
      await place(
        net,
        [],
        { recipe, background, foregrounds: [ball] },
        () => undefined,
        new AbortController().signal,
      )
    ).image
  const onClear = await run(clear)
  const onWhite = await run(overWhite(clear))
  const composite = compositeOver(clear, placeForeground(ball, placement, clear))
  const [seen, alphas] = [overWhite(onClear), (r: Raster) => r.data.filter((_, i) => i % 4 === 3)]
  expect(alphas(onClear)).toEqual(alphas(composite))
  let worst = 0
  for (let i = 0; i < seen.data.length; i++)
    // What is transparent cannot become darker than its alpha allows.
    if (composite.data[(i & ~3) + 3] === 255)
      worst = Math.max(worst, Math.abs(seen.data[i] - onWhite.data[i]))
  expect(worst).toBeLessThanOrEqual(2)
  net.dispose()
  await backend.dispose()
})

describe('the shipped Mini on cpu', () => {
  it('matches PyTorch with the shipped weights on eight held-out scenes', async () => {
    const { backend, net, config } = await load('cpu', '/models/mini/')
    const inputs = await fixture(SHIPPED, 'inputs')
    const expected = await fixture(SHIPPED, 'expected')
    const side = config.size / config.mapReduction
    for (let index = 0; index < 8; index++) {
      const recipe = { seed: '0', steps: config.steps, strength: config.strength }
      const noise = inputs('noise', index)
      const { gain, offset } = await sample(
        net,
        sceneOf(inputs, index),
        recipe,
        0,
        new AbortController().signal,
        {},
        noise,
      )
      const maps = expected('maps', index) // [6, side, side], before upsampling
      const area = config.size ** 2
      for (let c = 0; c < 6; c++) {
        const plane = upsample(maps.subarray(c * side * side, (c + 1) * side * side), side, config.size)
        const ours = (c < 3 ? gain : offset).subarray((c % 3) * area, ((c % 3) + 1) * area)
        expect(largest(ours, plane)).toBeLessThan(1e-3)
      }
    }
    net.dispose()
    await backend.dispose()
  })
})

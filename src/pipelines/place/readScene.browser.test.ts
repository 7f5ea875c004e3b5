import { describe, expect, it } from 'vitest'

import { createBackend } from '@/backend/create'
import type { Raster } from '@/base/geometry'
import { decodedScene, SceneNet, SCENE_NUMBERS } from '@/nets/scene'
import { flowed, readScenes } from '@/pipelines/place/readScene'
import { parseSafetensors, toFloat32 } from '@/weights/formats/safetensors'
import { openPack, readPack } from '@/weights/packs/pack'

const runtimeUrl = new URL('/ort/', location.href).href

/** PyTorch on the shipped weights (training/scene/export.py). */
async function shippedCase() {
  const response = await fetch('/src/pipelines/fixtures/scene/case.safetensors')
  const tensors = parseSafetensors(new Uint8Array(await response.arrayBuffer()), 'case')
  return (name: string): Float32Array => {
    const tensor = tensors.get(name)
    if (!tensor) throw new Error(`the case lacks ${name}`)
    return toFloat32(tensor)
  }
}

/** The case's picture as `training/scene/data.py` shows it to the network. @returns [4, side, side] */
function networkInput(picture: Float32Array, inside: Float32Array): Float32Array {
  const area = inside.length
  const out = new Float32Array(4 * area)
  for (let pixel = 0; pixel < area; pixel++) {
    const share = inside[pixel] / 255
    for (let c = 0; c < 3; c++) out[c * area + pixel] = (picture[3 * pixel + c] / 127.5 - 1) * share
    out[3 * area + pixel] = 2 * share - 1
  }
  return out
}

async function load(backendName: 'cpu' | 'webgpu') {
  const { backend } = await createBackend(backendName, runtimeUrl)
  const pack = await openPack(new URL('/models/scene/', location.href).href, 'scene')
  const net = await SceneNet.load(backend, pack.manifest.config, await readPack(pack, () => undefined))
  const close = async () => {
    net.dispose()
    await backend.dispose()
  }
  return { backend, net, close }
}

const largest = (a: ArrayLike<number>, b: ArrayLike<number>): number => {
  expect(a.length).toBe(b.length)
  return Array.from(a).reduce((worst, value, i) => Math.max(worst, Math.abs(value - b[i])), 0)
}

describe.each(['cpu', 'webgpu'] as const)('the scene network on %s', (backendName) => {
  it('equals PyTorch with the shipped weights: look, four steps of two draws, numbers in units', async () => {
    const expected = await shippedCase()
    const { backend, net, close } = await load(backendName)
    const seen = await net.look(networkInput(expected('picture'), expected('inside')))
    expect(largest(await backend.read(seen.tokens), expected('tokens'))).toBeLessThan(2e-3)
    const votes = expected('votes').map((logit) => Math.exp(logit))
    const all = votes.reduce((sum, vote) => sum + vote)
    expect(
      largest(
        await backend.read(seen.votes),
        votes.map((vote) => vote / all),
      ),
    ).toBeLessThan(1e-3)
    const ground = expected('ground').map((logit) => 1 / (1 + Math.exp(-logit)))
    expect(largest(seen.ground, ground)).toBeLessThan(2e-3)
    const ends = await flowed(net, seen, expected('noise'))
    expect(largest(ends, expected('scene'))).toBeLessThan(5e-3)
    const units = expected('decoded')
    for (const draw of [0, 1]) {
      const one = units.subarray(draw * SCENE_NUMBERS, (draw + 1) * SCENE_NUMBERS)
      const drawn = decodedScene(ends.subarray(draw * SCENE_NUMBERS, (draw + 1) * SCENE_NUMBERS))
      const { horizon, tilt, focal, sharpness } = drawn
      expect(largest([horizon, tilt, Math.log(focal), sharpness], one.subarray(0, 4))).toBeLessThan(2e-3)
      expect(largest([...drawn.key, ...drawn.ambient], one.subarray(4, 10))).toBeLessThan(5e-3)
      expect(largest([drawn.reflectance, drawn.roughness], one.subarray(10, 12))).toBeLessThan(5e-3)
      expect(largest(drawn.light, one.subarray(12))).toBeLessThan(2e-3)
    }
    net.free(seen)
    await close()
  })
})

it('a seed is one reading, whatever the size of the photo; another seed another; words leave the first alone or not', async () => {
  const { net, close } = await load('cpu')
  const photo = (width: number, height: number): Raster => {
    const data = new Uint8ClampedArray(width * height * 4).fill(255)
    for (let pixel = 0; pixel < width * height; pixel++) {
      const down = Math.floor(pixel / width) / height
      data.set(down < 0.4 ? [150, 180, 220] : [110, 100, 80], pixel * 4)
    }
    return { width, height, data }
  }
  const read = async (seed: string, prompt = '', width = 256, height = 160) =>
    (await readScenes(net, photo(width, height), { seed, prompt }))[0]
  const first = await read('7')
  expect(await read('7')).toEqual(first)
  expect(await read('7', 'a red cube')).toEqual(first)
  const second = await read('8')
  expect(second.lights).not.toEqual(first.lights)
  expect([second.camera, second.ground]).toEqual([first.camera, first.ground])
  const together = { seed: '7', others: ['8'] }
  expect(await readScenes(net, photo(256, 160), { ...together, prompt: '' })).toEqual([first, second])
  const wished = await readScenes(net, photo(256, 160), { ...together, prompt: 'left' })
  expect(wished).toEqual([await read('7', 'left'), await read('8', 'left')])
  expect((await read('7', '', 64, 40)).lights.length).toBeGreaterThan(0)
  const sides = await Promise.all(['left', 'right'].map((side) => read('7', side)))
  const across = ({ lights: [key] }: (typeof sides)[number]) => Math.cos((key.azimuthDegrees * Math.PI) / 180)
  expect(across(sides[0])).toBeLessThan(across(sides[1]))
  await close()
})

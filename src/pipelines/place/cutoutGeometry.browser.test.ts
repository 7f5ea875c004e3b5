import { describe, expect, it } from 'vitest'

import { createBackend } from '@/backend/create'
import { GEOMETRY_INPUT, geometryInput, GeometryNet } from '@/nets/geometry'
import { openPack, readPack } from '@/weights/packs/pack'
import { parseSafetensors, toFloat32 } from '@/weights/formats/safetensors'

/** Written by training/geometry/export.py together with the pack. */
const CASES = '/src/pipelines/fixtures/geometry/cases.safetensors'
/** Of raw outputs: lengths in longer sides of the box, logits, unnormalised normals. */
const TOLERANCE = 2e-3

async function load(backendName: 'cpu' | 'webgpu') {
  const { backend } = await createBackend(backendName, new URL('/ort/', location.href).href)
  const pack = await openPack(new URL('/models/geometry/', location.href).href, 'geometry')
  const net = await GeometryNet.load(backend, pack.manifest.config, await readPack(pack, () => undefined))
  return { backend, net }
}

/** The held-out samples: what the network is given, and what PyTorch says on the weights that ship. */
async function cases() {
  const bytes = new Uint8Array(await (await fetch(CASES)).arrayBuffer())
  const tensors = parseSafetensors(bytes, 'cases')
  const read = (name: string) => {
    const tensor = tensors.get(name)
    if (!tensor) throw new Error(`no ${name} in the cases`)
    const [count] = tensor.shape
    const values = toFloat32(tensor)
    return Array.from({ length: count }, (_, i) =>
      values.subarray((i * values.length) / count, ((i + 1) * values.length) / count),
    )
  }
  const [picture, alpha, bottom, maps, camera] = ['picture', 'alpha', 'bottom', 'maps', 'camera'].map(read)
  return picture.map((pixels, i) => ({
    input: geometryInput(
      planar(pixels),
      alpha[i].map((value) => value / 255),
      bottom[i][0],
    ),
    maps: maps[i],
    camera: camera[i],
  }))
}

/** Interleaved bytes [128, 128, 3] -> [3, 128, 128] in 0..1 */
function planar(pixels: Float32Array): Float32Array {
  const area = GEOMETRY_INPUT ** 2
  return Float32Array.from(
    { length: 3 * area },
    (_, i) => pixels[(i % area) * 3 + Math.floor(i / area)] / 255,
  )
}

const largest = (a: Float32Array, b: Float32Array): number =>
  a.reduce((worst, value, i) => Math.max(worst, Number.isNaN(value) ? Infinity : Math.abs(value - b[i])), 0)

describe.each(['cpu', 'webgpu'] as const)('the geometry network on %s', (backendName) => {
  it('matches PyTorch with the shipped weights on held-out models, and frees what it took', async () => {
    const { backend, net } = await load(backendName)
    const found = await cases()
    expect(found.length).toBeGreaterThan(0)
    // Without a GPU a webgpu device takes a minute and more for one.
    const compared = backendName === 'cpu' ? found : found.slice(0, 1)
    for (const { input, maps, camera } of compared) {
      const said = await net.run(input)
      expect(largest(said.maps, maps)).toBeLessThan(TOLERANCE)
      expect(largest(said.camera, camera)).toBeLessThan(TOLERANCE)
    }
    net.dispose()
    if (backend.name === 'cpu') expect(backend.memory().residentBytes).toBe(0)
    await backend.dispose()
  }, 600_000)
})

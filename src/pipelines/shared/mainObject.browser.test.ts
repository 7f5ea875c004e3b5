import { expect, it } from 'vitest'

import { createBackend } from '@/backend/create'
import type { Raster } from '@/base/geometry'
import { CUTOUT_SIDE, CutoutNet } from '@/nets/cutout'
import { parseSafetensors, toFloat32 } from '@/weights/formats/safetensors'
import { openPack, readPack } from '@/weights/packs/pack'

/** Written by training/cutout/export.py together with the pack. */
const CASES = '/src/pipelines/fixtures/cutout/cases.safetensors'
/** Of logits. */
const TOLERANCE = 2e-3

/** Pictures, and what PyTorch says of them on the weights that ship. */
async function cases(): Promise<{ photo: Raster; cells: Float32Array }[]> {
  const tensors = parseSafetensors(new Uint8Array(await (await fetch(CASES)).arrayBuffer()), 'cases')
  const [picture, cells] = ['picture', 'cells'].map((name) => {
    const tensor = tensors.get(name)
    if (!tensor) throw new Error(`no ${name} in the cases`)
    const [count] = tensor.shape
    const values = toFloat32(tensor)
    return Array.from({ length: count }, (_, i) =>
      values.subarray((i * values.length) / count, ((i + 1) * values.length) / count),
    )
  })
  return picture.map((pixels, i) => ({ photo: opaque(pixels), cells: cells[i] }))
}

/** @param pixels [128, 128, 3] in 0..255 */
function opaque(pixels: Float32Array): Raster {
  const data = new Uint8ClampedArray(4 * CUTOUT_SIDE ** 2).fill(255)
  for (let i = 0; i < CUTOUT_SIDE ** 2; i++) data.set(pixels.subarray(3 * i, 3 * i + 3), 4 * i)
  return { width: CUTOUT_SIDE, height: CUTOUT_SIDE, data }
}

const largest = (a: Float32Array, b: Float32Array): number =>
  a.reduce((worst, value, i) => Math.max(worst, Number.isNaN(value) ? Infinity : Math.abs(value - b[i])), 0)

it.each(['cpu', 'webgpu'] as const)(
  'the cut-out network on %s says what PyTorch says with the shipped weights, pixel by pixel, and frees what it took',
  async (backendName) => {
    const { backend } = await createBackend(backendName, new URL('/ort/', location.href).href)
    const pack = await openPack(new URL('/models/cutout/', location.href).href, 'cutout')
    const net = await CutoutNet.load(backend, pack.manifest.config, await readPack(pack, () => undefined))
    const found = await cases()
    expect(found.length).toBeGreaterThan(0)
    // Without a GPU a webgpu device takes a minute and more for one.
    for (const { photo, cells } of backendName === 'cpu' ? found : found.slice(0, 1)) {
      expect(largest(await net.run(photo), cells)).toBeLessThan(TOLERANCE)
      const mask = await net.predict(photo)
      // The pixel at column 70 and row 31: cell (35, 15), its lower left.
      const logit = cells[2 * 64 * 64 + 15 * 64 + 35]
      const wanted = 255 / (1 + Math.exp(-logit))
      expect(Math.abs(mask.values[31 * CUTOUT_SIDE + 70] - wanted)).toBeLessThan(1)
    }
    net.dispose()
    if (backend.name === 'cpu') expect(backend.memory().residentBytes).toBe(0)
    await backend.dispose()
  },
  600_000,
)

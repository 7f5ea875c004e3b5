/** What crosses between page and GPU in a step, counted on the device itself, the runtime's share included. */
import { expect, it, vi } from 'vitest'

import { createBackend } from '@/backend/create'
import type { WebgpuBackend } from '@/backend/webgpu/backend'
import { fluxDit } from '@/nets/flux/flux'
import { SequenceRun } from '@/nets/runner/sequenceRun'
import { gridIds, type TokenSegment } from '@/nets/runner/tokens'
import { Transformer } from '@/nets/runner/transformer'
import type { FluxConfig } from '@/schema/pack'
import type { WeightSource } from '@/weights/formats/source'

const CONFIG: FluxConfig = {
  hidden: 64,
  heads: 2,
  axesDim: [4, 14, 14],
  theta: 10000,
  doubleBlocks: 2,
  singleBlocks: 3,
  mlpRatio: 2,
  inChannels: 8,
  outChannels: 8,
  contextDim: 80,
  vectorDim: null,
  guidance: false,
}
const TOKENS = { text: 8, image: 96, reference: 72 }
/** Bytes: less than any of its segments has, more than a kernel is told of a dispatch. */
const LARGE = 2048

const waves = (count: number): Float32Array =>
  Float32Array.from({ length: count }, (_, i) => 0.2 * Math.sin(i))
const SOURCE: WeightSource = {
  has: () => true,
  tensor: (_, shape) => Promise.resolve(new Float32Array(shape[0]).fill(1)),
  linear: (_, rows, cols) =>
    Promise.resolve({
      rows,
      cols,
      format: 'f32',
      chunks: [{ rows, weight: waves(rows * cols), scales: null }],
      bias: waves(rows),
      lora: null,
    }),
}

const SEGMENTS: TokenSegment[] = (['text', 'image', 'reference'] as const).map((name) => ({
  name,
  weights: name === 'text' ? 'text' : 'image',
  tokens: TOKENS[name],
  modulation: 'step',
  sees: ['text', 'image', 'reference'],
  ids: gridIds(TOKENS[name], 1),
  affine: null,
}))

function countOn(device: GPUDevice) {
  const counted = { buffers: 0, bytesCreated: 0, uploads: 0, bytesUp: 0, readbacks: 0, large: [] as number[] }
  const create = device.createBuffer.bind(device)
  vi.spyOn(device, 'createBuffer').mockImplementation((descriptor) => {
    counted.buffers++
    counted.bytesCreated += descriptor.size
    const buffer = create(descriptor)
    const map = buffer.mapAsync.bind(buffer)
    buffer.mapAsync = (...given) => {
      counted.readbacks++
      return map(...given)
    }
    return buffer
  })
  const { queue } = device
  const write = queue.writeBuffer.bind(queue)
  vi.spyOn(queue, 'writeBuffer').mockImplementation((buffer, offset, data, ...rest) => {
    counted.uploads++
    counted.bytesUp += data.byteLength
    if (data.byteLength >= LARGE) counted.large.push(data.byteLength)
    write(buffer, offset, data, ...rest)
  })
  return counted
}

it('a step moves its tokens up and its answer down, and makes no buffers of its own', async () => {
  const { backend } = await createBackend('webgpu', new URL('/ort/', location.href).href)
  const dit = await Transformer.load(backend, fluxDit(CONFIG), SOURCE)
  const kept = {
    text: waves(TOKENS.text * CONFIG.contextDim),
    reference: waves(TOKENS.reference * CONFIG.inChannels),
  }
  const modulations = await dit.modulations([0.9, 0.6, 0.3].map((sigma) => ({ sigma: [sigma] })))
  const run = await SequenceRun.begin(dit, SEGMENTS, kept)
  const x = waves(TOKENS.image * CONFIG.inChannels)
  // The first step takes its buffers from the device, the next ones from those that were given back.
  await run.predict(SEGMENTS[1], x, modulations[0])
  await run.predict(SEGMENTS[1], x, modulations[1])
  const counted = countOn((backend as WebgpuBackend).gpu.device)
  await run.predict(SEGMENTS[1], x, modulations[2])
  console.info(`a step of ${CONFIG.doubleBlocks + CONFIG.singleBlocks} blocks: ${JSON.stringify(counted)}`)

  const blocks = CONFIG.doubleBlocks + CONFIG.singleBlocks
  // One answer, through one buffer that is mapped.
  expect(counted.readbacks).toBe(1)
  expect(counted.buffers).toBeLessThanOrEqual(1)
  // Text and reference stay where they are: of what is as large as they, only the tokens are sent, and once.
  expect(Math.min(4 * x.length, ...Object.values(kept).map(({ byteLength }) => byteLength))).toBeGreaterThan(
    LARGE,
  )
  expect(counted.large).toEqual([4 * x.length])
  // The rest is what kernels are told of a dispatch: some words each.
  expect(counted.bytesUp - 4 * x.length).toBeLessThan(blocks * 10_000)
  vi.restoreAllMocks()
  run.dispose()
  for (const modulation of modulations) modulation.dispose()
  dit.dispose()
  await backend.dispose()
})

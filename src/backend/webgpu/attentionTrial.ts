/** Attention tried on a device: how long it takes by a plan, and whether it computes what another does. */
import type { AttentionShape } from '@/backend/kernels/sharedAttention/strategies'
import type { SharedAttentionArgs } from '@/backend/kernels/sharedAttention/types'
import { sharedAttentionWebgpu } from '@/backend/kernels/sharedAttention/webgpu'
import type { Tensor } from '@/backend/tensor'
import { TRIAL_QUERIES, type Trial } from '@/backend/webgpu/autotune'
import { bufferOf, type Gpu } from '@/backend/webgpu/gpu'
import { f32ToF16 } from '@/base/half'

/** Enough work for clocks: 4 GFLOP for heads of 128 channels. */
const HEADS = 8
/** Runs after the one that compiles; the shortest counts. */
const RUNS = 3
/** Outputs that are compared, from the last queries on, and how far they may differ: halves are rounded in other places. */
const COMPARED = 4096
const TOLERANCE = 2e-3

/** Trials of some thousand tokens; each leaves nothing on the device. @param tokens of queries and keys */
export function attentionTrial(gpu: Gpu, tokens = TRIAL_QUERIES): Trial {
  const { device } = gpu
  /** By the first plan of the shape that is being tried. */
  let expected: Float32Array | null = null

  return async (shape, plan, first) => {
    const buffers: GPUBuffer[] = []
    const tensor = (dims: readonly number[], wave: number, half = false): Tensor => {
      const count = dims.reduce((product, dim) => product * dim, 1)
      const values = Float32Array.from({ length: count }, (_, at) => Math.sin(wave * (at % 8191) + 0.3))
      const data = half ? f32ToF16(values) : values
      const usage = GPUBufferUsage.STORAGE | GPUBufferUsage.COPY_DST | GPUBufferUsage.COPY_SRC
      const buffer = device.createBuffer({ size: data.byteLength, usage, label: 'trial' })
      device.queue.writeBuffer(buffer, 0, data)
      buffers.push(buffer)
      return { dtype: half ? 'float16' : 'float32', dims, label: 'trial', buffer }
    }
    device.pushErrorScope('validation')
    const args = trialArgs(shape, tokens, tensor)
    try {
      let least = Infinity
      for (let run = 0; run <= RUNS; run++) {
        const since = performance.now()
        sharedAttentionWebgpu(gpu, args, plan)
        await device.queue.onSubmittedWorkDone()
        if (run > 0) least = Math.min(least, performance.now() - since)
      }
      const found = await lastValues(device, bufferOf(args.queries[0].out))
      if (await device.popErrorScope()) return null
      if (first) expected = found
      return expected?.every((value, at) => Math.abs(value - found[at]) <= TOLERANCE) ? least : null
    } finally {
      for (const buffer of buffers) buffer.destroy()
    }
  }
}

function trialArgs(
  { headDim, half }: AttentionShape,
  tokens: number,
  tensor: (dims: readonly number[], wave: number, half?: boolean) => Tensor,
): SharedAttentionArgs {
  const dims = [1, tokens, HEADS, headDim]
  const out = tensor([1, tokens, HEADS * headDim], 0)
  return {
    batch: 1,
    heads: HEADS,
    headDim,
    scale: 1 / Math.sqrt(headDim),
    q: tensor(dims, 0.7),
    sources: [{ k: tensor(dims, 1.3, half), v: tensor(dims, 2.1, half) }],
    queries: [
      { start: 0, length: tokens, outStart: 0, keys: [{ source: 0, start: 0, length: tokens }], out },
    ],
  }
}

async function lastValues(device: GPUDevice, buffer: GPUBuffer): Promise<Float32Array> {
  const bytes = Math.min(4 * COMPARED, buffer.size)
  const usage = GPUBufferUsage.MAP_READ | GPUBufferUsage.COPY_DST
  const staging = device.createBuffer({ size: bytes, usage })
  const encoder = device.createCommandEncoder()
  encoder.copyBufferToBuffer(buffer, buffer.size - bytes, staging, 0, bytes)
  device.queue.submit([encoder.finish()])
  await staging.mapAsync(GPUMapMode.READ)
  const values = new Float32Array(staging.getMappedRange().slice(0))
  staging.destroy()
  return values
}

/** Attention tried on a device: how long it takes by a plan, and whether it computes what another does. */
import type { AttentionShape } from '@/backend/kernels/sharedAttention/strategies'
import type { SharedAttentionArgs } from '@/backend/kernels/sharedAttention/types'
import { sharedAttentionWebgpu } from '@/backend/kernels/sharedAttention/webgpu'
import type { Tensor } from '@/backend/tensor'
import { TRIAL_QUERIES, type Trial } from '@/backend/webgpu/autotune'
import { errorsOn } from '@/backend/webgpu/errorScopes'
import { bufferOf, type Gpu } from '@/backend/webgpu/gpu'
import { f32ToF16 } from '@/base/half'

/** Enough work for clocks: 4 GFLOP for heads of 128 channels. */
const HEADS = 8
/** Runs that are timed, the shortest counts, after one that compiles and one that says how often a run repeats. */
const RUNS = 3
/** A run takes about so long: the way to the device and back is no part of what is compared. */
const RUN_MS = 20
const MOST_REPEATS = 32
/** Outputs that are compared, from the last queries on, and how far they may differ: halves are rounded in other places. */
const COMPARED = 4096
const TOLERANCE = 2e-3

/** Trials of some thousand tokens; each leaves nothing on the device but what it compiled. @param tokens of queries and keys */
export function attentionTrial(gpu: Gpu, tokens = TRIAL_QUERIES): Trial {
  const { device } = gpu
  /** By the first plan of the shape that is being tried and runs at all. */
  let expected: Float32Array | null = null

  return async (shape, plan, first) => {
    if (first) expected = null
    const buffers: GPUBuffer[] = []
    const tensor = (dims: readonly number[], wave: number, half = false): Tensor => {
      const count = dims.reduce((product, dim) => product * dim, 1)
      // Chirps, as in the self-test: scores differ, so that a plan which gets them wrong is seen.
      const values = Float32Array.from(
        { length: count },
        (_, at) => 1.5 * Math.sin(wave * at + 0.1 * at * at),
      )
      const data = half ? f32ToF16(values) : values
      const usage = GPUBufferUsage.STORAGE | GPUBufferUsage.COPY_DST | GPUBufferUsage.COPY_SRC
      const buffer = device.createBuffer({ size: data.byteLength, usage, label: 'trial' })
      device.queue.writeBuffer(buffer, 0, data)
      buffers.push(buffer)
      return { dtype: half ? 'float16' : 'float32', dims, label: 'trial', buffer }
    }
    try {
      const args = trialArgs(shape, tokens, tensor)
      const errors = errorsOn(device)
      let least = Infinity
      let repeats = 1
      for (let run = 0; run < RUNS + 2; run++) {
        const since = performance.now()
        for (let at = 0; at < repeats; at++) sharedAttentionWebgpu(gpu, args, plan)
        await device.queue.onSubmittedWorkDone()
        const ms = (performance.now() - since) / repeats
        if (run === 1) repeats = Math.max(1, Math.min(MOST_REPEATS, Math.ceil(RUN_MS / ms)))
        if (run > 1) least = Math.min(least, ms)
      }
      const found = await lastValues(device, bufferOf(args.queries[0].out))
      if (await errors()) return null
      expected ??= found
      return expected.every((value, at) => Math.abs(value - found[at]) <= TOLERANCE) ? least : null
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

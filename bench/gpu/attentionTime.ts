/** How long attention takes on a device; what is in the tensors does not matter. */
import type { AttentionCase } from '@/backend/kernels/sharedAttention/cases'
import { cutAttention } from '@/backend/kernels/sharedAttention/cut'
import type { AttentionPlan } from '@/backend/kernels/sharedAttention/strategies'
import type { SharedAttentionArgs } from '@/backend/kernels/sharedAttention/types'
import { sharedAttentionWebgpu } from '@/backend/kernels/sharedAttention/webgpu'
import type { Tensor } from '@/backend/tensor'
import type { Gpu } from '@/backend/webgpu/gpu'
import { f32ToF16 } from '@/base/half'

import { milliseconds } from './stopwatch'

/** Arithmetic of one dispatch, at most: a fifth of a second on half a TFLOP/s, since drivers reset after two. */
const DISPATCH_FLOPS = 1e11
/** Random values that tensors repeat. */
const BLOCK = 2 ** 16

/** Keys that each query sees. */
export const visibleKeys = ({ queries }: AttentionCase): number =>
  queries[0].keys.reduce((sum, { length }) => sum + length, 0)

/** Arithmetic of a case: the products of queries with keys and of weights with values. */
export const attentionFlops = (shape: AttentionCase): number =>
  4 * shape.batch * shape.queryTokens * visibleKeys(shape) * shape.heads * shape.headDim

/**
 * Median milliseconds, without LSE, as ORT's operator; null where the device has no room for it.
 * @param half keys and values are packed halves
 */
export async function timeAttention(
  gpu: Gpu,
  shape: AttentionCase,
  plan: AttentionPlan,
  half = false,
): Promise<number | null> {
  const { batch, heads, headDim, queryTokens } = shape
  const { device } = gpu
  const { maxBufferSize, maxStorageBufferBindingSize } = device.limits
  const tokens = Math.max(queryTokens, ...shape.sources.map((source) => source.tokens))
  if (4 * batch * tokens * heads * headDim > Math.min(maxBufferSize, maxStorageBufferBindingSize)) return null
  const buffers: GPUBuffer[] = []
  const made = (dims: readonly number[], halves: boolean): Tensor => {
    const tensor = randomTensor(device, dims, halves)
    buffers.push(tensor.buffer)
    return tensor
  }
  const tensor = (...dims: number[]): Tensor => made(dims, false)
  const kept = (of: number): Tensor => made([batch, of, heads, headDim], half)
  const out = tensor(batch, queryTokens, heads * headDim)
  const args: SharedAttentionArgs = {
    batch,
    heads,
    headDim,
    scale: 1 / Math.sqrt(headDim),
    q: tensor(batch, queryTokens, heads, headDim),
    sources: shape.sources.map((source) => ({
      k: kept(source.tokens),
      v: kept(source.tokens),
    })),
    queries: shape.queries.map(({ start, length, outStart, keys }) => ({
      start,
      length,
      outStart,
      keys,
      out,
    })),
  }
  const parts = cutAttention(args, DISPATCH_FLOPS)
  try {
    return await milliseconds(device, () => {
      for (const part of parts) sharedAttentionWebgpu(gpu, part.args, plan)
    })
  } finally {
    for (const buffer of buffers) buffer.destroy()
  }
}

function randomTensor(
  device: GPUDevice,
  dims: readonly number[],
  half: boolean,
): Tensor & { buffer: GPUBuffer } {
  const count = dims.reduce((product, dim) => product * dim, 1)
  const values = Float32Array.from({ length: Math.min(BLOCK, count) }, () => 2 * Math.random() - 1)
  const block = half ? f32ToF16(values) : values
  const each = block.BYTES_PER_ELEMENT
  const usage = GPUBufferUsage.STORAGE | GPUBufferUsage.COPY_DST
  const buffer = device.createBuffer({ size: Math.ceil((each * count) / 16) * 16, usage })
  for (let at = 0; at < count; at += block.length)
    device.queue.writeBuffer(buffer, each * at, block, 0, Math.min(block.length, count - at))
  return { dtype: half ? 'float16' : 'float32', dims, label: 'bench', buffer }
}

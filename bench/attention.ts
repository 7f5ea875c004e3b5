/**
 * Times our attention on one device. Every row is one shape by one strategy: median milliseconds of a dispatch from
 * submit to done, and GFLOP/s counted as 4 * queries * visible keys * heads * headDim.
 */
import { buildAttention, fullCase, type AttentionCase } from '@/backend/kernels/sharedAttention/cases'
import {
  attentionPlans,
  type AttentionPlan,
  type AttentionStrategy,
} from '@/backend/kernels/sharedAttention/strategies'
import type { SharedAttentionArgs } from '@/backend/kernels/sharedAttention/types'
import { sharedAttentionWebgpu } from '@/backend/kernels/sharedAttention/webgpu'
import type { HostArray, Tensor } from '@/backend/types'
import { Gpu } from '@/backend/webgpu/gpu'

export interface AttentionBenchRow {
  shape: string
  strategy: AttentionStrategy
  queries: number
  /** Keys that each query sees. */
  keys: number
  heads: number
  headDim: number
  ms: number
  gflops: number
}

/** Names are what a bench of another implementation uses to pair its rows with ours. */
export const ATTENTION_SHAPES: readonly AttentionCase[] = [
  ...[512, 1024, 2048].map((tokens) =>
    fullCase(`${tokens} tokens, 8 heads, d 64`, { heads: 8, headDim: 64, queries: tokens, keys: tokens }),
  ),
  fullCase('1024 tokens, 4 heads, d 128', { heads: 4, headDim: 128, queries: 1024, keys: 1024 }),
  fullCase('few queries: 64 queries, 208 keys, 6 heads, d 32', {
    heads: 6,
    headDim: 32,
    queries: 64,
    keys: 208,
  }),
  halfVisible('1024 tokens, half of the key ranges invisible', 1024),
]

/** Eight ranges of keys, every other one left out. */
function halfVisible(name: string, tokens: number): AttentionCase {
  const full = fullCase(name, { heads: 8, headDim: 64, queries: tokens, keys: tokens })
  const length = tokens / 8
  const keys = [0, 2, 4, 6].map((index) => ({ source: 0, start: index * length, length }))
  return { ...full, queries: [{ ...full.queries[0], keys }] }
}

/** By each of the strategies that the device can run, cut as it would cut it. */
export async function benchAttention(
  device: GPUDevice,
  wanted: readonly AttentionStrategy[],
  log: (row: AttentionBenchRow) => void,
): Promise<void> {
  const gpu = new Gpu(device)
  for (const shape of ATTENTION_SHAPES)
    for (const strategy of wanted) {
      const { heads, headDim, queryTokens, name, queries } = shape
      const plans = attentionPlans(gpu.capabilities, { headDim, half: false }, queryTokens)
      const plan = plans.find((one) => one.strategy === strategy)
      if (!plan) continue
      const keys = queries[0].keys.reduce((sum, range) => sum + range.length, 0)
      const ms = await timeOurs(gpu, shape, plan)
      const gflops = (4 * queryTokens * keys * heads * headDim) / ms / 1e6
      log({ shape: name, strategy, queries: queryTokens, keys, heads, headDim, ms, gflops })
    }
  gpu.dispose()
}

/** Median milliseconds of one call, after a call that compiles. */
async function timeOurs(gpu: Gpu, shape: AttentionCase, plan: AttentionPlan): Promise<number> {
  const { batch, heads, headDim, queryTokens } = shape
  const { device } = gpu
  const buffers: GPUBuffer[] = []
  const upload = (values: HostArray, dims: readonly number[]): Tensor => {
    const usage = GPUBufferUsage.STORAGE | GPUBufferUsage.COPY_DST
    const buffer = device.createBuffer({ size: values.byteLength, usage })
    device.queue.writeBuffer(buffer, 0, values.buffer as ArrayBuffer, values.byteOffset, values.byteLength)
    buffers.push(buffer)
    return { dtype: 'float32', dims, label: 'bench', buffer }
  }
  const data = buildAttention(shape)
  const width = heads * headDim
  const out = upload(new Float32Array(batch * queryTokens * width), [batch, queryTokens, width])
  const args: SharedAttentionArgs = {
    batch,
    heads,
    headDim,
    scale: data.scale,
    q: upload(data.q, [batch, queryTokens, heads, headDim]),
    sources: data.sources.map(({ tokens, k, v }) => ({
      k: upload(k, [batch, tokens, heads, headDim]),
      v: upload(v, [batch, tokens, heads, headDim]),
    })),
    // Without LSE, as ORT's operator.
    queries: shape.queries.map(({ start, length, outStart, keys }) => ({
      start,
      length,
      outStart,
      keys,
      out,
    })),
  }
  const once = async (): Promise<number> => {
    const begin = performance.now()
    sharedAttentionWebgpu(gpu, args, plan)
    await device.queue.onSubmittedWorkDone()
    return performance.now() - begin
  }
  await once()
  const first = await once()
  const times = [first]
  // About two seconds per shape, three runs at least.
  const runs = Math.max(3, Math.min(30, Math.round(2000 / first)))
  while (times.length < runs) times.push(await once())
  for (const buffer of buffers) buffer.destroy()
  return times.sort((a, b) => a - b)[Math.floor(times.length / 2)]
}

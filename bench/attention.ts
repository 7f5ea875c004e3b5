/**
 * Times our attention on one device. Every row is one shape by one strategy: median milliseconds of a dispatch from
 * submit to done, and GFLOP/s counted as 4 * queries * visible keys * heads * headDim.
 */
import { fullCase, type AttentionCase } from '@/backend/kernels/sharedAttention/cases'
import { attentionPlans, type AttentionStrategy } from '@/backend/kernels/sharedAttention/strategies'
import { Gpu } from '@/backend/webgpu/gpu'

import { attentionFlops, timeAttention, visibleKeys } from './gpu/attentionTime'

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
      const { heads, headDim, queryTokens, name } = shape
      const plans = attentionPlans(gpu.capabilities, { headDim, half: false }, queryTokens)
      const plan = plans.find((one) => one.strategy === strategy)
      if (!plan) continue
      const ms = await timeAttention(gpu, shape, plan)
      if (ms === null) continue
      const gflops = attentionFlops(shape) / ms / 1e6
      log({
        ...{ shape: name, strategy, queries: queryTokens, keys: visibleKeys(shape), heads, headDim },
        ...{ ms, gflops },
      })
    }
  gpu.dispose()
}

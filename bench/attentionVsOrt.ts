/** Our attention against ORT's MultiHeadAttention: same device, same shapes, same run. */
import { ATTENTION_SHAPES, benchAttention, type AttentionBenchRow } from './attention'
import { ortTimes } from './gpu/ortTimes'
import type { BenchOptions } from './options'

import { ATTENTION_STRATEGIES } from '@/backend/kernels/sharedAttention/strategies'
import { fail } from '@/base/errors'
import { WebgpuBackend } from '@/backend/webgpu/backend'
import { findAdapter } from '@/backend/webgpu/device'

/** A device with subgroups where the studio asks for none: ORT miscomputes with them on an emulated adapter. */
async function subgroupDevice(adapter: GPUAdapter, studios: GPUDevice): Promise<GPUDevice | null> {
  if (!adapter.features.has('subgroups') || studios.features.has('subgroups')) return null
  // An adapter gives one device; a second needs it asked for anew.
  const again = await navigator.gpu.requestAdapter({ powerPreference: 'high-performance' })
  return (await again?.requestDevice({ requiredFeatures: ['subgroups'] })) ?? null
}

export async function benchAttentionVsOrt({ runtimeUrl, log }: BenchOptions): Promise<void> {
  const report = await findAdapter()
  if (!report.adapter)
    fail('no-webgpu', `No GPU to bench: ${report.name}.`, 'Run on a machine with a GPU adapter.')
  const backend = await WebgpuBackend.create(runtimeUrl, report)
  log(`adapter: ${report.name}`)
  /** By the best strategy. */
  const best = new Map<string, number>()
  const ort = new Map<string, number>()
  const theirs = ortTimes(backend)
  for (const { name, heads, headDim, queryTokens: queries, queries: segments, sources } of ATTENTION_SHAPES)
    // ORT sees all keys or has a mask, whose hidden keys cost as much.
    if (segments[0].keys.length === 1)
      ort.set(name, await theirs.attention({ heads, headDim, queries, keys: sources[0].tokens }))
  const print = ({ shape, strategy, ms, gflops }: AttentionBenchRow): void => {
    best.set(shape, Math.min(ms, best.get(shape) ?? Infinity))
    const theirs = ort.get(shape)
    const ratio =
      theirs === undefined ? '' : `  ORT ${theirs.toFixed(1)} ms, ORT / ours = ${(theirs / ms).toFixed(2)}`
    log(
      `${shape.padEnd(50)} ${strategy.padEnd(14)} ${ms.toFixed(1).padStart(8)} ms ${gflops.toFixed(2).padStart(9)} GFLOP/s${ratio}`,
    )
  }
  const { device } = backend.gpu
  await benchAttention(device, ATTENTION_STRATEGIES, print)
  const second = await subgroupDevice(report.adapter, device)
  if (second) {
    await benchAttention(second, ['tile-subgroup'], print)
    second.destroy()
  }
  const [half, full] = ['1024 tokens, half of the key ranges invisible', '1024 tokens, 8 heads, d 64'].map(
    (name) => best.get(name) ?? NaN,
  )
  log(`half of the key ranges invisible / all visible = ${(half / full).toFixed(2)}`)
  await backend.dispose()
}

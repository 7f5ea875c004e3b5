/** Our attention against ORT's MultiHeadAttention: same device, same shapes, same run. */
import { ATTENTION_SHAPES, benchAttention, type AttentionBenchRow } from './attention'
import type { BenchOptions } from './options'

import { mhaGraph } from '@/backend/kernels/sharedAttention/cpu'
import { ATTENTION_KERNELS, type AttentionStrategy } from '@/backend/kernels/sharedAttention/strategies'
import { fail } from '@/base/errors'
import { philoxNormals } from '@/samplers/philox'
import { WebgpuBackend } from '@/backend/webgpu/backend'
import { findAdapter } from '@/backend/webgpu/device'

const REPEATS = 3
const STRATEGIES = Object.keys(ATTENTION_KERNELS) as AttentionStrategy[]

/** Median milliseconds of ORT's operator over keys that are all visible, from call to done. */
async function timeOrt(
  backend: WebgpuBackend,
  heads: number,
  headDim: number,
  queries: number,
  keys: number,
) {
  const width = heads * headDim
  const tensor = (stream: number, tokens: number) =>
    backend.upload(philoxNormals(1, stream, tokens * width), [1, tokens, width], 'bench')
  const inputs = { q: tensor(0, queries), k: tensor(1, keys), v: tensor(2, keys) }
  const segment = await backend.compile(mhaGraph(heads, width, 1 / Math.sqrt(headDim), false))
  const times: number[] = []
  for (let i = 0; i <= REPEATS; i++) {
    const since = performance.now()
    const { out } = await backend.run(segment, inputs, { out: [1, queries, width] })
    await backend.gpu.device.queue.onSubmittedWorkDone()
    if (i > 0) times.push(performance.now() - since) // the first run compiles
    backend.free(out)
  }
  backend.free(...Object.values(inputs))
  return times.sort((a, b) => a - b)[REPEATS >> 1]
}

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
  for (const { name, heads, headDim, queryTokens, queries } of ATTENTION_SHAPES) {
    const keys = queries[0].keys.reduce((sum, range) => sum + range.length, 0)
    // ORT sees all keys or has a mask, whose hidden keys cost as much.
    if (queries[0].keys.length === 1) ort.set(name, await timeOrt(backend, heads, headDim, queryTokens, keys))
  }
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
  await benchAttention(device, STRATEGIES, print)
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

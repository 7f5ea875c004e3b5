/** Our attention against ORT's MultiHeadAttention: same device, same shapes, same run. */
import { ATTENTION_SHAPES, benchAttention } from './attention'
import type { BenchOptions } from './options'

import { mhaGraph } from '@/backend/kernels/sharedAttention/cpu'
import { fail } from '@/base/errors'
import { philoxNormals } from '@/samplers/philox'
import { WebgpuBackend } from '@/backend/webgpu/backend'
import { findAdapter } from '@/backend/webgpu/device'

const REPEATS = 3

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

export async function benchAttentionVsOrt({ runtimeUrl, log }: BenchOptions): Promise<void> {
  const report = await findAdapter()
  if (!report.adapter)
    fail('no-webgpu', `No GPU to bench: ${report.name}.`, 'Run on a machine with a GPU adapter.')
  const backend = await WebgpuBackend.create(runtimeUrl, report)
  log(`adapter: ${report.name}`)
  const ours = new Map<string, number>()
  await benchAttention(backend.gpu.device, (row) => {
    ours.set(row.shape, row.ms)
    log(`${row.shape.padEnd(52)} ours ${row.ms.toFixed(1)} ms  ${row.gflops.toFixed(2)} GFLOP/s`)
  })
  for (const { name, heads, headDim, queryTokens, queries } of ATTENTION_SHAPES) {
    const keys = queries[0].keys.reduce((sum, range) => sum + range.length, 0)
    const ms = ours.get(name)
    if (ms === undefined || queries[0].keys.length > 1) continue
    const ort = await timeOrt(backend, heads, headDim, queryTokens, keys)
    log(`${name.padEnd(52)} ORT ${ort.toFixed(1)} ms  ORT / ours = ${(ort / ms).toFixed(2)}`)
  }
  const [half, full] = ['1024 tokens, half of the key ranges invisible', '1024 tokens, 8 heads, d 64'].map(
    (name) => ours.get(name) ?? NaN,
  )
  log(`half of the key ranges invisible / all visible = ${(half / full).toFixed(2)}`)
  await backend.dispose()
}

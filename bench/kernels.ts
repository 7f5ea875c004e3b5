/**
 * The kernels beside attention, on the GPU adapter there is: a response map against the attention that it
 * explains, K/V fusion against copying as many bytes, widening halves against the same. Ratios within one run.
 */
import type { BenchOptions } from './run'

import { fullCase } from '@/backend/kernels/sharedAttention/cases'
import { seededNormals } from '@/backend/kernels/seeded'
import type { Backend, HostArray, Tensor } from '@/backend/types'
import { createBackend } from '@/backend/create'
import { f32ToF16 } from '@/base/half'

const REPEATS = 7

/** Median milliseconds of `run`, from call to done, after a run that compiles. */
async function time(backend: Backend, run: () => void | Promise<void>): Promise<number> {
  const times: number[] = []
  for (let i = 0; i <= REPEATS; i++) {
    const since = performance.now()
    await run()
    await backend.settle()
    if (i > 0) times.push(performance.now() - since)
  }
  return times.sort((a, b) => a - b)[REPEATS >> 1]
}

/** Compose at a small size: one target, text and two references; every group, or a few columns of words. */
async function benchResponse(backend: Backend, log: BenchOptions['log']): Promise<void> {
  const shapes = [
    fullCase('512 queries, 832 keys, 8 heads, d 128', { heads: 8, headDim: 128, queries: 512, keys: 832 }),
    fullCase('256 queries, 77 keys, 20 heads, d 64', { heads: 20, headDim: 64, queries: 256, keys: 77 }),
  ]
  for (const { name, heads, headDim, queryTokens, sources } of shapes) {
    const keys = sources[0].tokens
    const tensor = (tokens: number, seed: number): Tensor =>
      backend.upload(seededNormals(seed, tokens * heads * headDim), [1, tokens, heads, headDim], 'bench')
    const [q, k, v] = [tensor(queryTokens, 1), tensor(keys, 2), tensor(keys, 3)]
    const out = backend.allocate('float32', [1, queryTokens, heads * headDim], 'out')
    const lse = backend.allocate('float32', [1, heads, queryTokens], 'lse')
    const operands = { batch: 1, heads, headDim, scale: 1 / Math.sqrt(headDim), q }
    const rows = { start: 0, length: queryTokens, outStart: 0 }
    const all = [{ source: 0, start: 0, length: keys }]
    const attend = (wanted: boolean): Promise<void> =>
      backend.sharedAttention({
        ...operands,
        sources: [{ k, v }],
        queries: [{ ...rows, keys: all, out, ...(wanted ? { lse } : {}) }],
      })
    const plain = await time(backend, () => attend(false))
    const withLse = await time(backend, () => attend(true))
    log(`${name}: attention ${plain.toFixed(1)} ms, with log-sum-exp × ${(withLse / plain).toFixed(2)}`)
    const third = Math.floor(keys / 3)
    const groupings = {
      'all keys in one group': [all],
      'all keys in three groups': [0, third, 2 * third].map((start, part) => [
        { source: 0, start, length: part === 2 ? keys - start : third },
      ]),
      'three columns': [2, 5, 9].map((start) => [{ source: 0, start, length: 1 }]),
    }
    for (const [what, groups] of Object.entries(groupings)) {
      const map = backend.allocate('float32', [1, groups.length, queryTokens], 'map')
      const queries = [{ ...rows, lse, lseStart: 0 }]
      const ms = await time(backend, () =>
        backend.responseMap({ ...operands, sources: [{ k }], queries, groups, out: map }),
      )
      log(`  ${what.padEnd(26)} ${ms.toFixed(1)} ms  map / attention = ${(ms / plain).toFixed(2)}`)
      backend.free(map)
    }
    backend.free(q, k, v, out, lse)
  }
}

/** Stable Diffusion's largest self-attention, both guidance branches, half of the tokens replaced. */
async function benchFusion(backend: Backend, log: BenchOptions['log']): Promise<void> {
  const [batch, side, width] = [2, 64, 320]
  const dims = [batch, side * side, width]
  const count = batch * side * side * width
  const upload = (values: HostArray): Tensor => backend.upload(values, dims, 'bench')
  const values = seededNormals(1, count)
  const target = { k: upload(values), v: upload(values) }
  const full = { k: upload(values), v: upload(values) }
  const half = { k: upload(f32ToF16(values)), v: upload(f32ToF16(values)) }
  const copy = await time(backend, () => {
    for (const part of ['k', 'v'] as const)
      backend.copyRows(full[part], 0, target[part], 0, batch * side * side)
  })
  log(`K/V of ${batch} × ${side * side} tokens, ${width} wide: copy ${copy.toFixed(1)} ms`)
  for (const [name, fill] of [
    ['half ones', (at: number) => Number(at % 16 < 8)],
    ['all ones', () => 1],
    ['soft', () => 0.5],
  ] as const) {
    const mask = backend.upload(
      Float32Array.from({ length: 256 }, (_, at) => fill(at)),
      [1, 16, 16],
      'mask',
    )
    for (const [kind, reference] of Object.entries({ f32: full, f16: half })) {
      const grid = { rows: side, columns: side }
      const ms = await time(backend, () => backend.kvFusion({ batch, width, grid, target, reference, mask }))
      log(
        `  fused, ${name}, reference ${kind}: ${ms.toFixed(1)} ms  fusion / copy = ${(ms / copy).toFixed(2)}`,
      )
    }
    backend.free(mask)
  }
  const widen = await time(backend, () => backend.expandF16(half.k, target.k))
  log(
    `  widening ${count} halves: ${widen.toFixed(1)} ms  widening / copy of K = ${((2 * widen) / copy).toFixed(2)}`,
  )
  backend.free(...[target, full, half].flatMap(({ k, v }) => [k, v]))
}

export async function benchKernels({ runtimeUrl, log }: BenchOptions): Promise<void> {
  for (const choice of ['webgpu', 'cpu'] as const) {
    const { backend } = await createBackend(choice, runtimeUrl)
    log(`${choice}: ${backend.device}`)
    await benchResponse(backend, log)
    await benchFusion(backend, log)
    await backend.dispose()
  }
}

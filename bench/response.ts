/**
 * The response map against the attention that it explains, and against ORT's own operators, which materialise all
 * probabilities. Shapes: the cross-attentions that Align watches, both guidance branches, and a few rows of Compose's.
 */
import type { BenchOptions } from './options'
import { time } from './time'

import { seededNormals } from '@/backend/kernels/seeded'
import type { Backend, Tensor } from '@/backend/types'
import { GraphBuilder, type Graph } from '@/onnx/graph'

interface Shape {
  name: string
  batch: number
  heads: number
  headDim: number
  queries: number
  keys: number
}

const SHAPES: readonly Shape[] = [
  { name: 'SD 2.1, 16 × 16', batch: 2, heads: 20, headDim: 64, queries: 256, keys: 77 },
  { name: 'built-in, 16 × 16', batch: 2, heads: 2, headDim: 32, queries: 256, keys: 16 },
  { name: 'Compose, a strip', batch: 1, heads: 8, headDim: 128, queries: 64, keys: 832 },
]

/** softmax(scale q kᵀ) of all keys, the mean over heads, then the wanted columns. */
function materialisedGraph({ batch, heads, headDim, queries, keys }: Shape, columns: number[]): Graph {
  const g = new GraphBuilder(`bench-response:${batch}x${queries}x${keys}:${heads}x${headDim}`)
  const q = g.input('q', 'float32', [batch, queries, heads, headDim])
  const k = g.input('k', 'float32', [batch, keys, heads, headDim])
  const rows = g.node('Transpose', [q], { perm: [0, 2, 1, 3] }) // [batch, heads, queries, headDim]
  const across = g.node('Transpose', [k], { perm: [0, 2, 3, 1] }) // [batch, heads, headDim, keys]
  const scores = g.node('Mul', [g.node('MatMul', [rows, across]), g.floats([1 / Math.sqrt(headDim)], [1])])
  const shares = g.node('Softmax', [scores], { axis: -1 }) // [batch, heads, queries, keys]
  const mean = g.node('ReduceMean', [shares, g.ints([1])], { keepdims: 0 }) // [batch, queries, keys]
  g.output(g.node('Gather', [mean, g.ints(columns)], { axis: 2 }), 'map', [batch, queries, columns.length])
  return g.build()
}

export async function benchResponse(backend: Backend, log: BenchOptions['log']): Promise<void> {
  for (const shape of SHAPES) await benchShape(backend, shape, log)
}

async function benchShape(backend: Backend, shape: Shape, log: BenchOptions['log']): Promise<void> {
  const { name, batch, heads, headDim, queries, keys } = shape
  const tensor = (tokens: number, seed: number): Tensor =>
    backend.upload(
      seededNormals(seed, batch * tokens * heads * headDim),
      [batch, tokens, heads, headDim],
      'bench',
    )
  const [q, k, v] = [tensor(queries, 1), tensor(keys, 2), tensor(keys, 3)]
  const out = backend.allocate('float32', [batch, queries, heads * headDim], 'out')
  const lse = backend.allocate('float32', [batch, heads, queries], 'lse')
  const operands = { batch, heads, headDim, scale: 1 / Math.sqrt(headDim), q }
  const rows = { start: 0, length: queries, outStart: 0 }
  const all = [{ source: 0, start: 0, length: keys }]
  const attend = (wanted: boolean): Promise<void> =>
    backend.sharedAttention({
      ...operands,
      sources: [{ k, v }],
      queries: [{ ...rows, keys: all, out, ...(wanted ? { lse } : {}) }],
    })
  const plain = await time(backend, () => attend(false))
  const withLse = await time(backend, () => attend(true))
  const columns = [2, 5, 9]
  const segment = await backend.compile(materialisedGraph(shape, columns))
  const ort = await time(backend, async () => {
    const { map } = await backend.run(segment, { q, k }, { map: [batch, queries, columns.length] })
    backend.free(map)
  })
  const megabytes = (4 * batch * heads * queries * keys) / 1e6
  log(
    `${name}: ${batch} × ${queries} queries, ${keys} keys, ${heads} heads, d ${headDim}: ` +
      `attention ${plain.toFixed(2)} ms, with log-sum-exp × ${(withLse / plain).toFixed(2)}; ` +
      `ORT's map of three columns ${ort.toFixed(2)} ms and ${megabytes.toFixed(2)} MB of probabilities`,
  )
  const third = Math.floor(keys / 3)
  const groupings = {
    'all keys in one group': [all],
    'all keys in three groups': [0, third, 2 * third].map((start, part) => [
      { source: 0, start, length: part === 2 ? keys - start : third },
    ]),
    'three columns': columns.map((start) => [{ source: 0, start, length: 1 }]),
  }
  for (const [what, groups] of Object.entries(groupings)) {
    const map = backend.allocate('float32', [batch, groups.length, queries], 'map')
    const watched = [{ ...rows, lse, lseStart: 0 }]
    const ms = await time(backend, () =>
      backend.responseMap({ ...operands, sources: [{ k }], queries: watched, groups, out: map }),
    )
    const ratio = `map / attention = ${(ms / plain).toFixed(2)}`
    log(
      `  ${what.padEnd(26)} ${ms.toFixed(2)} ms  ${ratio}${what === 'three columns' ? `  ORT / ours = ${(ort / ms).toFixed(2)}` : ''}`,
    )
    backend.free(map)
  }
  backend.free(q, k, v, out, lse)
}

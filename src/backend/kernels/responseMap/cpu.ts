/**
 * Response maps on the cpu backend: per group a small ORT graph over chunks of queries, so that neither
 * the scores of all queries exist at once nor a run blocks the worker for long.
 */
import { gatherRows, HIDDEN, hostTensor, sliceRows, valuesOf } from '@/backend/kernels/host'
import { checkResponseMap } from '@/backend/kernels/responseMap/check'
import type { ResponseMapArgs, ResponseQueries } from '@/backend/kernels/responseMap/types'
import { EMPTY_LSE, type KeyRange } from '@/backend/kernels/sharedAttention/types'
import type { Backend } from '@/backend/types'
import { GraphBuilder, type Graph } from '@/onnx/graph'

/** An exponential and its sums, in terms of multiply-adds, as a rough measure of a run's length. */
const FLOPS_PER_SCORE = 64

/** sum over heads and keys of exp(scale * q·k + bias - lse): [batch, queries]. */
function responseGraph(heads: number, headDim: number, scale: number): Graph {
  const width = heads * headDim
  const g = new GraphBuilder(`response ${heads} ${headDim} ${scale}`)
  const split = (name: string, tokens: string, perm: number[]) => {
    const x = g.input(name, 'float32', ['batch', tokens, width])
    const wide = g.node('Reshape', [x, g.ints([0, 0, heads, headDim])])
    return g.node('Transpose', [wide], { perm })
  }
  const q = split('q', 'queries', [0, 2, 1, 3]) // [batch, heads, queries, headDim]
  const k = split('k', 'keys', [0, 2, 3, 1]) // [batch, heads, headDim, keys]
  const bias = g.input('bias', 'float32', ['batch', 1, 1, 'keys'])
  const lse = g.input('lse', 'float32', ['batch', heads, 'queries', 1])
  const scores = g.node('Mul', [g.node('MatMul', [q, k]), g.floats([scale], [1])])
  const exponents = g.node('Add', [g.node('Sub', [scores, lse]), bias]) // [batch, heads, queries, keys]
  const sum = g.node('ReduceSum', [g.node('Exp', [exponents]), g.ints([1, 3])], { keepdims: 0 })
  g.output(sum, 'sum', ['batch', 'queries'])
  return g.build()
}

/** @param maxFlops arithmetic that one run may do. */
export async function responseMapCpu(
  backend: Backend,
  args: ResponseMapArgs,
  maxFlops: number,
): Promise<void> {
  checkResponseMap(args)
  for (const queries of args.queries)
    for (const [group, ranges] of args.groups.entries()) {
      const keys = ranges.filter(({ length }) => length > 0)
      if (keys.length > 0) await respond(backend, args, queries, group, keys, maxFlops)
      else for (let item = 0; item < args.batch; item++) store(args, queries, item, group, 0, queries.length)
    }
}

async function respond(
  backend: Backend,
  args: ResponseMapArgs,
  queries: ResponseQueries,
  group: number,
  ranges: readonly KeyRange[],
  maxFlops: number,
): Promise<void> {
  const { batch, heads, headDim, scale, sources, keyMask } = args
  const width = heads * headDim
  const keys = ranges.reduce((sum, { length }) => sum + length, 0)
  const gathered = gatherRows(
    sources.map((source) => source.k),
    ranges,
    batch,
    width,
  )
  const k = hostTensor(gathered, [batch, keys, width])
  const hidden = keyMask
    ? gatherRows(keyMask, ranges, batch, 1).map((seen) => (seen === 0 ? HIDDEN : 0))
    : null
  const bias = hostTensor(hidden ?? new Float32Array(batch * keys), [batch, 1, 1, keys])
  const segment = await backend.compile(responseGraph(heads, headDim, scale))
  const perRow = batch * keys * heads * (2 * headDim + FLOPS_PER_SCORE)
  const chunk = Math.max(1, Math.min(queries.length, Math.floor(maxFlops / perRow)))
  for (let first = 0; first < queries.length; first += chunk) {
    const rows = Math.min(chunk, queries.length - first)
    const q = hostTensor(sliceRows(args.q, batch, queries.start + first, rows, width), [batch, rows, width])
    const lse = hostTensor(lseRows(queries, batch * heads, first, rows), [batch, heads, rows, 1])
    const { sum } = await backend.run(segment, { q, k, bias, lse }, { sum: [batch, rows] })
    const sums = valuesOf(sum)
    for (let item = 0; item < batch; item++)
      store(args, queries, item, group, first, rows, sums.subarray(item * rows, (item + 1) * rows))
    backend.free(sum)
  }
}

/** [lines, rows]; that of a row which sees no key becomes so large that every exponential is 0. */
function lseRows(
  { lse, lseStart }: ResponseQueries,
  lines: number,
  first: number,
  rows: number,
): Float32Array {
  const data = valuesOf(lse)
  const out = new Float32Array(lines * rows)
  for (let line = 0; line < lines; line++)
    for (let row = 0; row < rows; row++) {
      const value = data[line * lse.dims[2] + lseStart + first + row]
      out[line * rows + row] = value < EMPTY_LSE / 2 ? -HIDDEN : value
    }
  return out
}

/** Writes or adds the sums over heads of `rows` queries, zeros without `sums`. */
function store(
  { groups, heads, out, weight = 1, accumulate }: ResponseMapArgs,
  { outStart }: ResponseQueries,
  item: number,
  group: number,
  first: number,
  rows: number,
  sums?: Float32Array,
): void {
  const data = valuesOf(out)
  const to = (item * groups.length + group) * out.dims[2] + outStart + first
  for (let row = 0; row < rows; row++) {
    const value = sums ? (weight * sums[row]) / heads : 0
    data[to + row] = accumulate ? data[to + row] + value : value
  }
}

/**
 * Attention on the cpu backend: one ORT MultiHeadAttention per query segment over the keys it sees,
 * in chunks of queries so that no run blocks the worker for long; log-sum-exp by a small graph of its own.
 */
import { gatherRows, HIDDEN, hostTensor, sliceRows, valuesOf } from '@/backend/kernels/host'
import {
  EMPTY_LSE,
  type QuerySegment,
  type SharedAttentionArgs,
} from '@/backend/kernels/sharedAttention/types'
import type { Tensor } from '@/backend/tensor'
import type { Backend } from '@/backend/types'
import { GraphBuilder, type Graph } from '@/onnx/graph'

export function mhaGraph(heads: number, width: number, scale: number, masked: boolean): Graph {
  const g = new GraphBuilder(`mha ${heads} ${width} ${scale} ${masked}`)
  const q = g.input('q', 'float32', ['batch', 'queries', width])
  const k = g.input('k', 'float32', ['batch', 'keys', width])
  const v = g.input('v', 'float32', ['batch', 'keys', width])
  const bias = masked ? g.input('bias', 'float32', ['batch', 1, 'queries', 'keys']) : null
  const inputs = bias ? [q, k, v, null, null, bias] : [q, k, v]
  const out = g.node('MultiHeadAttention', inputs, { num_heads: heads, scale: { float: scale } })
  g.output(out, 'out', ['batch', 'queries', width])
  return g.build()
}

function lseGraph(heads: number, headDim: number, scale: number): Graph {
  const width = heads * headDim
  const g = new GraphBuilder(`lse ${heads} ${headDim} ${scale}`)
  const split = (name: string, tokens: string, perm: number[]) => {
    const x = g.input(name, 'float32', ['batch', tokens, width])
    const wide = g.node('Reshape', [x, g.ints([0, 0, heads, headDim])])
    return g.node('Transpose', [wide], { perm })
  }
  const q = split('q', 'queries', [0, 2, 1, 3]) // [batch, heads, queries, headDim]
  const k = split('k', 'keys', [0, 2, 3, 1]) // [batch, heads, headDim, keys]
  const bias = g.input('bias', 'float32', ['batch', 1, 'queries', 'keys'])
  const scores = g.node('Mul', [g.node('MatMul', [q, k]), g.floats([scale], [1])])
  const lse = g.node('ReduceLogSumExp', [g.node('Add', [scores, bias]), g.ints([-1])], { keepdims: 0 })
  g.output(lse, 'lse', ['batch', heads, 'queries'])
  return g.build()
}

/** @param maxFlops arithmetic that one run may do. */
export async function sharedAttentionCpu(
  backend: Backend,
  args: SharedAttentionArgs,
  maxFlops: number,
  signal?: AbortSignal,
): Promise<void> {
  for (const query of args.queries) {
    const keys = query.keys.reduce((sum, range) => sum + range.length, 0)
    if (keys === 0) writeEmpty(args, query)
    else await attend(backend, args, query, keys, maxFlops, signal)
  }
}

async function attend(
  backend: Backend,
  args: SharedAttentionArgs,
  query: QuerySegment,
  keys: number,
  maxFlops: number,
  signal: AbortSignal | undefined,
): Promise<void> {
  const { batch, heads, headDim, scale } = args
  const width = heads * headDim
  const gather = (sources: readonly Tensor[], size: number): Float32Array =>
    gatherRows(sources, query.keys, batch, size)
  const k = gather(
    args.sources.map((source) => source.k),
    width,
  )
  const v = gather(
    args.sources.map((source) => source.v),
    width,
  )
  const mask = args.keyMask ? gather(args.keyMask, 1) : null
  const attention = await backend.compile(mhaGraph(heads, width, scale, mask !== null))
  const statistics = query.lse ? await backend.compile(lseGraph(heads, headDim, scale)) : null

  const chunk = Math.max(1, Math.min(query.length, Math.floor(maxFlops / (4 * keys * width * batch))))
  for (let start = 0; start < query.length; start += chunk) {
    const rows = Math.min(chunk, query.length - start)
    const q = hostTensor(sliceRows(args.q, batch, query.start + start, rows, width), [batch, rows, width])
    const bias = hostTensor(biasOf(mask, batch, rows, keys), [batch, 1, rows, keys])
    const kv = { k: hostTensor(k, [batch, keys, width]), v: hostTensor(v, [batch, keys, width]) }
    const inputs = mask ? { q, ...kv, bias } : { q, ...kv }
    const { out } = await backend.run(attention, inputs, { out: [batch, rows, width] }, signal)
    scatterRows(valuesOf(out), query.out, batch, query.outStart + start, rows, width)
    backend.free(out)
    if (query.lse && statistics) {
      const { lse } = await backend.run(statistics, { q, k: kv.k, bias }, { lse: [batch, heads, rows] })
      scatterLse(valuesOf(lse), query.lse, batch * heads, query.outStart + start, rows)
      backend.free(lse)
    }
  }
  if (mask) zeroMaskedItems(args, query, mask, keys)
}

/** Additive bias [batch, 1, rows, keys]; all zero without a mask. */
function biasOf(mask: Float32Array | null, batch: number, rows: number, keys: number): Float32Array {
  const bias = new Float32Array(batch * rows * keys)
  if (!mask) return bias
  for (let item = 0; item < batch; item++)
    for (let row = 0; row < rows; row++)
      for (let key = 0; key < keys; key++)
        if (mask[item * keys + key] === 0) bias[(item * rows + row) * keys + key] = HIDDEN
  return bias
}

function scatterRows(
  part: Float32Array,
  out: Tensor,
  batch: number,
  start: number,
  rows: number,
  width: number,
): void {
  const data = valuesOf(out)
  for (let item = 0; item < batch; item++)
    data.set(
      part.subarray(item * rows * width, (item + 1) * rows * width),
      (item * out.dims[1] + start) * width,
    )
}

function scatterLse(part: Float32Array, lse: Tensor, lines: number, start: number, rows: number): void {
  const data = valuesOf(lse)
  const tokens = lse.dims[lse.dims.length - 1]
  for (let line = 0; line < lines; line++)
    data.set(part.subarray(line * rows, (line + 1) * rows), line * tokens + start)
}

/** A batch item whose keys are all hidden yields 0 and the empty LSE. */
function zeroMaskedItems(
  args: SharedAttentionArgs,
  query: QuerySegment,
  mask: Float32Array,
  keys: number,
): void {
  for (let item = 0; item < args.batch; item++)
    if (mask.subarray(item * keys, (item + 1) * keys).every((visible) => visible === 0))
      writeEmpty(args, query, item)
}

function writeEmpty(args: SharedAttentionArgs, query: QuerySegment, only?: number): void {
  const width = args.heads * args.headDim
  const out = valuesOf(query.out)
  for (let item = 0; item < args.batch; item++) {
    if (only !== undefined && item !== only) continue
    const from = (item * query.out.dims[1] + query.outStart) * width
    out.fill(0, from, from + query.length * width)
    if (!query.lse) continue
    const tokens = query.lse.dims[query.lse.dims.length - 1]
    for (let head = 0; head < args.heads; head++) {
      const line = (item * args.heads + head) * tokens + query.outStart
      valuesOf(query.lse).fill(EMPTY_LSE, line, line + query.length)
    }
  }
}

/** RoPE with affine ids in TypeScript, for the cpu backend: f64 tables, f32 tensors. Contract: `types.ts`. */
import { checkRope, effectiveAffine, NORM_EPSILON, pairsOf } from '@/backend/kernels/ropeAffine/affine'
import type { IdAffine, RopeAffineArgs, RopeSegment } from '@/backend/kernels/ropeAffine/types'
import type { Tensor } from '@/backend/tensor'
import { fail } from '@/base/errors'

/** Cosines and sines, interleaved, of one segment: [length, headDim/2, 2]. */
interface Turns {
  key: string
  /** The ids they were made from, to notice an overwritten tensor. */
  ids: Float32Array
  values: Float64Array
}

/** The latest tables; a sampler asks for the same few in every block of every step. */
const cache: Turns[] = []
const CACHED = 12

/** Runs at once; tensors hold `data`. */
export function ropeAffineCpu(args: RopeAffineArgs): void {
  checkRope(args)
  const qkv = valuesOf(args.qkv)
  const scales = [valuesOf(args.queryScale), valuesOf(args.keyScale)]
  const targets = [valuesOf(args.arena.q), valuesOf(args.arena.k)]
  const targetV = valuesOf(args.arena.v)
  const { heads, headDim } = args
  const width = heads * headDim
  const [batch, tokens] = args.qkv.dims
  const arenaTokens = args.arena.q.dims[1]
  for (const segment of args.segments) {
    const turns = args.table ? turnsOfTable(args.table, segment, headDim) : turnsOf(args, segment)
    for (let item = 0; item < batch; item++)
      for (let index = 0; index < segment.length; index++) {
        const from = (item * tokens + segment.start + index) * 3 * width
        const to = (item * arenaTokens + segment.arenaStart + index) * width
        for (let part = 0; part < 2; part++)
          for (let head = 0; head < heads; head++)
            normAndTurn(
              qkv,
              from + part * width + head * headDim,
              targets[part],
              to + head * headDim,
              scales[part],
              turns,
              index * headDim,
              headDim,
            )
        targetV.set(qkv.subarray(from + 2 * width, from + 3 * width), to)
      }
  }
}

/** One head of one token: RMS norm, scale, rotation of adjacent pairs. */
function normAndTurn(
  source: Float32Array,
  from: number,
  target: Float32Array,
  to: number,
  scale: Float32Array,
  turns: Float64Array,
  turn: number,
  headDim: number,
): void {
  let squares = 0
  for (let c = 0; c < headDim; c++) squares += source[from + c] * source[from + c]
  const factor = 1 / Math.sqrt(squares / headDim + NORM_EPSILON)
  for (let c = 0; c < headDim; c += 2) {
    const x = source[from + c] * factor * scale[c]
    const y = source[from + c + 1] * factor * scale[c + 1]
    const cos = turns[turn + c]
    const sin = turns[turn + c + 1]
    target[to + c] = x * cos - y * sin
    target[to + c + 1] = x * sin + y * cos
  }
}

function turnsOf(args: RopeAffineArgs, segment: RopeSegment): Float64Array {
  const { axesDim, theta } = args
  const axes = axesDim.length
  const ids = valuesOf(args.ids).subarray(segment.start * axes, (segment.start + segment.length) * axes)
  const key = JSON.stringify([axesDim, theta, segment.affine])
  const found = cache.findIndex((entry) => entry.key === key && sameValues(entry.ids, ids))
  if (found >= 0) {
    const [entry] = cache.splice(found, 1)
    cache.push(entry)
    return entry.values
  }
  const values = makeTurns(ids, segment.affine, axesDim, theta)
  cache.push({ key, ids: ids.slice(), values })
  if (cache.length > CACHED) cache.shift()
  return values
}

/** Positions after the affine, then cosines and sines, all in f64. */
function makeTurns(
  ids: Float32Array,
  idAffine: IdAffine | null,
  axesDim: readonly number[],
  theta: number,
): Float64Array {
  const axes = axesDim.length
  const pairs = pairsOf(axesDim, theta)
  const affine = idAffine ? effectiveAffine(idAffine) : null
  const count = ids.length / axes
  const values = new Float64Array(count * pairs.length * 2)
  let at = 0
  for (let token = 0; token < count; token++) {
    const position = Array.from(ids.subarray(token * axes, (token + 1) * axes))
    if (affine) {
      const row = position[affine.rowAxis]
      const column = position[affine.columnAxis]
      const x = affine.a * column + affine.b * row + affine.tx
      const y = affine.c * column + affine.d * row + affine.ty
      position[affine.rowAxis] = affine.fading
        ? fadedValue(y, affine.rows) * fadedWeight(x, affine.columns)
        : y
      position[affine.columnAxis] = affine.fading
        ? fadedValue(x, affine.columns) * fadedWeight(y, affine.rows)
        : x
    }
    for (const { axis, frequency } of pairs) {
      const angle = position[axis] * frequency
      values[at++] = Math.cos(angle)
      values[at++] = Math.sin(angle)
    }
  }
  return values
}

/** Linear interpolation of 0 … n-1 at p, zeros outside. */
function fadedValue(p: number, n: number): number {
  const below = Math.floor(p)
  const upper = p - below
  const inside = (k: number): number => (k >= 0 && k < n ? k : 0)
  return (1 - upper) * inside(below) + upper * inside(below + 1)
}

/** The share of that interpolation's weight that lies inside. */
function fadedWeight(p: number, n: number): number {
  const below = Math.floor(p)
  const upper = p - below
  const inside = (k: number): number => (k >= 0 && k < n ? 1 : 0)
  return (1 - upper) * inside(below) + upper * inside(below + 1)
}

function turnsOfTable(
  table: { cos: Tensor; sin: Tensor },
  segment: RopeSegment,
  headDim: number,
): Float64Array {
  const cos = valuesOf(table.cos)
  const sin = valuesOf(table.sin)
  const first = (segment.start * headDim) / 2
  const values = new Float64Array(segment.length * headDim)
  for (let i = 0; i < values.length / 2; i++) {
    values[2 * i] = cos[first + i]
    values[2 * i + 1] = sin[first + i]
  }
  return values
}

function sameValues(a: Float32Array, b: Float32Array): boolean {
  if (a.length !== b.length) return false
  for (let i = 0; i < a.length; i++) if (a[i] !== b[i]) return false
  return true
}

function valuesOf(tensor: Tensor): Float32Array {
  if (tensor.data instanceof Float32Array) return tensor.data
  return fail(
    'internal',
    `"${tensor.label}" is not a float32 tensor in memory.`,
    'This is a mistake in Inlay; please report it.',
  )
}

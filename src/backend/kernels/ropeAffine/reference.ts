/**
 * The definition of rope_affine in f64 on plain arrays; serves tests only.
 * Sources: FLUX specification §3 (angles, adjacent pairs), QK norm with eps 1e-6; DreamFuse
 * specification §4 (positional affine as the released code computes it).
 */
import type { IdAffine, RopeSegment } from '@/backend/kernels/ropeAffine/types'

export interface RopeInputs {
  batch: number
  tokens: number
  heads: number
  headDim: number
  axesDim: readonly number[]
  theta: number
  /** [batch, tokens, 3 * heads * headDim] */
  qkv: ArrayLike<number>
  /** [headDim] each */
  queryScale: ArrayLike<number>
  keyScale: ArrayLike<number>
  /** [tokens, axes] */
  ids: ArrayLike<number>
}

/** q, k, v of one segment: [batch, length, heads, headDim] each. */
export interface RopeRows {
  q: Float64Array
  k: Float64Array
  v: Float64Array
}

/** Maps the id of one token; all but its row and column stay. */
export function mapIdReference(id: readonly number[], affine: IdAffine | null): number[] {
  if (!affine) return [...id]
  const { rowAxis, columnAxis, a, b, c, d, tx, ty, rows, columns } = affine
  const [row, column] = [id[rowAxis], id[columnAxis]]
  const moved = (newRow: number, newColumn: number): number[] =>
    id.map((value, axis) => (axis === rowAxis ? newRow : axis === columnAxis ? newColumn : value))
  if (affine.mode === 'exact') return moved(c * column + d * row + ty, a * column + b * row + tx)
  const px = (a * (column + 0.5) * (columns - 1)) / columns + tx
  const py = (d * (row + 0.5) * (rows - 1)) / rows + ty
  // The warp of the id picture: every grid point k weighs max(0, 1 - |p - k|).
  const sample = (p: number, n: number, value: (k: number) => number): number => {
    let sum = 0
    for (let k = 0; k < n; k++) sum += Math.max(0, 1 - Math.abs(p - k)) * value(k)
    return sum
  }
  const index = (k: number): number => k
  const one = (): number => 1
  return moved(
    sample(py, rows, index) * sample(px, columns, one),
    sample(px, columns, index) * sample(py, rows, one),
  )
}

/** Maps whole rows of ids [tokens, axes]; returns [tokens, axes]. */
export function affineIds(ids: ArrayLike<number>, affine: IdAffine | null, axes: number): Float64Array {
  const out = new Float64Array(ids.length)
  for (let at = 0; at < ids.length; at += axes)
    out.set(
      mapIdReference(
        Array.from({ length: axes }, (_, axis) => ids[at + axis]),
        affine,
      ),
      at,
    )
  return out
}

/** Angles of the headDim/2 pairs at a position. */
export function anglesReference(
  position: readonly number[],
  axesDim: readonly number[],
  theta: number,
): number[] {
  const angles: number[] = []
  axesDim.forEach((dim, axis) => {
    for (let k = 0; k < dim / 2; k++) angles.push(position[axis] * Math.pow(theta, (-2 * k) / dim))
  })
  return angles
}

export function ropeAffineReference(inputs: RopeInputs, segment: RopeSegment): RopeRows {
  const { batch, tokens, heads, headDim, axesDim, theta, qkv, ids } = inputs
  const { start, length, affine } = segment
  const axes = axesDim.length
  const width = heads * headDim
  const rows: RopeRows = {
    q: new Float64Array(batch * length * width),
    k: new Float64Array(batch * length * width),
    v: new Float64Array(batch * length * width),
  }
  for (let item = 0; item < batch; item++)
    for (let index = 0; index < length; index++) {
      const token = start + index
      const id = Array.from({ length: axes }, (_, axis) => ids[token * axes + axis])
      const angles = anglesReference(mapIdReference(id, affine), axesDim, theta)
      const from = (item * tokens + token) * 3 * width
      const to = (item * length + index) * width
      for (let head = 0; head < heads; head++)
        for (const [part, scale, target] of [
          [0, inputs.queryScale, rows.q],
          [1, inputs.keyScale, rows.k],
        ] as const) {
          const at = from + part * width + head * headDim
          let squares = 0
          for (let c = 0; c < headDim; c++) squares += qkv[at + c] ** 2
          const normed = (c: number): number => (qkv[at + c] / Math.sqrt(squares / headDim + 1e-6)) * scale[c]
          angles.forEach((angle, pair) => {
            const [x, y] = [normed(2 * pair), normed(2 * pair + 1)]
            target[to + head * headDim + 2 * pair] = x * Math.cos(angle) - y * Math.sin(angle)
            target[to + head * headDim + 2 * pair + 1] = x * Math.sin(angle) + y * Math.cos(angle)
          })
        }
      for (let c = 0; c < width; c++) rows.v[to + c] = qkv[from + 2 * width + c]
    }
  return rows
}

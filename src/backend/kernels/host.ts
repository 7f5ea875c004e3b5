/** Reading tensors of the cpu backend: what its attention and response maps share. */
import type { KeyRange } from '@/backend/kernels/sharedAttention/types'
import type { Tensor } from '@/backend/tensor'
import { fail } from '@/base/errors'
import { f16ToF32 } from '@/base/half'

/** Added to a score it hides a key without the NaN that infinities would bring. */
export const HIDDEN = -1e30

/** f32 values of a tensor, shared with it; half floats are widened into a copy. */
export function valuesOf(tensor: Tensor): Float32Array {
  const { data } = tensor
  if (data instanceof Float32Array) return data
  if (data instanceof Uint16Array) return f16ToF32(data)
  return fail(
    'internal',
    `"${tensor.label}" holds no floats on the CPU.`,
    'This is a mistake in Inlay; please report it.',
  )
}

/** Rows of the listed ranges of [batch, tokens, …] tensors, concatenated per batch item: [batch, keys, width]. */
export function gatherRows(
  sources: readonly Tensor[],
  ranges: readonly KeyRange[],
  batch: number,
  width: number,
): Float32Array {
  const first = ranges[0]
  if (batch === 1 && ranges.length === 1) {
    const from = first.start * width
    return valuesOf(sources[first.source]).subarray(from, from + first.length * width)
  }
  const keys = ranges.reduce((sum, range) => sum + range.length, 0)
  const out = new Float32Array(batch * keys * width)
  const all = sources.map(valuesOf)
  for (let item = 0, at = 0; item < batch; item++)
    for (const { source, start, length } of ranges) {
      const from = (item * sources[source].dims[1] + start) * width
      out.set(all[source].subarray(from, from + length * width), at)
      at += length * width
    }
  return out
}

/** Rows `start` to `start + rows` of every batch item of a [batch, tokens, …] tensor: [batch, rows, width]. */
export function sliceRows(
  source: Tensor,
  batch: number,
  start: number,
  rows: number,
  width: number,
): Float32Array {
  return gatherRows([source], [{ source: 0, start, length: rows }], batch, width)
}

/** Wraps host memory for one run; the backend never owns it. */
export const hostTensor = (data: Float32Array, dims: readonly number[], label = 'host'): Tensor => ({
  dtype: 'float32',
  dims,
  label,
  data,
})

import { elements, type Tensor } from '@/backend/tensor'
import { fail } from '@/base/errors'

/** Rows to expand; rows run along the first axis. */
export interface RowSpan {
  /** First row read, default 0. */
  from?: number
  /** First row written, default 0. */
  to?: number
  /** Default: as many as the source has from there on. */
  rows?: number
}

/**
 * The values to expand from packed f16 [rows, …] to f32 with rows of the same length, counted in values.
 * @throws internal when they leave a tensor.
 */
export function spanOf(
  source: Tensor,
  target: Tensor,
  { from = 0, to = 0, rows = source.dims[0] - from }: RowSpan,
): { from: number; to: number; count: number } {
  const width = elements(source.dims.slice(1))
  const bad = (what: string): never =>
    fail('internal', `expand_f16: ${what}.`, 'This is a mistake in Inlay; please report it.')
  if (source.dtype !== 'float16' || target.dtype !== 'float32')
    bad(`from ${source.dtype} to ${target.dtype}, only float16 to float32 is possible`)
  if (from < 0 || rows < 0 || from + rows > source.dims[0]) bad(`rows ${from}+${rows} leave ${source.label}`)
  if (to < 0 || (to + rows) * width > elements(target.dims)) bad(`rows ${to}+${rows} leave ${target.label}`)
  return { from: from * width, to: to * width, count: rows * width }
}

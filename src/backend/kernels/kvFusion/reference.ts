/** The definition of K/V fusion in f64 on plain arrays (specs: D-Fusion §5); serves tests only. */

export interface FusionInputs {
  batch: number
  width: number
  grid: { rows: number; columns: number }
  /** [items, maskRows, maskColumns] */
  mask: ArrayLike<number>
  maskDims: readonly [items: number, rows: number, columns: number]
}

/** What becomes of one of the target's two tensors, [batch, rows*columns, width]. */
export function kvFusionReference(
  { batch, width, grid, mask, maskDims }: FusionInputs,
  target: ArrayLike<number>,
  reference: ArrayLike<number>,
): Float64Array {
  const [items, maskRows, maskColumns] = maskDims
  const tokens = grid.rows * grid.columns
  const out = new Float64Array(batch * tokens * width)
  for (let item = 0; item < batch; item++)
    for (let row = 0; row < grid.rows; row++)
      for (let column = 0; column < grid.columns; column++) {
        const maskRow = Math.floor((row * maskRows) / grid.rows)
        const maskColumn = Math.floor((column * maskColumns) / grid.columns)
        const m = mask[((item % items) * maskRows + maskRow) * maskColumns + maskColumn]
        const from = (item * tokens + row * grid.columns + column) * width
        for (let at = from; at < from + width; at++)
          out[at] = m === 0 ? target[at] : m * reference[at] + (1 - m) * target[at]
      }
  return out
}

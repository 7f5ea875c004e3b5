/** Learnt positions for another grid than theirs, as PyTorch interpolates them (specs: encoders §5). */

/** Keys' cubic kernel with the a that PyTorch uses. */
const A = -0.75

/**
 * A square table of positions on another grid: bicubic, cells' middles on cells' middles, not smoothed where it shrinks, what lies
 * outside takes the border's. The same grid comes back as it is.
 * @param table [grid * grid, width]
 * @returns [rows * columns, width]
 */
export function bicubicGrid(
  table: Float32Array,
  { grid, width }: { grid: number; width: number },
  [rows, columns]: readonly [rows: number, columns: number],
): Float32Array {
  if (rows === grid && columns === grid) return table.slice()
  const [down, across] = [taps(grid, rows), taps(grid, columns)]
  const out = new Float32Array(rows * columns * width)
  for (let row = 0; row < rows; row++)
    for (let column = 0; column < columns; column++)
      for (const { at: y, weight: wy } of down[row])
        for (const { at: x, weight: wx } of across[column])
          for (let c = 0; c < width; c++)
            out[(row * columns + column) * width + c] += wy * wx * table[(y * grid + x) * width + c]
  return out
}

interface TapOf {
  at: number
  weight: number
}

/** The four cells that each new one is made of. */
function taps(from: number, to: number): TapOf[][] {
  return Array.from({ length: to }, (_, index) => {
    const middle = ((index + 0.5) * from) / to - 0.5
    const first = Math.floor(middle) - 1
    return [0, 1, 2, 3].map((k) => ({
      at: Math.min(from - 1, Math.max(0, first + k)),
      weight: cubic(Math.abs(middle - (first + k))),
    }))
  })
}

function cubic(x: number): number {
  if (x <= 1) return ((A + 2) * x - (A + 3)) * x * x + 1
  return x < 2 ? (((x - 5) * x + 8) * x - 4) * A : 0
}

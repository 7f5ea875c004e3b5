/** Box blurs of maps with edges that go on, by running sums: their cost does not depend on the radius. */

/**
 * About a Gaussian: three boxes one after the other.
 * @param map [rows, columns], changed in place
 * @param sigma in cells; under 0.3 nothing is done
 */
export function blur(map: Float32Array, columns: number, rows: number, sigma: number): void {
  if (sigma < 0.3) return
  const radius = Math.max(1, Math.round(Math.sqrt(4 * sigma * sigma + 1) / 2 - 0.5))
  const line = new Float32Array(Math.max(columns, rows))
  for (let pass = 0; pass < 3; pass++) {
    for (let row = 0; row < rows; row++) blurLine(map, row * columns, 1, columns, radius, line)
    for (let column = 0; column < columns; column++) blurLine(map, column, columns, rows, radius, line)
  }
}

function blurLine(
  map: Float32Array,
  start: number,
  stride: number,
  length: number,
  radius: number,
  line: Float32Array,
): void {
  for (let i = 0; i < length; i++) line[i] = map[start + i * stride]
  const last = length - 1
  let sum = 0
  for (let i = -radius; i <= radius; i++) sum += line[Math.min(last, Math.max(0, i))]
  const share = 1 / (2 * radius + 1)
  for (let i = 0; i < length; i++) {
    map[start + i * stride] = sum * share
    sum += line[Math.min(last, i + radius + 1)] - line[Math.max(0, i - radius)]
  }
}

/**
 * Blurs every cell over a box of its own half-width.
 * @param map [rows, columns] @param radius in cells, [rows, columns]
 * @returns a new map
 */
export function blurBy(map: Float32Array, radius: Float32Array, columns: number, rows: number): Float32Array {
  // Sums over all that lies above and to the left; in f64, since millions of cells are added up.
  const sums = new Float64Array((columns + 1) * (rows + 1))
  for (let y = 0; y < rows; y++) {
    let line = 0
    for (let x = 0; x < columns; x++) {
      line += map[y * columns + x]
      sums[(y + 1) * (columns + 1) + x + 1] = sums[y * (columns + 1) + x + 1] + line
    }
  }
  const out = new Float32Array(map.length)
  for (let y = 0; y < rows; y++)
    for (let x = 0; x < columns; x++) {
      const r = Math.round(radius[y * columns + x])
      if (r <= 0) {
        out[y * columns + x] = map[y * columns + x]
        continue
      }
      const [x0, x1] = [Math.max(0, x - r), Math.min(columns, x + r + 1)]
      const [y0, y1] = [Math.max(0, y - r), Math.min(rows, y + r + 1)]
      const at = (row: number, column: number): number => sums[row * (columns + 1) + column]
      out[y * columns + x] = (at(y1, x1) - at(y0, x1) - at(y1, x0) + at(y0, x0)) / ((x1 - x0) * (y1 - y0))
    }
  return out
}

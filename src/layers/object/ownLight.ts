/** The light that a cut-out was taken in, told by its brightness over its normals. */

/** Light that falls on a unit normal. */
export type Shading = (x: number, y: number, z: number) => number

/** Rounds in which cells that fit badly (paint, not light) lose their weight. */
const ROUNDS = 6
/** Deviation from the fit, over the mean luminance, from which a cell counts less (Huber). */
const ODD = 0.25
/** Light from nowhere is assumed of this share of the cells: few normals or much paint tell no direction. */
const PRIOR = 0.05
/** Light that varies more than this over the ambient part is paint. */
const MOST_DIRECTED = 0.8
const LEAST_CELLS = 20

/**
 * An ambient part and a linear one, by robust least squares of luminance on normals.
 * @param luminance @param coverage of cells @param normals [cells, 3]
 * @returns null where there are too few cells
 */
export function leastSquares(
  luminance: Float32Array,
  normals: Float32Array,
  coverage: Float32Array,
): Shading | null {
  const cells = [...coverage.keys()].filter((cell) => coverage[cell] > 0.5)
  const mean = cells.reduce((sum, cell) => sum + luminance[cell], 0) / Math.max(1, cells.length)
  if (cells.length < LEAST_CELLS || mean < 1e-4) return null
  const rows = cells.map((cell) => ({
    terms: [1, normals[3 * cell], normals[3 * cell + 1], normals[3 * cell + 2]],
    value: luminance[cell] / mean,
  }))
  let light = [1, 0, 0, 0]
  for (let round = 0; round < ROUNDS; round++) {
    const before = light
    const weights = rows.map(({ terms, value }) => {
      const off = Math.abs(value - dot(terms, before))
      return off <= ODD ? 1 : ODD / off
    })
    light = solve(rows, weights)
  }
  const [ambient, ...directed] = light
  const limit = Math.min(1, (MOST_DIRECTED * ambient) / Math.max(1e-9, Math.hypot(...directed)))
  if (!(ambient > 0) || !(limit > 0)) return null
  const [lx, ly, lz] = directed.map((value) => (value * limit) / ambient)
  return (x, y, z) => 1 + lx * x + ly * y + lz * z
}

const dot = (a: readonly number[], b: readonly number[]): number => a.reduce((sum, x, i) => sum + x * b[i], 0)

/** Weighted normal equations of four unknowns, the last three drawn to 0; Gauss and Jordan. */
function solve(rows: readonly { terms: number[]; value: number }[], weights: readonly number[]): number[] {
  const prior = PRIOR * rows.length
  const m = [0, 1, 2, 3].map((i) => [0, 1, 2, 3, 4].map((j) => (i === j ? (i === 0 ? 1e-9 : prior) : 0)))
  for (const [index, { terms, value }] of rows.entries())
    for (let i = 0; i < 4; i++) {
      for (let j = 0; j < 4; j++) m[i][j] += weights[index] * terms[i] * terms[j]
      m[i][4] += weights[index] * terms[i] * value
    }
  // Positive definite: no pivot vanishes.
  for (let i = 0; i < 4; i++) {
    const pivot = m[i][i]
    for (let j = 0; j < 5; j++) m[i][j] /= pivot
    for (let k = 0; k < 4; k++) {
      if (k === i) continue
      const factor = m[k][i]
      for (let j = 0; j < 5; j++) m[k][j] -= factor * m[i][j]
    }
  }
  return m.map((row) => row[4])
}
